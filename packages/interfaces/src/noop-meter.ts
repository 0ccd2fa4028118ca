import type { Counter, Gauge, Histogram, Meter, RunningTimer, Timer } from './meter.ts';

const runningTimer: RunningTimer = { stop: () => 0, [Symbol.dispose]: () => {} };

const nothing = (): void => {};

const counter: Counter<readonly string[]> = { inc: nothing, labels: () => counter };

const gauge: Gauge<readonly string[]> = {
  set: nothing,
  inc: nothing,
  dec: nothing,
  labels: () => gauge,
};

const histogram: Histogram<readonly string[]> = { observe: nothing, labels: () => histogram };

const timer: Timer<readonly string[]> = {
  start: () => runningTimer,
  record: nothing,
  time: (fn) => fn(),
  labels: () => timer,
};

/** Records nothing and costs nothing: the meter of a component that was given none. */
export const noopMeter: Meter = {
  counter: () => counter,
  gauge: () => gauge,
  histogram: () => histogram,
  timer: () => timer,
};
