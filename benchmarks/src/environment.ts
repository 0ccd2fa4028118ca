import { execFileSync } from 'node:child_process';
import { arch, cpus, platform, release, totalmem } from 'node:os';

/** Where and with what a result was measured. */
export interface Environment {
  readonly measuredAt: string;
  readonly commit: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly versions: Readonly<Record<string, string>>;
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8' }).trim();
}

export function readEnvironment(versions: Readonly<Record<string, string>>): Environment {
  const dirty = git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ' and changes';
  return {
    measuredAt: new Date().toISOString(),
    commit: `${git('rev-parse', '--short', 'HEAD')}${dirty}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    versions,
  };
}
