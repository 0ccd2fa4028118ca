const assert = require('node:assert/strict');
const { use } = require('../use.cjs');
const packages = require('./packages.js');

// A bundler renames a class that mentions itself, and stacks would show the new name.
for (const exported of Object.values(packages)) {
  for (const [name, value] of Object.entries(exported)) {
    if (/^class\b/.test(String(value))) assert.equal(value.name, name);
  }
}

void use(packages);
