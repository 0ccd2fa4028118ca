import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

describe('a process that uses every package and closes nothing', () => {
  it('exits', () => {
    const fixture = fileURLToPath(new URL('fixtures/everything.ts', import.meta.url));
    const child = spawnSync(
      process.execPath,
      ['--conditions=@x/source', fixture, temporaryFolder()],
      { encoding: 'utf8', timeout: 30_000 },
    );

    expect(child.stderr).toBe('');
    expect(child.stdout.trim()).toBe('used everything');
    expect(child.status).toBe(0);
  });
});
