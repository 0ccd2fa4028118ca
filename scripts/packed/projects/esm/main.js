import { use } from '../use.cjs';
import * as packages from './packages.js';

void use(packages);
