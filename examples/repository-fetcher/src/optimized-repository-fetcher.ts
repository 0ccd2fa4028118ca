import { cached, monitored, type PerformanceOptimizer } from '@x/performance';
import { distil, type PackageRecord, type RegistryMetadata } from './package-record.ts';

/** The short form of the metadata, where the registry knows it. */
const accept = 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8';

type Self = OptimizedRepositoryFetcher;

/**
 * Reads packages of an npm registry. What was read before comes from the cache; the rest goes
 * through the pool, which alone takes permits, so there is no `@rateLimited` here.
 */
export class OptimizedRepositoryFetcher {
  readonly optimizer: PerformanceOptimizer;
  readonly registry: string;

  /** @param registry - the registry's address, ending in `/` */
  constructor(optimizer: PerformanceOptimizer, registry: string) {
    this.optimizer = optimizer;
    this.registry = registry;
  }

  @monitored((self: Self) => self.optimizer.registry, 'package_fetch')
  @cached((self: Self) => self.optimizer.cache, { scope: 'shared', tags: ['packages'] })
  async fetchPackage(name: string): Promise<PackageRecord> {
    const url = `${this.registry}${name.replace('/', '%2f')}`;
    const metadata = await this.optimizer.optimizedRequest((http) =>
      http.get(url, { headers: { accept } }).json<RegistryMetadata>(),
    );
    return distil(metadata);
  }
}
