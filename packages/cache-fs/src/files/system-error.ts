/** Whether the system refused with one of these codes. */
export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' && codes.includes(code);
}

/** Whether there is no such file, or no folder for it. */
export function isMissing(error: unknown): boolean {
  return isCode(error, 'ENOENT', 'ENOTDIR');
}

/** Whether there are no descriptors left. */
export function isExhausted(error: unknown): boolean {
  return isCode(error, 'EMFILE', 'ENFILE');
}

/** @throws `error` unless it says that a file is missing */
export function ignoreMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}
