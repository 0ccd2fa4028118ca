import { describeValue } from '@x/interfaces';
import { envFields, type Part } from './env-fields.ts';
import { boolean, type Parse } from './env-parsers.ts';
import type { PerformanceConfig } from './performance-config.ts';

/** A set of environment variables, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How {@link configFromEnv} reads. */
export interface ConfigFromEnvOptions {
  /** What the names of the variables begin with. @defaultValue `'PERFORMANCE_'` */
  readonly prefix?: string | undefined;
  /**
   * What holds where no variable says otherwise, option by option. A part that is `false` here stays
   * off unless its own variable is `on`.
   * @defaultValue nothing
   */
  readonly defaults?: PerformanceConfig | undefined;
}

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
  const { prefix = 'PERFORMANCE_', defaults = {} } = options;
  const config: Record<string, unknown> = { ...defaults };
  const known = new Set<string>();

  for (const part of Object.keys(envFields) as Part[]) {
    const partVariable = `${prefix}${variableName(part)}`;
    known.add(partVariable);
    const settings: Record<string, unknown> = {};
    for (const [field, parse] of Object.entries<Parse>(envFields[part])) {
      const variable = `${partVariable}_${variableName(field)}`;
      known.add(variable);
      const value = env[variable];
      if (value) settings[field] = read(variable, value, parse);
    }
    const wasOn = defaults[part] !== false;
    const isOn = env[partVariable] ? read(partVariable, env[partVariable], boolean) : wasOn;
    if (!isOn) config[part] = false;
    else if (!wasOn || Object.keys(settings).length > 0) {
      config[part] = { ...defaults[part], ...settings };
    }
  }

  refuseUnknown(env, prefix, known);
  return config;
}

function refuseUnknown(env: Environment, prefix: string, known: ReadonlySet<string>): void {
  const groups = Object.keys(envFields).map((part) => `${prefix}${variableName(part)}`);
  for (const variable of Object.keys(env)) {
    const group = groups.find((name) => variable.startsWith(`${name}_`));
    if (group === undefined || known.has(variable)) continue;
    const choices = [...known].filter((name) => name.startsWith(`${group}_`));
    throw new TypeError(`${variable} is not known; ${group} has ${choices.join(', ')}`);
  }
}
