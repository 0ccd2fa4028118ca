import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const fixture = fileURLToPath(new URL('fixtures/uses-pool.mjs', import.meta.url));

describe('a process that uses HttpPool and closes nothing', () => {
  it('exits by itself, long before its idle connections would be closed', async () => {
    const { stdout } = await run(process.execPath, ['--conditions=@x/source', fixture], {
      timeout: 20_000,
    });

    expect(stdout).toBe('ok ok ok 3\n');
  }, 30_000);
});
