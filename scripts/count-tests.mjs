// Adds up the results that the test runs left and prints `N passed, N failed`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './toolchain/shared.mjs';

const folder = join(root, '.cache', 'test-results');
const files = existsSync(folder) ? readdirSync(folder) : [];
const counts = { passed: 0, failed: 0, skipped: 0 };

for (const file of files) {
  const result = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  counts.passed += result.numPassedTests;
  counts.failed += result.numFailedTests;
  counts.skipped += result.numPendingTests + (result.numTodoTests ?? 0);
  // A file that does not even load has no failed test to count.
  if (!result.success && result.numFailedTests === 0) counts.failed++;
}

const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
