import type { Clock } from '@x/interfaces';
import type { FileRetry } from '../files/file-retry.ts';

/** Where a journal is, and what it is read with. */
export interface JournalPlace {
  readonly root: string;
  readonly clock: Clock;
  readonly retry: FileRetry;
}
