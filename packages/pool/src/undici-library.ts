import type * as Undici from 'undici';

/** What undici exports. */
export type UndiciLibrary = typeof Undici;

// The one thing that a module of ours keeps: undici takes longer to load than all of the toolkit, so it comes
// with the first request. See docs/decisions/035-lazy-undici.md.
let loaded: UndiciLibrary | undefined;

/** Loads undici, once. */
export async function loadUndici(): Promise<UndiciLibrary> {
  loaded ??= await import('undici');
  return loaded;
}

/** Whether {@link undici} may be called. */
export function isUndiciLoaded(): boolean {
  return loaded !== undefined;
}

/** undici, which must have been loaded. */
export function undici(): UndiciLibrary {
  if (loaded === undefined) throw new Error('undici is used before it was loaded');
  return loaded;
}
