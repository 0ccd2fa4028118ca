import * as timers from 'node:timers/promises';

// Taken when the module is loaded, since fake timers of tests put theirs in the place of all of these. A
// cache waits for the real event loop: nobody moves it on by moving the time.

/** Calls a function at the end of the turn. */
export const atEndOfTurn: typeof setImmediate = setImmediate;

/** Settles at the end of the turn. */
export const endOfTurn: () => Promise<void> = timers.setImmediate;
