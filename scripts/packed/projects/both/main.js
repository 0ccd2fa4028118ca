// Loads every package in both ways into one process: they offer the same names, and know each other's errors.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as esm from '../esm/packages.js';

const commonjs = createRequire(import.meta.url)('../commonjs/packages.js');
const namesOf = (module) =>
  Object.keys(module)
    .filter((name) => name !== 'default' && name !== 'module.exports')
    .toSorted();

for (const [name, module] of Object.entries(esm)) {
  assert.notEqual(namesOf(module).length, 0, `${name} exports nothing`);
  assert.deepEqual(namesOf(commonjs[name]), namesOf(module), name);
}
const error = new commonjs.interfaces.ClosedError('cache');
assert(!(error instanceof esm.interfaces.ClosedError));
assert(esm.interfaces.ToolkitError.isToolkitError(error));
