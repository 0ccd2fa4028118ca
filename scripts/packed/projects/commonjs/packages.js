module.exports = {
  cacheCore: require('@x/cache-core'),
  cacheFs: require('@x/cache-fs'),
  cacheSqlite: require('@x/cache-sqlite'),
  codec: require('@x/codec'),
  decorators: require('@x/decorators'),
  interfaces: require('@x/interfaces'),
  metrics: require('@x/metrics'),
  performance: require('@x/performance'),
  pool: require('@x/pool'),
  ratelimit: require('@x/ratelimit'),
  storeKit: require('@x/store-kit'),
};
