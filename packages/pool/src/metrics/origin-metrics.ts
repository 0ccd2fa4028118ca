import type { CounterChild, Meter, TimerChild } from '@x/interfaces';

/** Phases of a request, as the label `phase`. */
export type Phase = 'limit' | 'queue' | 'connect' | 'tls' | 'first_byte' | 'body';

type Children<Child> = (...values: string[]) => Child;

/** Children that were asked for before, by their last label values. */
function remembered<Child>(create: Children<Child>): Children<Child> {
  const known = new Map<string, Child>();
  return (...values) => {
    const key = values.join(' ');
    let child = known.get(key);
    if (child === undefined) known.set(key, (child = create(...values)));
    return child;
  };
}

/** The instruments of one origin, or of all those that have no label of their own. */
export class OriginMetrics {
  readonly requests: Children<CounterChild>;
  readonly durations: Children<TimerChild>;
  readonly phases: Children<TimerChild>;
  readonly retries: Children<CounterChild>;
  readonly closed: Children<CounterChild>;
  readonly hedges: CounterChild;
  readonly hedgesWon: CounterChild;
  readonly replays: CounterChild;
  readonly retriesRefused: CounterChild;
  readonly opened: CounterChild;
  readonly bytes: CounterChild;

  constructor(meter: Meter, pool: string, origin: string) {
    const counter = (name: string, help: string, ...labels: string[]): Children<CounterChild> => {
      const labelNames = ['pool', 'origin', ...labels];
      const instrument = meter.counter<string[]>(name, { help, labelNames });
      return remembered((...values) => instrument.labels(pool, origin, ...values));
    };
    const timer = (name: string, help: string, ...labels: string[]): Children<TimerChild> => {
      const labelNames = ['pool', 'origin', ...labels];
      const instrument = meter.timer<string[]>(name, { help, labelNames });
      return remembered((...values) => instrument.labels(pool, origin, ...values));
    };
    const outcomes = 'Requests by method, and by status class or error.';
    this.requests = counter('pool_requests_total', outcomes, 'method', 'outcome');
    const durations = 'How long requests took with all their waits and attempts.';
    this.durations = timer('pool_request_duration', durations, 'method');
    this.phases = timer('pool_phase_duration', 'How long the phases of requests took.', 'phase');
    this.retries = counter('pool_retries_total', 'Retries, by what they were for.', 'reason');
    this.closed = counter(
      'pool_connections_closed_total',
      'Connections closed, by reason.',
      'reason',
    );
    this.hedges = counter(
      'pool_hedges_total',
      'Second requests sent because the first took long.',
    )();
    this.hedgesWon = counter('pool_hedges_won_total', 'Second requests that answered first.')();
    this.replays = counter('pool_replays_total', 'Requests sent again over a new connection.')();
    this.retriesRefused = counter(
      'pool_retries_refused_total',
      'Retries not made because the budget was spent.',
    )();
    this.opened = counter('pool_connections_opened_total', 'Connections opened.')();
    this.bytes = counter('pool_received_bytes_total', 'Bytes of bodies received, on the wire.')();
  }
}
