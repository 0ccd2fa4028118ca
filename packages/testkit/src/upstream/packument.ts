import { createHash } from 'node:crypto';
import { hashText, seededRandom } from './seeded-random.ts';

/** One published version, as far as the simulated registry knows it. */
export interface PackageVersion {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly dist: {
    readonly tarball: string;
    readonly shasum: string;
    readonly unpackedSize: number;
  };
  readonly deprecated?: string;
}

/** What a package registry answers about one package. */
export interface Packument {
  readonly name: string;
  readonly description: string;
  readonly 'dist-tags': { readonly latest: string };
  readonly versions: Readonly<Record<string, PackageVersion>>;
  readonly time: Readonly<Record<string, string>>;
}

const smallestBytes = 5_000;
const largestBytes = 500_000;
const bytesPerVersion = 620;
const firstRelease = Date.UTC(2015, 0, 1);
const words =
  'fast small stream parse cache queue token graph layer route store fetch merge watch'.split(' ');

/** The metadata of `name`: always the same for one name, from about 5 KB to about 500 KB of JSON. */
export function packumentOf(name: string): Packument {
  const random = seededRandom(hashText(name));
  const pick = (): string => words[Math.floor(random() * words.length)] ?? 'word';
  const phrase = (length: number): string => Array.from({ length }, pick).join(' ');

  // Log-uniform, as package sizes are: most are small, a few are very large.
  const bytes = smallestBytes * (largestBytes / smallestBytes) ** random();
  const count = Math.max(1, Math.round(bytes / bytesPerVersion));
  const description = phrase(8);
  const versions: Record<string, PackageVersion> = {};
  const time: Record<string, string> = {};
  let latest = '';
  let released = firstRelease + random() * 1e11;
  time['created'] = new Date(released).toISOString();
  for (let index = 0; index < count; index++) {
    latest = `${1 + Math.floor(index / 100)}.${Math.floor(index / 10) % 10}.${index % 10}`;
    const dependencies = Object.fromEntries(
      Array.from({ length: Math.floor(random() * 6) }, () => [
        `${pick()}-${pick()}`,
        `^${Math.floor(random() * 9)}.${Math.floor(random() * 20)}.0`,
      ]),
    );
    versions[latest] = {
      name,
      version: latest,
      description: `${description}; ${phrase(16)}`,
      dependencies,
      dist: {
        tarball: `/${name}/-/${name.split('/').at(-1)}-${latest}.tgz`,
        shasum: createHash('sha1').update(`${name}@${latest}`).digest('hex'),
        unpackedSize: Math.floor(random() * 1e6),
      },
      ...(index < count / 20 ? { deprecated: `use a newer version: ${phrase(4)}` } : undefined),
    };
    released += random() * 3e9 * (50 / count);
    time[latest] = new Date(released).toISOString();
  }
  time['modified'] = new Date(released).toISOString();
  return { name, description, 'dist-tags': { latest }, versions, time };
}
