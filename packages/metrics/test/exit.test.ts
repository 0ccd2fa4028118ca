import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const fixture = fileURLToPath(new URL('fixtures/leave-open.ts', import.meta.url));

describe('a process that closes nothing', () => {
  it('exits by itself with a measurement under way', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@x/source', '--disable-warning=ExperimentalWarning', fixture],
      { timeout: 20_000 },
    );

    expect(JSON.parse(stdout)).toEqual(['fetch', 'requests_total', 'size_bytes']);
  });
});
