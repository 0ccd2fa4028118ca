const { use } = require('../use.cjs');
const packages = require('./packages.js');

void use(packages);
