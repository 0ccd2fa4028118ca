import type { Readable } from 'node:stream';
import { type Permit, ToolkitError } from '@x/interfaces';
import type { Dispatcher } from 'undici';
import type { Answer, IncomingHeaders } from '../response/answer.ts';
import { joinChunks } from '../response/collect.ts';
import { decodeBody } from '../response/content-encoding.ts';
import { decodedStream, StreamedBody, type StreamSource } from '../response/streamed-body.ts';
import {
  type BoundedDispatchHandler,
  type BoundedDispatchOptions,
  connectionListener,
  type ConnectionUse,
} from '../dispatcher/admitted-request.ts';
import { countAttempts } from '../errors/count-attempts.ts';
import { RequestError } from '../errors/request-error.ts';
import { ResponseTooLargeError } from '../errors/response-too-large-error.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { AttemptTimeoutError } from '../errors/attempt-timeout-error.ts';
import { BodyTimeoutError } from '../errors/body-timeout-error.ts';
import { HeadersTimeoutError } from '../errors/headers-timeout-error.ts';
import type { Timeout, TimeoutListener } from '../timeouts.ts';
import type { Call } from './call.ts';
import type { Endable } from './call-scope.ts';

/**
 * One request over the network: hears what undici tells, keeps the time and the size, and collects or
 * streams the body. It holds nothing once it is over.
 */
export class Attempt implements BoundedDispatchHandler, Endable, StreamSource, TimeoutListener {
  readonly answer: Promise<Answer>;
  readonly needsNewConnection: boolean;
  readonly #context: PipelineContext;
  readonly #call: Call;
  readonly #permit: Permit | undefined;
  #resolve!: (answer: Answer) => void;
  #reject!: (error: unknown) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #attemptTimeout: Timeout | undefined;
  #silence: Timeout | undefined;
  #over = false;
  #use: ConnectionUse | undefined;
  /** Whether any byte of an answer came. */
  #answered = false;
  #sentAt = 0;
  #firstByteAt = 0;
  #status = 0;
  #headers: IncomingHeaders = {};
  #received = 0;
  #chunks: Uint8Array[] = [];
  #stream: StreamedBody | undefined;
  #resolveOver: (() => void) | undefined;

  /** @param permit - released when the attempt is over */
  constructor(context: PipelineContext, call: Call, permit: Permit | undefined) {
    this.#context = context;
    this.#call = call;
    this.#permit = permit;
    this.needsNewConnection = call.needsNewConnection;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  start(): void {
    const context = this.#context;
    const call = this.#call;
    call.diedStale = false;
    call.scope.attach(this);
    if (this.#over) return;
    context.metrics.attempted();
    const { attemptTimeoutMs } = call.options;
    if (attemptTimeoutMs !== Infinity) {
      this.#attemptTimeout = context.timeouts.start(attemptTimeoutMs, this);
    }
    const { method, origin, path, headers, body } = call.request;
    const options: BoundedDispatchOptions = {
      origin,
      path,
      method,
      headers,
      body: body ?? null,
      // Undici's own timers are inexact, and must not run besides ours.
      headersTimeout: 0,
      bodyTimeout: 0,
      [connectionListener]: this,
    };
    try {
      context.dispatcher.dispatch(options, this);
    } catch (error) {
      this.end(this.#translate(error));
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#over) {
      controller.abort(new Error('the request has ended'));
    } else if (!this.#context.reportsConnections) {
      this.onAssigned(0);
      this.#sent();
    }
  }

  onAssigned(waitMs: number): void {
    this.#call.assigned(waitMs);
  }

  onConnection(use: ConnectionUse): void {
    this.#use = use;
    this.#sent();
  }

  onResponseStarted(): void {
    this.#answered = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHeaders,
  ): void {
    this.#answered = true;
    // 1xx announces an answer and is none.
    if (this.#over || status < 200) return;
    this.#status = status;
    this.#headers = headers;
    this.#firstByteAt = this.#context.settings.clock.monotonic();
    this.#keepTime(this.#call.options.bodyTimeoutMs);
    if (this.#isStreamed(status)) this.#beginStream();
    else if (this.#call.request.method !== 'HEAD')
      this.#checkSize(Number(headers['content-length']));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return;
    this.#received += chunk.length;
    this.#context.metrics.received(this.#call.request.origin, chunk.length);
    this.#silence?.touch();
    if (this.#stream !== undefined) {
      if (!this.#stream.push(chunk)) controller.pause();
      return;
    }
    this.#chunks.push(chunk);
    this.#checkSize(this.#received);
  }

  onResponseEnd(): void {
    if (this.#over) return;
    this.#finish();
    if (this.#stream === undefined) this.#collect();
    else this.#stream.complete();
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.end(this.#translate(error));
  }

  onTimeout(timeout: Timeout): void {
    const { facts } = this.#call;
    const { lengthMs } = timeout;
    if (timeout === this.#attemptTimeout) this.end(new AttemptTimeoutError(facts, lengthMs));
    else if (this.#status === 0) this.end(new HeadersTimeoutError(facts, lengthMs));
    else this.#bodyStoodStill(lengthMs);
  }

  resume(): void {
    if (this.#over) return;
    this.#silence?.touch();
    this.#controller?.resume();
  }

  abandon(error: Error | null): void {
    this.end(error ?? new Error('the body was given up'));
  }

  end(error: unknown): void {
    if (this.#over) return;
    this.#call.diedStale = this.#use?.reused === true && !this.#answered;
    this.#finish();
    const reason = error instanceof Error ? error : new Error('aborted', { cause: error });
    this.#controller?.abort(reason);
    this.#stream?.destroy(reason);
    this.#reject(error);
  }

  #sent(): void {
    this.#sentAt = this.#context.settings.clock.monotonic();
    this.#keepTime(this.#call.options.headersTimeoutMs);
  }

  /** Nothing may be silent for longer than `lengthMs` from now on. */
  #keepTime(lengthMs: number): void {
    if (this.#silence?.lengthMs === lengthMs) {
      this.#silence.touch();
    } else {
      this.#silence?.stop();
      this.#silence = this.#context.timeouts.start(lengthMs, this);
    }
  }

  /** Nothing of the attempt goes on after this. */
  #finish(): void {
    this.#over = true;
    this.#silence?.stop();
    this.#attemptTimeout?.stop();
    this.#call.scope.detach(this);
    this.#permit?.release();
    this.#resolveOver?.();
  }

  #isStreamed(status: number): boolean {
    const { stream, throwOnStatus } = this.#call.options;
    if (!stream) return false;
    // What is retried, followed or thrown is read here, so that its connection comes free.
    if (status >= 400) {
      return !throwOnStatus && !this.#context.settings.retry.retryStatusCodes.has(status);
    }
    return status < 300;
  }

  #beginStream(): void {
    const stream = new StreamedBody(this);
    this.#stream = stream;
    const over = new Promise<void>((resolve) => {
      this.#resolveOver = resolve;
    });
    const body = decodedStream(stream, this.#headers['content-encoding']);
    this.#resolve(this.#answerWith(body, over));
  }

  #collect(): void {
    const wire = joinChunks(this.#chunks, this.#received);
    if (this.#headers['content-encoding'] === undefined) this.#resolve(this.#answerWith(wire));
    else void this.#decode(wire);
  }

  async #decode(wire: Uint8Array): Promise<void> {
    const { maxResponseBytes } = this.#context.settings;
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

  #answerWith(body: Uint8Array | Readable, over?: Promise<void>): Answer {
    const streamed = over !== undefined;
    return {
      status: this.#status,
      headers: this.#headers,
      body,
      reusedConnection: this.#use?.reused ?? false,
      connectMs: this.#use?.connectMs,
      tlsMs: this.#use?.tlsMs,
      firstByteMs: this.#firstByteAt - this.#sentAt,
      bodyMs: streamed ? undefined : this.#context.settings.clock.monotonic() - this.#firstByteAt,
      bytesReceived: streamed ? 0 : this.#received,
      over,
    };
  }

  #checkSize(bytes: number): void {
    const { maxResponseBytes } = this.#context.settings;
    if (bytes > maxResponseBytes) {
      this.end(new ResponseTooLargeError(this.#call.facts, maxResponseBytes));
    }
  }

  #bodyStoodStill(timeoutMs: number): void {
    const stalledBy = this.#controller?.paused ? 'reader' : 'server';
    const error = new BodyTimeoutError(this.#call.facts, timeoutMs, stalledBy);
    if (stalledBy === 'reader') this.#context.unreadBodies.tell(error);
    this.end(error);
  }

  #translate(error: unknown): unknown {
    const { facts } = this.#call;
    if (!ToolkitError.isToolkitError(error)) return new RequestError(facts, error);
    return countAttempts(error, facts.attempts);
  }
}
