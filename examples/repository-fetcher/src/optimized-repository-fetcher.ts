import { cached, monitored, type PerformanceOptimizer } from '@x/performance';
import { packageRequest } from './package-request.ts';
import { distil, type PackageRecord, type RegistryMetadata } from './package-record.ts';

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
    const { url, headers } = packageRequest(this.registry, name);
    const metadata = await this.optimizer.optimizedRequest((http) =>
      http.get(url, { headers }).json<RegistryMetadata>(),
    );
    return distil(metadata);
  }
}
