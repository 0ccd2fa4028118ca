import { cached, monitored } from '@x/decorators';
import type { Meter, SyncCache } from '@x/interfaces';
import type { BoxClass } from '../decorated-accessors.ts';

/** Accessors have a file of their own: swc leaves legacy decorators of them in the code. */
export function define(cache: SyncCache, meter: Meter): BoxClass {
  class Box {
    @monitored(meter)
    @cached(cache)
    accessor size = 1;

    @cached(cache)
    static accessor count = 1;
  }
  return Box;
}
