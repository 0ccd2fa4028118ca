/**
 * Whose object a memory store keeps: `'none'`, the caller's own, which everybody who reads it shares;
 * `'freeze'`, the caller's own made read-only; `'structured'`, a copy, and a copy for each reader.
 */
export type CloneMode = 'none' | 'freeze' | 'structured';

export const cloneModes: readonly CloneMode[] = ['none', 'freeze', 'structured'];

/** Makes arrays and plain objects read-only, and what they hold. Other objects stay as they are. */
export function deepFreeze(value: unknown): void {
  if (!isPlain(value) || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) deepFreeze(part);
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
