import { type Clock, numberOption } from '@x/interfaces';

/**
 * Calls `write` with what `render` answers, again and again, without keeping the process alive.
 * Disposing ends it.
 *
 * @param everyMs - milliseconds from one report to the next, above 0
 * @throws TypeError or RangeError when `everyMs` is something else
 */
export function reportEvery(
  clock: Clock,
  everyMs: number,
  render: () => string,
  write: (report: string) => void,
): Disposable {
  const delayMs = numberOption('everyMs', everyMs, undefined, { above: 0 });
  let timer: Disposable;
  let ended = false;
  const tell = (): void => {
    timer = clock.schedule(tell, delayMs, { background: true });
    write(render());
  };
  timer = clock.schedule(tell, delayMs, { background: true });
  return {
    [Symbol.dispose](): void {
      if (!ended) timer[Symbol.dispose]();
      ended = true;
    },
  };
}
