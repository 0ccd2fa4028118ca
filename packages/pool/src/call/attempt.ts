import type { Readable } from 'node:stream';
import { ToolkitError } from '@x/interfaces';
import type { Dispatcher } from 'undici';
import type { Answer, IncomingHeaders } from '../answer.ts';
import { joinChunks } from '../body/collect.ts';
import { decodeBody } from '../body/content-encoding.ts';
import { decodedStream, StreamedBody } from '../body/streamed-body.ts';
import type { BoundedDispatchHandler, ConnectionUse } from '../dispatcher/admitted-request.ts';
import { countAttempts, RequestError, ResponseTooLargeError } from '../errors.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { BodyTimeoutError, HeadersTimeoutError } from '../timeout-errors.ts';
import type { Call } from './call.ts';
import { SilenceTimer } from './silence-timer.ts';

/**
 * One request over the network: hears what undici tells, keeps the time and the size, and collects or
 * streams the body. It holds nothing once `onOver` was called.
 */
export class Attempt implements BoundedDispatchHandler {
  readonly answer: Promise<Answer>;
  readonly needsNewConnection: boolean;
  /** Whether the connection had carried a request before. */
  reused = false;
  /** Whether any byte of an answer came. */
  answered = false;
  readonly #context: PipelineContext;
  readonly #call: Call;
  readonly #onOver: () => void;
  readonly #silence: SilenceTimer;
  readonly #chunks: Uint8Array[] = [];
  #resolve!: (answer: Answer) => void;
  #reject!: (error: unknown) => void;
  #ending: Disposable | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #over = false;
  #sentAt = 0;
  #firstByteMs = 0;
  #connectMs: number | undefined;
  #status = 0;
  #headers: IncomingHeaders = {};
  #received = 0;
  #stream: StreamedBody | undefined;
  #resolveOver: (() => void) | undefined;

  constructor(
    context: PipelineContext,
    call: Call,
    needsNewConnection: boolean,
    onOver: () => void,
  ) {
    const { clock, readTimeoutMs } = context.settings;
    this.#context = context;
    this.#call = call;
    this.needsNewConnection = needsNewConnection;
    this.#onOver = onOver;
    this.#silence = new SilenceTimer(clock, readTimeoutMs, () => this.#fail(this.#timeoutError()));
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  start(): void {
    this.#ending = this.#call.scope.onEnd((reason) => this.#fail(reason));
    if (this.#over) return;
    this.#context.metrics.attempted();
    const { method, url, headers, body } = this.#call.request;
    const path = `${url.pathname}${url.search}`;
    const options = { origin: url.origin, path, method, headers, body: body ?? null };
    try {
      // Undici's own timers are inexact, and must not run besides ours.
      const timeouts = { headersTimeout: 0, bodyTimeout: 0 };
      this.#context.dispatcher.dispatch({ ...options, ...timeouts }, this);
    } catch (error) {
      this.#fail(this.#translate(error));
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#over) controller.abort(new Error('the request has ended'));
    else if (!this.#context.reportsConnections) this.#sent();
  }

  onConnection({ reused, waitMs, connectMs }: ConnectionUse): void {
    this.reused = reused;
    this.#connectMs = connectMs;
    this.#call.waitMs += waitMs;
    this.#context.metrics.waitedForConnection(waitMs);
    this.#sent();
  }

  onResponseStarted(): void {
    this.answered = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHeaders,
  ): void {
    this.answered = true;
    // 1xx announces an answer and is none.
    if (this.#over || status < 200) return;
    this.#status = status;
    this.#headers = headers;
    this.#firstByteMs = this.#context.settings.clock.monotonic() - this.#sentAt;
    this.#silence.touch();
    if (this.#isStreamed(status)) this.#beginStream();
    else if (this.#call.request.method !== 'HEAD')
      this.#checkSize(Number(headers['content-length']));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return;
    this.#received += chunk.length;
    this.#silence.touch();
    this.#context.metrics.received(chunk.length);
    if (this.#stream !== undefined) {
      if (!this.#stream.push(chunk)) controller.pause();
      return;
    }
    this.#chunks.push(chunk);
    this.#checkSize(this.#received);
  }

  onResponseEnd(): void {
    if (this.#over) return;
    this.#end();
    if (this.#stream === undefined) void this.#decode();
    else this.#stream.complete();
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#fail(this.#translate(error));
  }

  #sent(): void {
    this.#sentAt = this.#context.settings.clock.monotonic();
    this.#silence.start();
  }

  /** Nothing of the attempt goes on after this. */
  #end(): void {
    this.#over = true;
    this.#silence.stop();
    this.#ending?.[Symbol.dispose]();
    this.#onOver();
    this.#resolveOver?.();
  }

  #fail(error: unknown): void {
    if (this.#over) return;
    this.#end();
    const reason = error instanceof Error ? error : new Error('aborted', { cause: error });
    this.#controller?.abort(reason);
    this.#stream?.destroy(reason);
    this.#reject(error);
  }

  #isStreamed(status: number): boolean {
    const { stream, throwOnStatus } = this.#call.options;
    if (!stream) return false;
    // What is retried, followed or thrown is read here, so that its connection comes free.
    if (status >= 400)
      return !throwOnStatus && !this.#context.settings.retry.retryStatusCodes.has(status);
    return status < 300;
  }

  #beginStream(): void {
    const stream = new StreamedBody({
      resume: () => {
        this.#silence.touch();
        this.#controller?.resume();
      },
      abandon: (error) => this.#fail(error ?? new Error('the body was given up')),
    });
    this.#stream = stream;
    const over = new Promise<void>((resolve) => {
      this.#resolveOver = resolve;
    });
    const body = decodedStream(stream, this.#headers['content-encoding']);
    this.#resolve({ ...this.#answerWith(body), over });
  }

  async #decode(): Promise<void> {
    const { maxResponseBytes } = this.#context.settings;
    const wire = joinChunks(this.#chunks, this.#received);
    try {
      const encoding = this.#headers['content-encoding'];
      this.#resolve(this.#answerWith(await decodeBody(wire, encoding, maxResponseBytes)));
    } catch (error) {
      const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
      const { facts } = this.#call;
      this.#reject(
        tooLarge
          ? new ResponseTooLargeError(facts, maxResponseBytes)
          : new RequestError(facts, error),
      );
    }
  }

  #answerWith(body: Uint8Array | Readable): Answer {
    return {
      status: this.#status,
      headers: this.#headers,
      body,
      reusedConnection: this.reused,
      connectMs: this.#connectMs,
      firstByteMs: this.#firstByteMs,
      bytesReceived: this.#received,
      over: undefined,
    };
  }

  #checkSize(bytes: number): void {
    const { maxResponseBytes } = this.#context.settings;
    if (bytes > maxResponseBytes) {
      this.#fail(new ResponseTooLargeError(this.#call.facts, maxResponseBytes));
    }
  }

  #timeoutError(): Error {
    const { settings } = this.#context;
    const { facts } = this.#call;
    if (this.#status === 0) return new HeadersTimeoutError(facts, settings.readTimeoutMs);
    const stalledBy = this.#controller?.paused ? 'reader' : 'server';
    const error = new BodyTimeoutError(facts, settings.readTimeoutMs, stalledBy);
    if (stalledBy === 'reader') settings.logger?.warn(`pool "${settings.name}": ${error.message}`);
    return error;
  }

  #translate(error: unknown): unknown {
    const { facts } = this.#call;
    if (!ToolkitError.isToolkitError(error)) return new RequestError(facts, error);
    return countAttempts(error, facts.attempts);
  }
}
