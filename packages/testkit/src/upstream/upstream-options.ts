import { numberOption } from '@x/interfaces';

export interface UpstreamServerOptions {
  /** Listeners, each a port and so an origin of its own. @defaultValue 1 */
  readonly origins?: number | undefined;
  /** How long an answer about a package takes, in milliseconds, drawn evenly. @defaultValue no delay */
  readonly latencyMs?: { readonly min: number; readonly max: number } | undefined;
  /** Share of package requests answered by 503, from 0 to 1. @defaultValue 0 */
  readonly errorRate503?: number | undefined;
  /** Share of package requests answered by 429 with Retry-After, from 0 to 1. @defaultValue 0 */
  readonly tooManyRequestsRate?: number | undefined;
  /** Decides which requests are slow or fail. @defaultValue 1 */
  readonly seed?: number | undefined;
  /** How long an idle connection is kept, in milliseconds. @defaultValue 5000 */
  readonly keepAliveTimeoutMs?: number | undefined;
  /** Whether packages are compressed for clients that accept gzip. @defaultValue true */
  readonly gzip?: boolean | undefined;
  /** Whether it speaks TLS, with `testCertificate`. @defaultValue false */
  readonly tls?: boolean | undefined;
}

/** Options as checked, with their defaults. */
export interface UpstreamSettings {
  readonly origins: number;
  readonly minLatencyMs: number;
  readonly maxLatencyMs: number;
  readonly errorRate503: number;
  readonly tooManyRequestsRate: number;
  readonly seed: number;
  readonly keepAliveTimeoutMs: number;
  readonly gzip: boolean;
  readonly tls: boolean;
}

const share = { min: 0, max: 1 };
const longestMs = 600_000;

export function upstreamSettings(options: UpstreamServerOptions): UpstreamSettings {
  const minLatencyMs = numberOption('latencyMs.min', options.latencyMs?.min, 0, {
    min: 0,
    max: longestMs,
  });
  return {
    origins: numberOption('origins', options.origins, 1, { min: 1, max: 1_000, integer: true }),
    minLatencyMs,
    maxLatencyMs: numberOption('latencyMs.max', options.latencyMs?.max, minLatencyMs, {
      min: minLatencyMs,
      max: longestMs,
    }),
    errorRate503: numberOption('errorRate503', options.errorRate503, 0, share),
    tooManyRequestsRate: numberOption('tooManyRequestsRate', options.tooManyRequestsRate, 0, share),
    seed: numberOption('seed', options.seed, 1, { min: 0, integer: true }),
    keepAliveTimeoutMs: numberOption('keepAliveTimeoutMs', options.keepAliveTimeoutMs, 5_000, {
      min: 1,
      max: longestMs,
      integer: true,
    }),
    gzip: options.gzip ?? true,
    tls: options.tls ?? false,
  };
}
