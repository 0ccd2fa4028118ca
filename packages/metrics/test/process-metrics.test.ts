import { describe, expect, it } from 'vitest';
import { collectProcessMetrics, Registry } from '../src/index.ts';
import { readOpenMetrics } from './check-openmetrics.ts';

describe('collectProcessMetrics', () => {
  it('tells how the process stands whenever something is read', async () => {
    const registry = new Registry();
    using watching = collectProcessMetrics(registry);
    expect(watching).toBeDefined();
    await new Promise((resolve) => setImmediate(resolve));
    const summary = registry.summary();

    expect(summary['process_resident_memory_bytes']).toBeGreaterThan(10_000_000);
    expect(summary['process_cpu_seconds_total{mode="user"}']).toBeGreaterThan(0);
    expect(summary['nodejs_memory_bytes{kind="heapUsed"}']).toBeGreaterThan(1_000_000);
    expect(summary['nodejs_eventloop_utilization_ratio']).toBeLessThanOrEqual(1);
    expect(summary['nodejs_eventloop_delay_seconds{percentile="99"}']).toBeGreaterThanOrEqual(0);
    expect(summary['process_start_time_seconds']).toBeLessThan(Number(new Date()) / 1_000);
    expect(Object.keys(summary).join()).toContain('nodejs_heap_space_used_bytes{space="');
    readOpenMetrics(registry.exposition({ format: 'openmetrics' }));
  });

  it('leaves gauges as they are after it was closed, twice', () => {
    const registry = new Registry();
    const watching = collectProcessMetrics(registry);
    watching.close();
    watching.close();

    expect(registry.summary()['process_resident_memory_bytes']).toBeGreaterThan(0);
  });

  it('does nothing with a registry that is off, and refuses a second time', () => {
    collectProcessMetrics(new Registry({ enabled: false })).close();
    const registry = new Registry();
    collectProcessMetrics(registry).close();

    expect(() => collectProcessMetrics(registry)).toThrow(TypeError);
  });
});
