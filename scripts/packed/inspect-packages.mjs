import { checkContents } from './check-contents.mjs';
import { checkManifest } from './check-manifest.mjs';
import { lintTarball } from './lint-tarball.mjs';

const kilobytes = (bytes) => `${(bytes / 1_000).toFixed(0)} kB`;

/** Looks at packed packages, prints a line for each, and throws when something is wrong with one. */
export async function inspectPackages(packed) {
  const problems = [];
  for (const one of packed) {
    const { manifest, files, packedBytes, unpackedBytes } = one;
    const found = [...checkManifest(one), ...checkContents(one), ...(await lintTarball(one))];
    problems.push(...found.map((problem) => `${manifest.name}: ${problem}`));
    const sizes = `${kilobytes(packedBytes)} packed, ${kilobytes(unpackedBytes)} unpacked`;
    console.log(`${manifest.name} ${manifest.version}: ${files.length} files, ${sizes}`);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
