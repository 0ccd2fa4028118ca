/**
 * Where a component writes what an operator should know. `console` and a pino logger fit as they
 * are. No logger means silence.
 */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
