import { ToolkitError } from '@x/interfaces';

/** A persistent backend could not be opened: its folder, or what it needs; `cause` says why. */
export class CacheOpenError extends ToolkitError<'ERR_CACHE_OPEN'> {
  override readonly name: string = 'CacheOpenError';
  readonly code = 'ERR_CACHE_OPEN';
  /** The backend that was asked for. */
  readonly backend: string;
  /** The folder that was asked for. */
  readonly directory: string;

  constructor(backend: string, directory: string, cause: Error) {
    super(
      isOfDriver(cause) ? driverMessage(backend, cause) : folderMessage(backend, directory, cause),
      { cause },
    );
    this.backend = backend;
    this.directory = directory;
  }
}

function isOfDriver(error: Error): boolean {
  return 'option' in error && error.option === 'driver';
}

function folderMessage(backend: string, directory: string, { message }: Error): string {
  return `directory must be a folder that can be written to by backend "${backend}", got "${directory}": ${message}`;
}

function driverMessage(backend: string, { message, cause }: Error): string {
  const reason = cause instanceof Error ? cause.message : message;
  return `backend "${backend}" cannot load better-sqlite3; keep it external when bundling, or use backend "filesystem": ${reason}`;
}
