// Puts Debian's Prometheus with its promtool into .cache/prometheus/, where the tests of metrics look for
// it. Where it is there already, on the path, or cannot be had, it says so and succeeds: the tests that
// need it are skipped then.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, say } from './toolchain/shared.mjs';

const folder = join(root, '.cache', 'prometheus');

function run(file, args, cwd) {
  const result = spawnSync(file, args, { cwd, encoding: 'utf8', timeout: 60_000 });
  if (result.status === 0) return;
  throw new Error(`${file} ${args[0]}: ${result.error?.message ?? result.stderr.trim()}`);
}

function isThere() {
  if (existsSync(join(folder, 'usr', 'bin', 'promtool'))) return true;
  return spawnSync('promtool', ['--version'], { timeout: 10_000 }).status === 0;
}

function download(into) {
  try {
    run('apt-get', ['download', 'prometheus'], into);
  } catch {
    run('apt-get', ['update'], into);
    run('apt-get', ['download', 'prometheus'], into);
  }
}

function install() {
  mkdirSync(folder, { recursive: true });
  const temporary = mkdtempSync(join(folder, 'download-'));
  try {
    download(temporary);
    const archive = readdirSync(temporary).find((name) => name.endsWith('.deb'));
    if (archive === undefined) throw new Error('apt-get download left no package');
    run('dpkg-deb', ['-x', join(temporary, archive), folder], temporary);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

try {
  if (isThere()) {
    say('prometheus is there');
  } else {
    install();
    say('installed prometheus from Debian');
  }
} catch (error) {
  say(`no prometheus, its tests are skipped: ${error instanceof Error ? error.message : error}`);
}
