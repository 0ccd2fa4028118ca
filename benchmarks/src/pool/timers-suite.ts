import assert from 'node:assert/strict';
import { UpstreamServer } from '@x/testkit/upstream';
import { HttpPool, type HttpPoolOptions, type RequestOptions } from '@x/pool';
import type { Probe, Suite } from '../harness/suite.ts';

const timeoutMs = 300;
const rounds = 9;
const neverAnswering = { lookup: () => {} };

/** Answers when what the timeout is about began: when it was called, unless it says otherwise. */
type Begin = (pool: HttpPool, url: string) => Promise<{ failure: Promise<unknown>; at: number }>;

const request =
  (options: RequestOptions = {}): Begin =>
  async (pool, url) => {
    const at = performance.now();
    return { failure: Promise.resolve(pool.get(url, options)), at };
  };

/** How late, in milliseconds, each of 8 requests fails with `code`, at most. */
async function measure(
  probe: Probe,
  code: string,
  path: string,
  options: HttpPoolOptions,
  begin: Begin = request(),
): Promise<void> {
  await using server = await UpstreamServer.start();
  const url = server.url(path);
  const lateness: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const pool = new HttpPool({ ...options, maxRetries: 0 });
    await pool.preconnect(url);
    const { failure, at } = await begin(pool, url);
    await failure.then(
      () => assert.fail('it answered'),
      (error: unknown) => assert.equal((error as { code?: string }).code, code),
    );
    lateness.push(performance.now() - at - timeoutMs);
    await pool.close({ timeoutMs: 0 });
  }
  // The first one pays for code that runs for the first time.
  lateness.shift();
  assert.ok(Math.min(...lateness) > -2, 'not too early');
  probe.record('latestMs', Math.max(...lateness));
}

export const suite: Suite<undefined> = {
  contenders: { ours: () => undefined },
  cases: {
    acquire: (_, probe) =>
      measure(
        probe,
        'ERR_POOL_ACQUIRE_TIMEOUT',
        '/hang',
        { acquireTimeoutMs: timeoutMs, maxConnectionsPerOrigin: 1 },
        async (pool, url) => {
          pool.get(url).catch(() => {});
          return request()(pool, url);
        },
      ),
    connect: (_, probe) =>
      measure(
        probe,
        'ERR_POOL_CONNECT_TIMEOUT',
        '/hang',
        { connectTimeoutMs: timeoutMs, connect: neverAnswering },
        async (pool) => request()(pool, 'http://never.test/'),
      ),
    headers: (_, probe) =>
      measure(probe, 'ERR_POOL_HEADERS_TIMEOUT', '/hang', { headersTimeoutMs: timeoutMs }),
    'body idle': (_, probe) =>
      measure(
        probe,
        'ERR_POOL_BODY_TIMEOUT',
        '/drip?bytes=2&ms=5000',
        { bodyTimeoutMs: timeoutMs },
        async (pool, url) => {
          const { body } = await pool.get(url, { stream: true });
          const failure = new Promise((_resolve, reject) => {
            body.once('error', reject);
          });
          let at = performance.now();
          body.on('data', () => (at = performance.now()));
          await new Promise((resolve) => setTimeout(resolve, timeoutMs / 2));
          return { failure, at };
        },
      ),
    attempt: (_, probe) =>
      measure(probe, 'ERR_POOL_ATTEMPT_TIMEOUT', '/drip?bytes=500&ms=20', {
        attemptTimeoutMs: timeoutMs,
      }),
    total: (_, probe) =>
      measure(probe, 'ERR_POOL_TOTAL_TIMEOUT', '/hang', {}, request({ totalTimeoutMs: timeoutMs })),
    'close, after its timeout': (_, probe) =>
      measure(probe, 'ERR_CLOSED', '/hang', {}, async (pool, url) => {
        const begun = await request()(pool, url);
        void pool.close({ timeoutMs });
        return begun;
      }),
  },
};
