import {
  type Clock,
  type LoaderContext,
  type PerformanceOptimizer,
  seconds,
  StatusError,
} from '@x/performance';

/** What this service tells of a package. */
export interface PackageSummary {
  readonly name: string;
  readonly latest: string | undefined;
  readonly versionCount: number;
  /** Epoch milliseconds at which the registry was asked. */
  readonly fetchedAt: number;
}

/** The part of a registry's answer that is read. */
interface RegistryMetadata {
  readonly name: string;
  readonly 'dist-tags'?: Readonly<Record<string, string>>;
  readonly versions?: Readonly<Record<string, unknown>>;
}

/** Summaries of packages, from the cache or else from a registry. */
export class PackageSummaries {
  readonly #optimizer: PerformanceOptimizer;
  readonly #registry: string;
  readonly #clock: Clock;

  /** @param registry - the registry's address, ending in `/` */
  constructor(optimizer: PerformanceOptimizer, registry: string, clock: Clock) {
    this.#optimizer = optimizer;
    this.#registry = registry;
    this.#clock = clock;
  }

  /** The summary of `name`, or `null` when there is no such package. */
  get(name: string): Promise<PackageSummary | null> {
    const { cache } = this.#optimizer;
    return cache.getOrSet(`package:${name}`, (context) => this.#load(name, context));
  }

  async #load(name: string, { signal, keep }: LoaderContext): Promise<PackageSummary | null> {
    const url = `${this.#registry}${encodeURIComponent(name)}`;
    try {
      const metadata = await this.#optimizer.optimizedRequest(
        (http) => http.get(url, { signal }).json<RegistryMetadata>(),
        { timeoutMs: seconds(10) },
      );
      return {
        name: metadata.name,
        latest: metadata['dist-tags']?.['latest'],
        versionCount: Object.keys(metadata.versions ?? {}).length,
        fetchedAt: this.#clock.now(),
      };
    } catch (error) {
      if (!(error instanceof StatusError && error.status === 404)) throw error;
      // It may be published any minute, so that it is missing is not kept for long.
      keep({ ttlMs: seconds(30), staleWhileRevalidateMs: 0, staleIfErrorMs: 0 });
      return null;
    }
  }
}
