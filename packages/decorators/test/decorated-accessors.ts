import type { Meter, SyncCache } from '@x/interfaces';
import { describe, expect, it } from 'vitest';
import { SyncMapCache } from './doubles.ts';
import { RecordingMeter } from './recording-meter.ts';

export interface BoxClass {
  new (): { size: number };
  count: number;
}

/** What decorated accessors do, whichever kind of decorators the class was compiled with. */
export function describeDecoratedAccessors(
  kind: string,
  define: (cache: SyncCache, meter: Meter) => BoxClass,
): void {
  describe(`accessors under ${kind}`, () => {
    it('are cached until they are written, for each instance', () => {
      const meter = new RecordingMeter();
      const Box = define(new SyncMapCache(), meter);
      const [one, two] = [new Box(), new Box()];
      one.size = 5;
      two.size = 6;

      expect([one.size, one.size, two.size]).toEqual([5, 5, 6]);
      one.size = 7;
      expect([one.size, two.size]).toEqual([7, 6]);
      expect(meter.calls).toEqual(Array(5).fill('function_duration{function=Box.size}'));
    });

    it('may be static', () => {
      const Box = define(new SyncMapCache(), new RecordingMeter());
      expect(Box.count).toBe(1);
      Box.count = 2;
      expect(Box.count).toBe(2);
    });
  });
}
