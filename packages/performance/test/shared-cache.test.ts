import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type CacheBackend, createCache } from '@x/performance';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/** Has four processes ask a thousand times each at once; answers what they got and how often they loaded. */
async function loadInFourProcesses(
  backend: CacheBackend,
  directory: string,
  staleWhileRevalidateMs: number,
): Promise<{ values: string[]; loads: number }> {
  const log = join(directory, 'loads.log');
  const fixture = fileURLToPath(new URL('fixtures/load-together.ts', import.meta.url));
  const flags = ['--conditions=@x/source', '--disable-warning=ExperimentalWarning'];
  const args = [...flags, fixture, directory, log, `${staleWhileRevalidateMs}`, backend];
  const processes = Array.from({ length: 4 }, () =>
    spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  const outputs = processes.map(({ stdout }) => createInterface(stdout)[Symbol.asyncIterator]());
  for (const output of outputs) expect((await output.next()).value).toBe('ready');
  const ends = processes.map((child) => once(child, 'exit'));
  for (const { stdin } of processes) stdin.write('go\n');
  const values = await Promise.all(outputs.map(async (output) => `${(await output.next()).value}`));
  await Promise.all(ends);
  return { values, loads: readFileSync(log, 'utf8').trim().split('\n').length };
}

const backends = ['sqlite', 'filesystem'] as const;

describe.each(backends)('one %s cache for four processes, each with 1,000 callers', (backend) => {
  it('loads a missing value once', async () => {
    const { values, loads } = await loadInFourProcesses(backend, temporaryFolder(), 0);

    expect(loads).toBe(1);
    expect(values).toEqual(['loaded', 'loaded', 'loaded', 'loaded']);
  });

  it('refreshes a stale value once', async () => {
    const directory = temporaryFolder();
    const staleWhileRevalidateMs = 60_000;
    {
      await using cache = await createCache({ backend, directory });
      await cache.set('key', 'stale', { ttlMs: 1, staleWhileRevalidateMs });
    }
    const { values, loads } = await loadInFourProcesses(backend, directory, staleWhileRevalidateMs);

    expect(loads).toBe(1);
    expect(values).toEqual(['stale', 'stale', 'stale', 'stale']);
  });
});

describe.each(backends)('two caches over one %s', (backend) => {
  it('see changes of each other, also during a load', async () => {
    const directory = temporaryFolder();
    const options = { backend, directory, maxMemoryEntries: 100 } as const;
    await using here = await createCache(options);
    await using there = await createCache(options);
    await here.set('user:1', 'old', { tags: ['users'] });
    expect(await there.get('user:1')).toBe('old');
    await here.set('user:1', 'new', { tags: ['users'] });
    const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    await nextTurn();
    expect(await there.get('user:1')).toBe('new');

    await there.invalidateTags(['users']);
    await nextTurn();
    expect(await here.get('user:1')).toBeUndefined();

    const { promise, resolve } = Promise.withResolvers<string>();
    const begun = Promise.withResolvers<void>();
    const loading = here.getOrSet('user:1', () => {
      begun.resolve();
      return promise;
    });
    await begun.promise;
    await there.set('user:1', 'set');
    resolve('loaded');
    expect(await loading).toBe('loaded');
    await nextTurn();
    expect(await here.get('user:1')).toBe('set');
  });
});
