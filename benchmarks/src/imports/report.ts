// What an import costs: time in a fresh process, and bytes in a bundle. Needs `pnpm build`.
//
//   pnpm --filter benchmarks imports [time | size]
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { installedVersions } from '../harness/installed-versions.ts';
import { writeResult } from '../write-result.ts';
import { type BundleSize, measureBundle } from './bundle-size.ts';
import { type ColdImport, type Format, importCold } from './cold-import.ts';
import { type Overhead, overhead } from './overhead.ts';
import { type Result, toMarkdown } from './to-markdown.ts';

const rounds = 11;

const packages = [
  '@x/performance',
  '@x/cache-core',
  '@x/cache-fs',
  '@x/cache-sqlite',
  '@x/codec',
  '@x/decorators',
  '@x/interfaces',
  '@x/metrics',
  '@x/pool',
  '@x/ratelimit',
  '@x/store-kit',
];
const peers = ['undici', 'prom-client'];

/** What programs typically import. */
const imports: Readonly<Record<string, string>> = {
  "MemoryCache from '@x/cache-core'": "export { MemoryCache } from '@x/cache-core';",
  "CacheManager from '@x/cache-core'": "export { CacheManager } from '@x/cache-core';",
  "FileStore from '@x/cache-fs'": "export { FileStore } from '@x/cache-fs';",
  "SqliteStore from '@x/cache-sqlite'": "export { SqliteStore } from '@x/cache-sqlite';",
  "cached from '@x/decorators'": "export { cached } from '@x/decorators';",
  "Registry from '@x/metrics'": "export { Registry } from '@x/metrics';",
  "TokenBucket from '@x/ratelimit'": "export { TokenBucket } from '@x/ratelimit';",
  "Semaphore from '@x/ratelimit'": "export { Semaphore } from '@x/ratelimit';",
  "HttpPool from '@x/pool'": "export { HttpPool } from '@x/pool';",
  "MemoryCache from '@x/performance'": "export { MemoryCache } from '@x/performance';",
  "PerformanceOptimizer from '@x/performance'":
    "export { PerformanceOptimizer } from '@x/performance';",
};
/** What is no part of the toolkit is left out, so that the figures are about it. */
const external = ['better-sqlite3', 'fflate', 'picomatch', 'tdigest', 'undici'];

/** By turns, with a process that imports nothing in every round. */
async function measureTimes(format: Format): Promise<Record<string, Overhead>> {
  const names = [undefined, ...packages, ...peers];
  const samples = names.map((): ColdImport[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, name] of names.entries()) {
      samples[index]?.push(await importCold(name, format));
    }
  }
  const [bare = [], ...others] = samples;
  return Object.fromEntries(
    others.map((own, index) => [names[index + 1] ?? '', overhead(own, bare)]),
  );
}

async function measureSizes(): Promise<Record<string, BundleSize>> {
  const sizes: Record<string, BundleSize> = {};
  for (const [name, source] of Object.entries(imports)) {
    sizes[name] = await measureBundle(source, external);
  }
  return sizes;
}

function readResult(): Result {
  const file = new URL('../../results/imports.json', import.meta.url);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Result) : {};
}

const [wanted] = process.argv.slice(2);
const { time, size } = readResult();
const result: Result = { ...(time && { time }), ...(size && { size }) };
if (wanted !== 'size') {
  result.time = { esm: await measureTimes('esm'), cjs: await measureTimes('cjs') };
  for (const [format, times] of Object.entries(result.time)) {
    console.log(`\n${format}: milliseconds over a process that imports nothing`);
    console.table(times);
  }
}
if (wanted !== 'time') {
  result.size = await measureSizes();
  console.table(result.size);
}
writeResult('imports', result, installedVersions([...peers, 'esbuild']));
writeFileSync(new URL('../../results/imports.md', import.meta.url), toMarkdown(result, rounds));
