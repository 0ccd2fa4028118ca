import { describeValue } from './option-checks.ts';

/** What was thrown, in a log line or in the message of another error. */
export function describeError(error: unknown): string {
  if (error instanceof Error) return error.message || error.name;
  return typeof error === 'string' ? error : describeValue(error);
}
