import type { CounterInstrument } from './counter.ts';
import type { GaugeInstrument } from './gauge.ts';
import type { HistogramInstrument } from './histogram.ts';
import type { ObservedInstrument } from './observed.ts';
import type { TimerInstrument } from './timer.ts';

/** Any instrument that a registry makes. */
export type AnyInstrument =
  | CounterInstrument
  | GaugeInstrument
  | ObservedInstrument
  | HistogramInstrument
  | TimerInstrument;
