import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

describe('a process that closes nothing', () => {
  it('ends by itself', async () => {
    const fixture = fileURLToPath(new URL('fixtures/leaves-everything-open.ts', import.meta.url));

    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@x/source', '--disable-warning=ExperimentalWarning', fixture],
      { timeout: 20_000 },
    );

    expect(stdout).toBe('1 1\n');
    expect(stderr).toBe('');
  }, 30_000);
});
