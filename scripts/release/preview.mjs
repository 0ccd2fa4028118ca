import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { inspectPackages } from '../packed/inspect-packages.mjs';
import { pack } from '../packed/pack.mjs';
import { publicPackages } from '../packed/public-packages.mjs';
import { run } from '../packed/run.mjs';
import { root } from '../toolchain/shared.mjs';

const git = (...args) => run('git', args, { cwd: root }).trim();

/** The last commit with its history, the builds of this folder, and the tools of this folder. */
function makeCopy(copy) {
  git('clone', '--quiet', '--no-hardlinks', root, copy);
  for (const { folder } of publicPackages()) {
    cpSync(join(folder, 'dist'), join(copy, 'packages', basename(folder), 'dist'), {
      recursive: true,
    });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'dir');
}

function applyChangesets(copy) {
  const cli = join(root, 'node_modules', '@changesets', 'cli', 'bin.js');
  run(process.execPath, [cli, 'version'], { cwd: copy });
}

/** The part of a changelog that is about `version`. */
function changesOf(folder, version) {
  const changelog = readFileSync(join(folder, 'CHANGELOG.md'), 'utf8');
  const [, changes = ''] = changelog.split(`## ${version}\n`);
  return changes.split('\n## ')[0].trim();
}

/** Does all that a release does, in a copy of the repository, up to the publishing. */
export async function previewRelease() {
  const status = git('status', '--porcelain');
  if (status !== '') console.log(`Not committed, and so not in the preview:\n${status}\n`);
  run('pnpm', ['build'], { cwd: root });
  const scratch = mkdtempSync(join(tmpdir(), 'release-'));
  try {
    const copy = join(scratch, 'repository');
    makeCopy(copy);
    applyChangesets(copy);
    const packages = publicPackages(copy);
    const packed = pack(packages, scratch);
    await inspectPackages(packed);
    for (const { folder, manifest } of packages) {
      console.log(
        `\n# ${manifest.name} ${manifest.version}\n\n${changesOf(folder, manifest.version)}`,
      );
    }
    console.log(`\n${packed.length} packages would be published. Nothing was.`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
