import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

function run(name: string): { stdout: string; stderr: string; status: number | null } {
  const fixture = fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url));
  const child = spawnSync(process.execPath, ['--conditions=@x/source', fixture], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { stdout: child.stdout.trim(), stderr: child.stderr, status: child.status };
}

describe('a process that closes nothing', () => {
  it('exits when every wrapper was used', () => {
    expect(run('wrappers')).toEqual({ stdout: '42', stderr: '', status: 0 });
  });

  it('lives on while a call is limited in time, and no longer', () => {
    const stdout = 'answered\nERR_CALL_TIMEOUT';
    expect(run('time-limits')).toEqual({ stdout, stderr: '', status: 0 });
  });
});
