import { ToolkitError } from '@x/interfaces';

/** A persistent backend could not be opened; `cause` says why. */
export class CacheOpenError extends ToolkitError<'ERR_CACHE_OPEN'> {
  override readonly name: string = 'CacheOpenError';
  readonly code = 'ERR_CACHE_OPEN';
  /** The backend that was asked for. */
  readonly backend: string;
  /** The folder that was asked for. */
  readonly directory: string;

  constructor(backend: string, directory: string, cause: Error) {
    super(
      `directory must be a folder that can be written to by backend "${backend}", got "${directory}": ${cause.message}`,
      { cause },
    );
    this.backend = backend;
    this.directory = directory;
  }
}
