import type { Answer } from '../answer.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import type { HedgeSettings } from '../pool-settings.ts';
import type { Call } from './call.ts';
import type { Layer } from './layer.ts';

/** Below this a second request costs more than it saves. */
const shortestDelayMs = 20;

const hedgedMethods: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/**
 * Sends a GET or HEAD a second time when its answer takes longer than most do, and takes the answer that
 * comes first (Dean and Barroso, "The Tail at Scale", 2013). The second one is paid from the retry budget.
 */
export class HedgeLayer implements Layer {
  readonly #context: PipelineContext;
  readonly #settings: HedgeSettings;
  readonly #next: Layer;

  constructor(context: PipelineContext, settings: HedgeSettings, next: Layer) {
    this.#context = context;
    this.#settings = settings;
    this.#next = next;
  }

  async send(call: Call): Promise<Answer> {
    const { clock } = this.#context.settings;
    const { latencies } = this.#context.origins.get(call.request.origin);
    const startedAt = clock.monotonic();
    const delayMs = this.#settings.delayMs ?? latencies.p95;
    const hedged = delayMs !== undefined && hedgedMethods.has(call.request.method);
    const answer =
      hedged && !call.options.stream
        ? await this.#race(call, Math.max(shortestDelayMs, delayMs))
        : await this.#next.send(call);
    latencies.record(clock.monotonic() - startedAt);
    return answer;
  }

  /** Settles with the first answer, or with the last failure; the other one is aborted. */
  #race(call: Call, delayMs: number): Promise<Answer> {
    const { clock } = this.#context.settings;
    return new Promise((resolve, reject) => {
      const running = new Set<Call>();
      const timer = clock.schedule(() => this.#sendSecond(call, start), delayMs);
      const settle = (): void => {
        timer[Symbol.dispose]();
        for (const fork of running) {
          call.scope.detach(fork.scope);
          fork.scope.end(new Error('another answer came first'));
        }
        running.clear();
      };
      const start = async (isSecond: boolean): Promise<void> => {
        const fork = call.fork();
        running.add(fork);
        try {
          const answer = await this.#next.send(fork);
          if (!running.delete(fork)) return;
          call.join(fork);
          settle();
          if (isSecond) this.#context.metrics.hedgeWon(call.request.origin);
          resolve(answer);
        } catch (error) {
          if (!running.delete(fork)) return;
          call.join(fork);
          if (running.size > 0) return;
          settle();
          reject(error);
        }
      };
      void start(false);
    });
  }

  #sendSecond(call: Call, start: (isSecond: boolean) => Promise<void>): void {
    const { origins, metrics, closing } = this.#context;
    const { budget } = origins.get(call.request.origin);
    if (closing() || budget?.tryWithdraw() === false) return;
    metrics.hedged(call.request.origin);
    void start(true);
  }
}
