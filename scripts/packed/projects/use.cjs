// What every project does with the packages, loaded in its own way: a bit of each for real.
// Not the strict one: in jest a date that comes from outside its sandbox has another prototype than its own.
const assert = require('node:assert');
const { createServer } = require('node:http');
const { join } = require('node:path');

exports.use = async function use(packages) {
  await usePersistentCaches(packages, process.env.DATA_FOLDER);
  useCodec(packages);
  await useLimitsAndMetrics(packages);
  await useEverything(packages);
};

async function usePersistentCaches({ cacheCore, cacheFs, cacheSqlite, storeKit }, folder) {
  storeKit.makeFolder(folder);
  for (const open of [
    () => cacheFs.FileStore.open({ directory: join(folder, 'files') }),
    () => cacheSqlite.SqliteStore.open({ path: join(folder, 'cache.sqlite') }),
  ]) {
    const cache = new cacheCore.CacheManager({ store: await open() });
    await cache.set('a', { list: [1, new Date(0)] });
    await cache.close();
    const again = new cacheCore.CacheManager({ store: await open() });
    assert.deepEqual(await again.get('a'), { list: [1, new Date(0)] });
    await again.close();
  }
}

function useCodec({ codec, interfaces }) {
  const frames = codec.createCodec({ compression: 'deflate' });
  const value = new Map([['a', 1n]]);
  assert.deepEqual(frames.decode(frames.encode(value)), value);
  assert.throws(
    () => frames.decode(Buffer.from('no frame')),
    (error) => interfaces.ToolkitError.isToolkitError(error),
  );
}

async function useLimitsAndMetrics({ decorators, metrics, ratelimit }) {
  const registry = new metrics.Registry();
  const limiter = new ratelimit.TokenBucket({ permitsPerSecond: 1_000, burst: 2, meter: registry });
  const double = decorators.monitored(
    registry,
    'double',
  )(decorators.rateLimited(limiter)(async (value) => value * 2));
  assert.deepEqual(await Promise.all([1, 2, 3].map((value) => double(value))), [2, 4, 6]);
  assert.match(registry.exposition(), /double/);
}

async function useEverything({ performance, pool }) {
  const server = createServer((request, response) => response.end('{"ok":true}'));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const optimizer = await performance.PerformanceOptimizer.open();
  try {
    const url = `http://127.0.0.1:${server.address().port}/`;
    const read = performance.cached(optimizer.cache, { name: 'read' })(() =>
      optimizer.optimizedRequest((http) => http.get(url).json()),
    );
    assert.deepEqual([await read(), await read()], [{ ok: true }, { ok: true }]);
    assert(optimizer.pool instanceof pool.HttpPool);
    assert.equal((await optimizer.report()).pool.requests, 1);
  } finally {
    await optimizer.close();
    server.close();
  }
}
