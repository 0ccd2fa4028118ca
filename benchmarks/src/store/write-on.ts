// Writes to a folder until it is killed: node write-on.ts <folder> <number of the writer>
import { fileStore } from './ours.ts';
import { keyOf, payload } from './payload.ts';

const [, , folder = '', writer = ''] = process.argv;
const cache = await fileStore(folder);
for (let index = 0; ; index++) {
  await cache.set(`${writer}:${keyOf(index % 1_000)}`, payload(index, 1_000));
  if (index === 0) console.log('writing');
}
