import { scryptSync } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { CacheManager, MemoryStore } from '@x/cache-core';
import { SqliteStore } from '@x/cache-sqlite';
import { hours } from '@x/interfaces';
import { Registry } from '@x/metrics';
import type { WorkerRequest, WorkerSettings } from './requests.ts';

if (parentPort === null) throw new Error('worker.ts is not run by itself: run main.ts');
const port = parentPort;
const { cachePath } = workerData as WorkerSettings;

const registry = new Registry();
const cache = new CacheManager({
  // Each thread has a memory of its own; the database is shared.
  tiers: [new MemoryStore({ maxEntries: 1_000 }), await SqliteStore.open({ path: cachePath })],
  ttlMs: hours(1),
  meter: registry,
});

/** Stands for anything that keeps a processor busy. */
const deriveKey = (name: string): string => scryptSync(name, 'salt', 32).toString('hex');

async function derive(names: readonly string[]): Promise<Map<string, string>> {
  const keys = new Map<string, string>();
  for (const name of names) {
    keys.set(name, await cache.getOrSet(`key:${name}`, () => deriveKey(name)));
  }
  return keys;
}

async function handle(request: WorkerRequest): Promise<void> {
  switch (request.kind) {
    case 'derive':
      port.postMessage(await derive(request.names));
      break;
    case 'invalidate':
      port.postMessage(await cache.invalidatePattern(request.pattern));
      break;
    case 'dump':
      port.postMessage(registry.dump());
      break;
    case 'close':
      await cache.close();
      port.close();
  }
}

// What fails here ends the thread, and so reaches the main thread as the worker's error.
port.on('message', (request: WorkerRequest) => void handle(request));
