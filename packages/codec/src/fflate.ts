import type * as Fflate from 'fflate';

// Kept by the module, because it is a module: of all that importing this package took, fflate took half, and few
// codecs use it.
let loaded: typeof Fflate | undefined;

/** Loads fflate, once. */
export async function loadFflate(): Promise<void> {
  loaded ??= await import('fflate');
}

/** fflate, when it has been loaded. */
export function fflate(): typeof Fflate | undefined {
  return loaded;
}
