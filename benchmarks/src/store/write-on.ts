// Writes until it is killed: node write-on.ts <contender> <folder> <number of the writer>
import { keyOf, payload } from './payload.ts';
import { stallContenders } from './stall-contenders.ts';

const [, , name = '', folder = '', writer = ''] = process.argv;
const contender = await stallContenders[name]?.(folder);
if (contender === undefined) throw new Error(`no ${name}`);
for (let index = 0; ; index++) {
  // A peer may refuse a write while others write; that is not what is measured.
  try {
    await contender.set(`${writer}:${keyOf(index % 1_000)}`, payload(index, 1_000));
  } catch {}
  if (index === 0) console.log('writing');
}
