import { describeValue } from '@x/interfaces';
import type { PerformanceConfig } from './performance-config.ts';

/** A set of environment variables, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How {@link configFromEnv} reads. */
export interface ConfigFromEnvOptions {
  /** What the names of the variables begin with. @defaultValue `'PERFORMANCE_'` */
  readonly prefix?: string | undefined;
}

type Parse = (text: string) => unknown;

const number: Parse = (text) => {
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isNaN(value)) throw new TypeError('a number');
  return value;
};

const numbers: Parse = (list) => {
  const values = list.split(',').map((item) => (item.trim() === '' ? NaN : Number(item)));
  if (values.some((value) => Number.isNaN(value))) throw new TypeError('numbers apart by commas');
  return values;
};

const switches: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['on', true],
  ['false', false],
  ['off', false],
]);

const boolean: Parse = (text) => {
  const value = switches.get(text.toLowerCase());
  if (value === undefined) throw new TypeError('true, on, false or off');
  return value;
};

const text: Parse = (value) => value;

const booleanOrText: Parse = (value) => switches.get(value.toLowerCase()) ?? value;

type Fields<Config> = Readonly<Partial<Record<keyof Exclude<Config, false | undefined>, Parse>>>;

/** The options of each part that a variable can set, and how its text is read. */
const parts = {
  cache: {
    backend: text,
    directory: text,
    defaultTtlMs: number,
    maxEntries: number,
    compression: booleanOrText,
    cleanupIntervalMs: number,
    memoryEntries: number,
    stats: boolean,
    name: text,
  } satisfies Fields<PerformanceConfig['cache']>,
  metrics: {
    retentionMs: number,
    buckets: numbers,
    maxSeries: number,
    idleTimeoutMs: number,
    sketch: text,
    nativeHistograms: boolean,
    name: text,
  } satisfies Fields<PerformanceConfig['metrics']>,
  rateLimit: {
    permitsPerSecond: number,
    burst: number,
    name: text,
  } satisfies Fields<PerformanceConfig['rateLimit']>,
  concurrency: {
    permits: number,
    maxQueue: number,
    name: text,
  } satisfies Fields<PerformanceConfig['concurrency']>,
  pool: {
    maxConnectionsPerOrigin: number,
    maxTotalConnections: number,
    maxQueue: number,
    acquireTimeoutMs: number,
    connectTimeoutMs: number,
    readTimeoutMs: number,
    totalTimeoutMs: number,
    idleTimeoutMs: number,
    maxRetries: number,
    backoffFactor: number,
    maxRetryAfterMs: number,
    maxRedirects: number,
    maxResponseBytes: number,
    baseUrl: text,
    proxy: text,
    name: text,
  } satisfies Fields<PerformanceConfig['pool']>,
};

const variableName = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

function read(variable: string, value: string, parse: Parse): unknown {
  try {
    return parse(value);
  } catch (error) {
    const expected = error instanceof Error ? error.message : String(error);
    throw new TypeError(`${variable} must be ${expected}, got ${describeValue(value)}`, {
      cause: error,
    });
  }
}

/**
 * A configuration from environment variables. `PERFORMANCE_CACHE_DEFAULT_TTL_MS=60000` sets
 * `cache.defaultTtlMs`, `PERFORMANCE_POOL_MAX_RETRIES=5` sets `pool.maxRetries`, and so on for every
 * option that is a number, a word or a switch; `PERFORMANCE_RATE_LIMIT=off` switches a part off.
 * Empty variables count as not set.
 *
 * @throws TypeError for a value that cannot be read, and for a variable of one of the parts that
 * does not exist
 */
export function configFromEnv(
  env: Environment,
  options: ConfigFromEnvOptions = {},
): PerformanceConfig {
  const prefix = options.prefix ?? 'PERFORMANCE_';
  const config: Record<string, Record<string, unknown> | false> = {};
  const known = new Set<string>();

  for (const [part, fields] of Object.entries<Readonly<Record<string, Parse>>>(parts)) {
    const partVariable = `${prefix}${variableName(part)}`;
    known.add(partVariable);
    const settings: Record<string, unknown> = {};
    for (const [field, parse] of Object.entries(fields)) {
      const variable = `${partVariable}_${variableName(field)}`;
      known.add(variable);
      const value = env[variable];
      if (value) settings[field] = read(variable, value, parse);
    }
    const isOn = env[partVariable] ? read(partVariable, env[partVariable], boolean) : true;
    if (!isOn) config[part] = false;
    else if (Object.keys(settings).length > 0) config[part] = settings;
  }

  refuseUnknown(env, prefix, known);
  return config;
}

function refuseUnknown(env: Environment, prefix: string, known: ReadonlySet<string>): void {
  const groups = Object.keys(parts).map((part) => `${prefix}${variableName(part)}`);
  for (const variable of Object.keys(env)) {
    const group = groups.find((name) => variable.startsWith(`${name}_`));
    if (group === undefined || known.has(variable)) continue;
    const choices = [...known].filter((name) => name.startsWith(`${group}_`));
    throw new TypeError(`${variable} is not known; ${group} has ${choices.join(', ')}`);
  }
}
