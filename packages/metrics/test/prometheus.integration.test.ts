import { spawnSync } from 'node:child_process';
import type { Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { collectProcessMetrics, Registry } from '../src/index.ts';
import { findProgram, type PrometheusServer, serve, startPrometheus } from './prometheus-server.ts';

const promtool = findProgram('promtool');
const prometheus = findProgram('prometheus');
if (promtool === undefined || prometheus === undefined) {
  console.warn('Skipped: no Prometheus to judge by; `node scripts/prometheus.mjs` fetches it.');
}

const nasty = 'a "quoted" \\ back\nslash, {x="y"} ünï';

function exampleRegistry(nativeHistograms: boolean): Registry {
  const registry = new Registry({ nativeHistograms, labels: { service: 'shop' } });
  const requests = registry.counter('requests', {
    help: 'Requests \\ answered.\nAll of them.',
    labelNames: ['path'],
  });
  requests.labels(nasty).inc(3);
  requests.labels('/').inc(0.5, { trace_id: 'abc' });
  registry.gauge('temperature_celsius', { help: 'How warm it is.' }).set(-12.25);
  registry.observedGauge('queue_length', { help: 'Waiting.' }, () => 7);
  const fetches = registry.timer('fetch', { help: 'Time per call.', buckets: [10, 100, 1_000] });
  for (let ms = 1; ms <= 1_000; ms++) fetches.record(ms);
  fetches.record(5_000, 'failure');
  fetches.start();
  const balances = registry.histogram('balance_euros', { help: 'Also below 0.', buckets: [0, 1] });
  for (const value of [-2.5, 0, 0.75, 4]) balances.observe(value);
  return registry;
}

describe.skipIf(promtool === undefined)('promtool check metrics', () => {
  it('has nothing to say about the text format', () => {
    const registry = exampleRegistry(false);
    collectProcessMetrics(registry).close();
    const { status, stdout, stderr } = spawnSync(promtool ?? '', ['check', 'metrics'], {
      input: registry.exposition(),
      encoding: 'utf8',
    });

    expect(stdout + stderr).toBe('');
    expect(status).toBe(0);
  });
});

describe.skipIf(prometheus === undefined)('A Prometheus server', () => {
  const servers: Record<string, Server> = {};
  let server: PrometheusServer;

  beforeAll(async () => {
    servers['classic'] = await serve(exampleRegistry(false));
    servers['native'] = await serve(exampleRegistry(true));
    const features = ['native-histograms', 'exemplar-storage'];
    server = await startPrometheus(prometheus ?? '', servers, features);
    await vi.waitUntil(bothAreUp, { timeout: 20_000, interval: 100 });
  }, 30_000);

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    for (const one of Object.values(servers)) {
      one.closeAllConnections();
      one.close();
    }
  });

  /** The value of each job. */
  const valuesOf = async (expression: string): Promise<Record<string, number>> => {
    const results = await server.query(expression);
    return Object.fromEntries(
      results.map(({ metric, value }) => [metric['job'] ?? '', Number(value[1])]),
    );
  };

  const bothAreUp = async (): Promise<boolean> => {
    try {
      const { classic, native } = await valuesOf('up');
      return classic === 1 && native === 1;
    } catch {
      return false;
    }
  };

  const both = (value: number): Record<string, number> => ({ classic: value, native: value });

  it('has counters and gauges as they are, whatever their labels contain', async () => {
    expect(await valuesOf('temperature_celsius')).toEqual(both(-12.25));
    expect(await valuesOf('queue_length{service="shop"}')).toEqual(both(7));
    expect(await valuesOf('requests_total{path="/"}')).toEqual(both(0.5));
    const results = await server.query('requests_total != 0.5');
    expect(results.map(({ metric, value }) => [metric['path'], value[1]])).toEqual([
      [nasty, '3'],
      [nasty, '3'],
    ]);
  });

  it('has classic histograms, in seconds', async () => {
    expect(await valuesOf('fetch_seconds_count{outcome="success"}')).toEqual({ classic: 1_000 });
    expect(await valuesOf('fetch_seconds_sum{outcome="failure"}')).toEqual({ classic: 5 });
    expect(await valuesOf('fetch_seconds_bucket{outcome="success",le="0.1"}')).toEqual({
      classic: 100,
    });
    expect(await valuesOf('balance_euros_bucket{le="0.0"}')).toEqual({ classic: 2 });
    expect(await valuesOf('fetch_in_flight')).toEqual(both(1));
  });

  it('has native histograms, from which it reads quantiles as closely as we do', async () => {
    const { native } = await valuesOf('histogram_quantile(0.99, fetch_seconds{outcome="success"})');

    expect(Math.abs((native ?? NaN) / 0.99 - 1)).toBeLessThan(0.005);
    expect(await valuesOf('histogram_count(fetch_seconds{outcome="success"})')).toEqual({
      native: 1_000,
    });
    expect(await valuesOf('histogram_sum(balance_euros)')).toEqual({ native: 2.25 });
    expect(await valuesOf('histogram_fraction(-3, -2, balance_euros)')).toEqual({ native: 0.25 });
  });

  it('keeps examples', async () => {
    expect(await server.exemplars('requests_total')).toMatchObject([
      { exemplars: [{ labels: { trace_id: 'abc' }, value: '0.5' }] },
      { exemplars: [{ labels: { trace_id: 'abc' }, value: '0.5' }] },
    ]);
  });
});
