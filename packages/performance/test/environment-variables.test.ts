import { describe, expect, it } from 'vitest';
import { configFromEnv, type PerformanceConfig, PerformanceOptimizer } from '@x/performance';
import { environmentVariables } from '../src/environment-variables.ts';

const upperCase = (name: string): string => name.replaceAll(/[A-Z]/g, '_$&').toUpperCase();

/** What `text` becomes as an option of a part; `undefined` when it is refused. */
function read(part: string, option: string, text: string): unknown {
  const variable = `PERFORMANCE_${upperCase(part)}_${upperCase(option)}`;
  try {
    const config = configFromEnv({ [variable]: text }) as Record<string, Record<string, unknown>>;
    return config[part]?.[option];
  } catch {
    return undefined;
  }
}

async function isOpened(config: PerformanceConfig): Promise<boolean> {
  try {
    const optimizer = await PerformanceOptimizer.open(config);
    await optimizer.close();
    return true;
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return false;
    throw error;
  }
}

const options = Object.entries(environmentVariables).flatMap(([part, readers]) =>
  Object.keys(readers).map((option) => [part, option] as const),
);
const isNumber = (part: string, option: string): boolean =>
  ['1', '7'].some((text) => typeof read(part, option, text) === 'number');

describe('configFromEnv and PerformanceOptimizer.open', () => {
  it.each(options.filter(([part, option]) => isNumber(part, option)))(
    'take the same numbers as %s.%s',
    async (part, option) => {
      for (const value of [-1, -0.5, 0, 0.5, 1, 1.5, 2, 1e7, 2 ** 32, 2 ** 60, Infinity]) {
        const isRead = read(part, option, String(value)) === value;
        const needed = part === 'cache' ? { backend: 'memory' } : {};
        const config = { [part]: { ...needed, [option]: value } };
        expect([value, isRead]).toEqual([value, await isOpened(config)]);
      }
    },
  );
});
