import { ClosedError, ToolkitError } from '@x/interfaces';

/**
 * Whether a store refused the value it was given, which says nothing about the store's health: a
 * value that it cannot keep, as the contract says by a `TypeError`, or one that is too large.
 */
export function isRefusal(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError) return true;
  if (error instanceof DOMException) return error.name === 'DataCloneError';
  return hasCode(error, 'ERR_ENTRY_TOO_LARGE');
}

/** Whether a store failed because it was closed, so that it will never make up for anything. */
export function isClosed(error: unknown): boolean {
  return error instanceof ClosedError || hasCode(error, 'ERR_CLOSED');
}

function hasCode(error: unknown, code: string): boolean {
  return ToolkitError.isToolkitError(error) && error.code === code;
}
