const packages = require('../commonjs/packages.js');
const { use } = require('../use.cjs');

test('works in jest', () => use(packages));
