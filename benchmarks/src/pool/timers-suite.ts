import assert from 'node:assert/strict';
import { UpstreamServer } from '@x/testkit/upstream';
import { HttpPool, type HttpPoolOptions, type RequestOptions } from '@x/pool';
import type { Probe, Suite } from '../harness/suite.ts';

const timeoutMs = 300;
const rounds = 8;

/** How late, in milliseconds, each of 8 requests fails with `code`, at most. */
async function measure(
  probe: Probe,
  code: string,
  path: string,
  options: HttpPoolOptions,
  request: RequestOptions = {},
): Promise<void> {
  await using server = await UpstreamServer.start();
  const lateness: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const pool = new HttpPool({ ...options, maxRetries: 0 });
    const blocker = code === 'ERR_POOL_ACQUIRE_TIMEOUT' ? pool.get(server.url('/hang')) : undefined;
    blocker?.catch(() => {});
    const startedAt = performance.now();
    const failed = pool.get(server.url(path), request).then(
      () => assert.fail('it answered'),
      (error: unknown) => assert.equal((error as { code?: string }).code, code),
    );
    if (code === 'ERR_CLOSED') void pool.close({ timeoutMs });
    await failed;
    lateness.push(performance.now() - startedAt - timeoutMs);
    await pool.close({ timeoutMs: 0 });
  }
  assert.ok(Math.min(...lateness) > -2, 'not too early');
  probe.record('latestMs', Math.max(...lateness));
}

const never = { lookup: () => {} } as object;

export const suite: Suite<undefined> = {
  contenders: { ours: () => undefined },
  cases: {
    acquire: (_, probe) =>
      measure(probe, 'ERR_POOL_ACQUIRE_TIMEOUT', '/hang', {
        acquireTimeoutMs: timeoutMs,
        maxConnectionsPerOrigin: 1,
      }),
    connect: async (_, probe) => {
      const pool = new HttpPool({ connectTimeoutMs: timeoutMs, maxRetries: 0, connect: never });
      const startedAt = performance.now();
      await pool.get('http://never.test/').then(
        () => assert.fail('it answered'),
        (error: unknown) =>
          assert.equal((error as { code?: string }).code, 'ERR_POOL_CONNECT_TIMEOUT'),
      );
      probe.record('latestMs', performance.now() - startedAt - timeoutMs);
      await pool.close();
    },
    headers: (_, probe) =>
      measure(probe, 'ERR_POOL_HEADERS_TIMEOUT', '/hang', { headersTimeoutMs: timeoutMs }),
    'body idle': (_, probe) =>
      measure(probe, 'ERR_POOL_BODY_TIMEOUT', '/drip?bytes=2&ms=5000', {
        bodyTimeoutMs: timeoutMs,
      }),
    attempt: (_, probe) =>
      measure(probe, 'ERR_POOL_ATTEMPT_TIMEOUT', '/drip?bytes=500&ms=20', {
        attemptTimeoutMs: timeoutMs,
      }),
    total: (_, probe) =>
      measure(probe, 'ERR_POOL_TOTAL_TIMEOUT', '/hang', {}, { totalTimeoutMs: timeoutMs }),
    'close, after its timeout': (_, probe) => measure(probe, 'ERR_CLOSED', '/hang', {}),
  },
};
