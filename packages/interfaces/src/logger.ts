/**
 * Where a component writes what an operator should know. `console` and a pino logger fit as they
 * are. No logger means silence, with one exception: a mistake in the program that nobody would notice
 * otherwise is told of by `process.emitWarning`, as Node tells of its own.
 */
export interface Logger {
  /** Of use when looking for a fault. */
  debug(message: string): void;
  /** Something changed that an operator may want to know. */
  info(message: string): void;
  /** Something went wrong and was dealt with. */
  warn(message: string): void;
  /** Something went wrong that needs attention. */
  error(message: string): void;
}
