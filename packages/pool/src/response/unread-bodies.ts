import type { Logger } from '@x/interfaces';
import type { BodyTimeoutError } from '../errors/body-timeout-error.ts';

/**
 * Tells of streamed bodies that nobody read, whose error goes to streams that nobody looks at: a logger
 * of each, else the process of the first.
 */
export class UnreadBodies {
  readonly #pool: string;
  readonly #logger: Logger | undefined;
  #told = false;

  constructor(pool: string, logger: Logger | undefined) {
    this.#pool = pool;
    this.#logger = logger;
  }

  tell(error: BodyTimeoutError): void {
    const message = `pool "${this.#pool}": ${error.message}`;
    if (this.#logger !== undefined) return this.#logger.warn(message);
    if (this.#told) return;
    this.#told = true;
    process.emitWarning(`${message} (told once; give the pool a logger to hear of each)`, {
      type: 'UnreadBodyWarning',
      code: error.code,
    });
  }
}
