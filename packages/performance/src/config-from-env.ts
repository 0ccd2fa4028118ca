import { checkOptionNames, nearestNames, objectOption, type OptionNames } from '@x/interfaces';
import { environmentVariables, type Part } from './environment-variables.ts';
import type { PerformanceConfig } from './performance-config.ts';
import { type ReadVariable, switchVariable } from './read-variable.ts';

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

const optionNames: OptionNames<ConfigFromEnvOptions> = { known: { prefix: true, defaults: true } };

const parts = Object.entries(environmentVariables) as [
  name: Part,
  options: Readonly<Record<string, ReadVariable>>,
][];

const variableName = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/**
 * A configuration from environment variables. `PERFORMANCE_CACHE_DEFAULT_TTL_MS=60000` sets
 * `cache.defaultTtlMs`, `PERFORMANCE_POOL_MAX_RETRIES=5` sets `pool.maxRetries`, and so on for every
 * option that is a number, a word or a switch; `PERFORMANCE_RATE_LIMIT=off` switches a part off.
 * Empty variables count as not set. A variable below a part, such as `PERFORMANCE_CACHE_…`, must be known;
 * others that begin with the prefix may be of somebody else.
 *
 * @param env - where they are read from. @defaultValue `process.env`
 * @throws TypeError for a value that cannot be read, or a variable that is not known; for arguments that are no objects
 * @throws RangeError for a number out of range
 */
export function configFromEnv(
  env: Environment = process.env,
  options: ConfigFromEnvOptions = {},
): PerformanceConfig {
  objectOption('env', env, 'process.env');
  objectOption('options', options, '{ prefix }');
  checkOptionNames(options, optionNames);
  const { prefix = 'PERFORMANCE_', defaults = {} } = options;
  const config: Record<string, unknown> = { ...defaults };
  for (const [part, readers] of parts) {
    const partVariable = `${prefix}${variableName(part)}`;
    refuseUnknown(env, part, `${partVariable}_`, Object.keys(readers).map(variableName));
    const settings = readPart(env, partVariable, readers);
    const given = defaults[part];
    const text = env[partVariable];
    const isOn = text ? switchVariable(partVariable, text) : given !== false;
    if (!isOn) config[part] = false;
    else if (given === false || Object.keys(settings).length > 0) {
      config[part] = { ...given, ...settings };
    }
  }
  return config;
}

function readPart(
  env: Environment,
  partVariable: string,
  readers: Readonly<Record<string, ReadVariable>>,
): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const [option, read] of Object.entries(readers)) {
    const variable = `${partVariable}_${variableName(option)}`;
    const text = env[variable];
    if (text) settings[option] = read(variable, text);
  }
  return settings;
}

/** A misspelt variable must not pass for one that was never set. */
function refuseUnknown(
  env: Environment,
  part: Part,
  prefix: string,
  known: readonly string[],
): void {
  for (const variable of Object.keys(env)) {
    if (!variable.startsWith(prefix)) continue;
    const name = variable.slice(prefix.length);
    if (known.includes(name)) continue;
    const near = nearestNames(name, known).map((other) => prefix + other);
    const meant = near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`;
    throw new TypeError(
      `${variable} is not known.${meant} After ${prefix} comes an option of ${part} in PerformanceConfig, in capitals`,
    );
  }
}
