import type { Answer } from '../response/answer.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import type { HedgeSettings } from '../pool-settings.ts';
import type { Call } from './call.ts';
import type { Layer } from './layer.ts';

/** Below this a second request costs more than it saves. */
const shortestDelayMs = 20;

const hedgedMethods: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/**
 * Sends a GET or HEAD a second time when its answer takes longer than most do, and takes the answer that
 * comes first (Dean and Barroso, "The Tail at Scale", 2013). The time runs from when the first one leaves
 * the queues of the pool: what waits there would only wait twice. The second one is paid from the retry
 * budget.
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
    const delayMs = this.#settings.delayMs ?? latencies.p95;
    const hedged = delayMs !== undefined && hedgedMethods.has(call.request.method);
    call.assignedAt = undefined;
    const answer =
      hedged && !call.options.stream
        ? await this.#race(call, Math.max(shortestDelayMs, delayMs))
        : await this.#next.send(call);
    if (call.assignedAt !== undefined) latencies.record(clock.monotonic() - call.assignedAt);
    return answer;
  }

  /** Settles with the first answer, or with the last failure; the other one is aborted. */
  #race(call: Call, delayMs: number): Promise<Answer> {
    const { clock } = this.#context.settings;
    return new Promise((resolve, reject) => {
      const running = new Set<Call>();
      let timer: Disposable | undefined;
      const settle = (): void => {
        timer?.[Symbol.dispose]();
        for (const fork of running) call.abandon(fork, new Error('another answer came first'));
        running.clear();
      };
      const start = async (fork: Call, isSecond: boolean): Promise<void> => {
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
      const first = call.fork();
      first.onAssigned = () => {
        // Whoever answers, this is how long the first one took at least.
        call.assignedAt = first.assignedAt;
        timer ??= clock.schedule(() => {
          if (this.#maySendSecond(call)) void start(call.fork(), true);
        }, delayMs);
      };
      void start(first, false);
    });
  }

  #maySendSecond(call: Call): boolean {
    const { origins, metrics, closing } = this.#context;
    const { budget } = origins.get(call.request.origin);
    if (closing() || budget?.tryWithdraw() === false) return false;
    metrics.hedged(call.request.origin);
    return true;
  }
}
