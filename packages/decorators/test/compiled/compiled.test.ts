import { fileURLToPath } from 'node:url';
import { describeDecoratedAccessors } from '../decorated-accessors.ts';
import { describeDecoratedClass } from '../decorated-class.ts';
import type * as accessorsModule from './accessors.ts';
import type * as classesModule from './classes.ts';
import { compilers } from './compilers.ts';

const output = fileURLToPath(new URL('../../.cache/compiled', import.meta.url));

for (const [name, compile] of Object.entries(compilers)) {
  for (const legacy of [false, true]) {
    const kind = legacy ? 'legacy' : 'standard';
    const folder = `${output}/node-${process.versions.node}/${name.replaceAll(' ', '-')}-${kind}`;
    const compiled = await compile(folder, legacy);
    const title = `${kind} decorators by ${name}`;
    const classes = (await import(`${compiled}/classes.js`)) as typeof classesModule;
    describeDecoratedClass(title, classes.define);
    if (name === 'swc' && legacy) continue;
    const accessors = (await import(`${compiled}/accessors.js`)) as typeof accessorsModule;
    describeDecoratedAccessors(title, accessors.define);
  }
}
