import { fileURLToPath } from 'node:url';
import { describeDecoratedClass } from '../decorated-class.ts';
import type * as classesModule from './classes.ts';
import { compilers } from './compilers.ts';

const output = fileURLToPath(new URL('../../.cache/compiled', import.meta.url));

for (const [name, compile] of Object.entries(compilers)) {
  for (const legacy of [false, true]) {
    const kind = legacy ? 'legacy' : 'standard';
    const folder = `${output}/node-${process.versions.node}/${name.replaceAll(' ', '-')}-${kind}`;
    const file = await compile(folder, legacy);
    const { define } = (await import(file)) as typeof classesModule;
    describeDecoratedClass(`${kind} decorators by ${name}`, define);
  }
}
