import * as packages from '../esm/packages.js';
import { use } from '../use.cjs';

test('works in jest', () => use(packages));
