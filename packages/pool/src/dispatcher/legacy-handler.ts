import { Buffer } from 'node:buffer';
import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';

type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];
type RawHeaders = Buffer[];

/** A handler in the words of undici 7 and of the undici in Node, which knows no controller. */
interface LegacyHandler {
  onConnect?(abort: (reason: Error) => void, context: unknown): void;
  onUpgrade?(status: number, headers: RawHeaders, socket: Duplex): void;
  onResponseStarted?(): void;
  onHeaders?(status: number, headers: RawHeaders, resume: () => void, message: string): boolean;
  onData?(chunk: Buffer): boolean;
  onComplete?(trailers: RawHeaders): void;
  onError?(error: Error): void;
  onBodySent?(chunk: Buffer): void;
  onRequestSent?(): void;
}

/** Speaks to a handler of the old kind. */
class LegacyHandlerAdapter implements Dispatcher.DispatchHandler {
  readonly #handler: LegacyHandler;

  constructor(handler: LegacyHandler) {
    this.#handler = handler;
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    this.#handler.onConnect?.((reason) => controller.abort(reason), context);
  }

  onRequestUpgrade(
    { rawHeaders }: Dispatcher.DispatchController,
    status: number,
    headers: Headers,
    socket: Duplex,
  ): void {
    this.#handler.onUpgrade?.(status, rawList(rawHeaders ?? headers), socket);
  }

  onResponseStarted(): void {
    this.#handler.onResponseStarted?.();
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Headers,
    message = '',
  ): void {
    const raw = rawList(controller.rawHeaders ?? headers);
    const more = this.#handler.onHeaders?.(status, raw, () => controller.resume(), message);
    if (more === false) controller.pause();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#handler.onData?.(chunk) === false) controller.pause();
  }

  onResponseEnd({ rawTrailers }: Dispatcher.DispatchController, trailers: Headers): void {
    this.#handler.onComplete?.(rawList(rawTrailers ?? trailers));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#handler.onError?.(error);
  }

  onBodySent(chunk: Buffer): void {
    this.#handler.onBodySent?.(chunk);
  }

  onRequestSent(): void {
    this.#handler.onRequestSent?.();
  }
}

/** Names and values by turns. */
function rawList(headers: NonNullable<Dispatcher.DispatchController['rawHeaders']>): RawHeaders {
  const text = (value: Buffer | string): Buffer =>
    typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
  if (Array.isArray(headers)) return headers.map(text);
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().flatMap((one) => [text(name), text(one)]),
  );
}

/** `handler` in the words of undici 8, whichever kind it is. */
export function modernHandler<Handler extends Dispatcher.DispatchHandler>(
  handler: Handler,
): Handler | Dispatcher.DispatchHandler {
  const legacy = handler as LegacyHandler;
  const isLegacy = handler.onRequestStart === undefined && legacy.onConnect !== undefined;
  return isLegacy ? new LegacyHandlerAdapter(legacy) : handler;
}
