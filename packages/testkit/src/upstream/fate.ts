import { hashText, seededRandom } from './seeded-random.ts';
import type { UpstreamSettings } from './upstream-options.ts';

/** What happens to one request. */
export interface Fate {
  readonly delayMs: number;
  readonly status: 200 | 429 | 503;
  /** Whether a 429 names a date instead of seconds. */
  readonly retryAfterAsDate: boolean;
}

const mostPathsRemembered = 100_000;

/**
 * Decides what happens to requests. It depends on the seed, the path and how often that path was
 * asked before, and not on the order in which requests of different paths arrive.
 */
export class Fates {
  readonly #settings: UpstreamSettings;
  readonly #asked = new Map<string, number>();

  constructor(settings: UpstreamSettings) {
    this.#settings = settings;
  }

  next(path: string): Fate {
    const times = this.#asked.get(path) ?? 0;
    if (this.#asked.size >= mostPathsRemembered) this.#asked.clear();
    this.#asked.set(path, times + 1);

    const { seed, minLatencyMs, maxLatencyMs, errorRate503, tooManyRequestsRate } = this.#settings;
    const random = seededRandom(hashText(`${seed} ${times} ${path}`));
    const delayMs = minLatencyMs + (maxLatencyMs - minLatencyMs) * random();
    const draw = random();
    const status =
      draw < errorRate503 ? 503 : draw < errorRate503 + tooManyRequestsRate ? 429 : 200;
    return { delayMs, status, retryAfterAsDate: random() < 0.5 };
  }
}
