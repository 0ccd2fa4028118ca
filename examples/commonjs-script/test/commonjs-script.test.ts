import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

describe('the example commonjs-script', () => {
  it('requires the built package, and its wrappers cache and measure', () => {
    const main = fileURLToPath(new URL('../src/main.cjs', import.meta.url));
    const run = spawnSync(process.execPath, [main], { encoding: 'utf8', timeout: 60_000 });

    expect(run.stderr).toBe('');
    expect(run.stdout).toContain('Lisbon 7 °C, Oslo 5 °C, Lisbon 7 °C, Lisbon 7 °C, Oslo 5 °C\n');
    expect(run.stdout).toContain('5 forecasts, 2 requests\n');
    expect(run.stdout).toMatch(/function_duration.*fetchForecast/);
    expect(run.status).toBe(0);
  });
});
