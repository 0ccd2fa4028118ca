import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../toolchain/shared.mjs';

/** The folders and manifests of the packages that are published, of this copy of the repository or another. */
export function publicPackages(repository = root) {
  return readdirSync(join(repository, 'packages'))
    .map((name) => join(repository, 'packages', name))
    .map((folder) => ({
      folder,
      manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
    }))
    .filter(({ manifest }) => !manifest.private);
}
