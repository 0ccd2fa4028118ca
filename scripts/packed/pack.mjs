import { join } from 'node:path';
import { run } from './run.mjs';

/**
 * Packs packages with `npm pack` into `into`. Each comes back with `tarball`, the paths of the `files` in it,
 * and its `packedBytes` and `unpackedBytes`.
 */
export function pack(packages, into) {
  const args = ['pack', '--json', '--ignore-scripts', `--pack-destination=${into}`];
  const folders = packages.map(({ folder }) => folder);
  const packed = JSON.parse(run('npm', [...args, ...folders], { cwd: into }));
  return packages.map(({ folder, manifest }) => {
    const { filename, files, size, unpackedSize } = packed.find(
      ({ name }) => name === manifest.name,
    );
    return {
      folder,
      manifest,
      tarball: join(into, filename),
      files: files.map(({ path }) => path),
      packedBytes: size,
      unpackedBytes: unpackedSize,
    };
  });
}
