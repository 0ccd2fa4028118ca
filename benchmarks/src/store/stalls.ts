import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { fileStore } from './ours.ts';
import { keyOf, payload } from './payload.ts';

const writers = 8;
const measuredMs = 5_000;

/** How long the event loop of a process was held up, in milliseconds. */
export interface Stalls {
  readonly p99: number;
  readonly longest: number;
  /** Reads and writes made meanwhile. */
  readonly operations: number;
}

/** Reads and writes in one process while eight others write to the same folder as fast as they can. */
export async function measureStalls(): Promise<Stalls> {
  const folder = mkdtempSync(join(tmpdir(), 'store-bench-'));
  const script = fileURLToPath(new URL('./write-on.ts', import.meta.url));
  const flags = ['--conditions=@x/source', '--import=tsx'];
  const children = Array.from({ length: writers }, (_, index) =>
    spawn(process.execPath, [...flags, script, folder, `${index}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  await Promise.all(children.map(({ stdout }) => once(stdout, 'data')));
  const cache = await fileStore(folder);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const end = performance.now() + measuredMs;
  let operations = 0;
  while (performance.now() < end) {
    await cache.get(keyOf(operations % 1_000));
    await cache.set(keyOf(operations % 1_000), payload(operations, 1_000));
    operations += 2;
    await setImmediate();
  }
  delay.disable();
  for (const child of children) child.kill('SIGKILL');
  await cache.close();
  // The monitor counts its own millisecond.
  return {
    p99: delay.percentile(99) / 1e6 - 1,
    longest: delay.max / 1e6 - 1,
    operations,
  };
}
