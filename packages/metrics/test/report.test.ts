import { ManualClock } from '@x/testkit';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Registry } from '../src/index.ts';

function exampleRegistry(): Registry {
  const clock = new ManualClock();
  const registry = new Registry({ clock, name: 'shop' });
  const requests = registry.counter('requests_total', { labelNames: ['method'] });
  requests.labels('GET').inc(12_345);
  requests.labels('POST').inc(7);
  registry.gauge('connections').set(3);
  const fetches = registry.timer('fetch', { labelNames: ['host'] }).labels('api');
  for (let ms = 1; ms <= 100; ms++) fetches.record(ms);
  fetches.record(61_500, 'failure');
  fetches.start();
  registry.histogram('size_bytes').observe(0.12345);
  clock.advance(1_000);
  return registry;
}

describe('Registry.report', () => {
  it('shows aligned tables with units and quantiles', () => {
    const registry = exampleRegistry();

    expect(registry.report({ width: Infinity }, registry.snapshot())).toBe(
      [
        'Metrics of "shop"',
        '',
        'Counters                        value',
        'requests_total{method="GET"}   12,345',
        'requests_total{method="POST"}       7',
        '',
        'Gauges       value',
        'connections      3',
        '',
        'Histograms  count  per s    mean     P50     P95     P99     max',
        'size_bytes      1      1  0.1235  0.1235  0.1235  0.1235  0.1235',
        '',
        'Timers                               count  per s       mean        P50        P95        P99        max  in flight',
        'fetch{host="api",outcome="failure"}      1      1  1.025 min  1.025 min  1.025 min  1.025 min  1.025 min          1',
        'fetch{host="api",outcome="success"}    100    100    50.5 ms      50 ms      95 ms      99 ms     100 ms          1',
      ].join('\n'),
    );
  });

  it('breaks what is too long for a line, and keeps the figures one below the other', () => {
    const registry = exampleRegistry();
    registry
      .counter('calls', { labelNames: ['route', 'status', 'method'] })
      .labels('/api/v1/packages/:name/versions/:version/files', '200', 'GET')
      .inc(5);
    registry.gauge('x'.repeat(100)).set(1);
    registry.gauge('y'.repeat(76)).set(2);

    expect(registry.report({ width: 80 }, registry.snapshot())).toBe(
      [
        'Metrics of "shop"',
        '',
        'Counters                                                                   value',
        'calls{route="/api/v1/packages/:name/versions/:version/files",status="200",',
        '  method="GET"}                                                                5',
        'requests_total{method="GET"}                                              12,345',
        'requests_total{method="POST"}                                                  7',
        '',
        'Gauges                                                                     value',
        'connections                                                                    3',
        'x'.repeat(80),
        `  ${'x'.repeat(20)}${' '.repeat(57)}1`,
        `${'y'.repeat(76)}   2`,
        '',
        'Histograms  count  per s    mean     P50     P95     P99     max',
        'size_bytes      1      1  0.1235  0.1235  0.1235  0.1235  0.1235',
        '',
        'Timers',
        '  count  per s       mean        P50        P95        P99        max  in flight',
        'fetch{host="api",outcome="failure"}',
        '      1      1  1.025 min  1.025 min  1.025 min  1.025 min  1.025 min          1',
        'fetch{host="api",outcome="success"}',
        '    100    100    50.5 ms      50 ms      95 ms      99 ms     100 ms          1',
      ].join('\n'),
    );
  });

  it.each([0, 1, 20, 60])('loses no figure at %i columns', (width) => {
    const registry = exampleRegistry();
    const figures = (report: string): string => report.replaceAll(/\s+/g, '');

    expect(figures(registry.report({ width }, registry.snapshot()))).toBe(
      figures(registry.report({ width: Infinity }, registry.snapshot())),
    );
  });

  it.each([',', 'x', 'é'])(
    'breaks a text of ten thousand %s without reading it for each line',
    (character) => {
      const registry = new Registry();
      const text = character.repeat(10_000);
      registry
        .gauge('size', { labelNames: ['path'] })
        .labels(text)
        .set(1);
      const segment = vi.spyOn(Intl.Segmenter.prototype, 'segment');
      onTestFinished(() => segment.mockRestore());

      const report = registry.report({ width: 60 }, registry.snapshot());

      const lines = report.split('\n').filter((line) => line.includes(character));
      expect(lines.length).toBeGreaterThan(10_000 / 60);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
      expect(lines.map((line) => line.trimStart()).join('')).toContain(text);
      const read = segment.mock.calls.reduce((sum, [part]) => sum + part.length, 0);
      expect(read).toBeLessThan(10 * text.length);
    },
  );

  it('emphasises headings when asked', () => {
    const report = exampleRegistry().report({ color: true });

    expect(report).toContain('\u001b[1mMetrics of "shop"\u001b[22m');
    expect(report.replaceAll('\u001b[1m', '').replaceAll('\u001b[22m', '')).toBe(
      exampleRegistry().report(),
    );
  });

  it('leaves out what recorded nothing when asked', () => {
    const registry = new Registry();
    registry.counter('used').inc();
    registry.counter('unused');
    registry.timer('never');

    expect(registry.report()).toMatch(/unused/);
    expect(registry.report({ idle: false })).not.toMatch(/unused|never|Timers/);
    expect(registry.report({ idle: false })).toMatch(/used +1/);
  });

  it('lets no label value write control characters to the terminal', () => {
    const registry = new Registry();
    registry
      .gauge('a', { labelNames: ['x'] })
      .labels('\u001b[2J\r\u0007')
      .set(1);

    expect(registry.report()).toContain(String.raw`a{x="\u001b[2J\u000d\u0007"}`);
  });
});

describe('Registry.report, where it is wide enough', () => {
  it('shows how values lie, the shapes one below the other', () => {
    const registry = new Registry({ clock: new ManualClock(), name: 'shop' });
    const sizes = registry.histogram('size_bytes', { labelNames: ['kind'] });
    for (let step = 0; step < 120; step++) sizes.labels('even').observe(2 ** (step / 12));
    for (let count = 0; count < 90; count++) sizes.labels('skewed').observe(10);
    for (let count = 0; count < 10; count++) sizes.labels('skewed').observe(1_000);
    const lines = registry.report({ width: 120 }).split('\n').slice(2);

    expect(lines.map((line) => line.slice(line.length - 10))).toEqual([
      expect.stringMatching(/ shape$/),
      expect.stringMatching(/^[▄▅▆▇█]{10}$/),
      '█        ▁',
    ]);
    expect(registry.report({ width: 60 })).not.toContain('shape');
    expect(() => registry.report({ width: -1 })).toThrow(RangeError);
  });
});

describe('Registry.reportEvery', () => {
  it('tells a report again and again until it is disposed, and keeps no process alive', () => {
    const clock = new ManualClock();
    const registry = new Registry({ clock });
    registry.counter('a').inc();
    const reports: string[] = [];
    const telling = registry.reportEvery(1_000, { write: (report) => reports.push(report) });

    expect(clock.pending).toEqual({ foreground: 0, background: 1 });
    clock.advance(3_500);
    expect(reports).toHaveLength(3);
    expect(reports[0]).toBe(registry.report());
    telling[Symbol.dispose]();
    telling[Symbol.dispose]();
    clock.advance(5_000);
    expect(reports).toHaveLength(3);
    expect(clock.pending.background).toBe(0);
  });

  it('tells the logger where there is one', () => {
    const clock = new ManualClock();
    const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const registry = new Registry({ clock, logger });
    registry.reportEvery(10);
    clock.advance(10);

    expect(logger.info).toHaveBeenCalledExactlyOnceWith(registry.report());
    expect(() => registry.reportEvery(0)).toThrow(RangeError);
  });
});

describe('Registry.summary', () => {
  it('is one flat object of numbers', () => {
    const summary = exampleRegistry().summary();

    expect(summary).toMatchObject({
      'requests_total{method="GET"}': 12_345,
      connections: 3,
      size_bytes_count: 1,
      size_bytes_p95: 0.12345,
      'fetch_count{host="api",outcome="success"}': 100,
      'fetch_mean_ms{host="api",outcome="success"}': 50.5,
      'fetch_p95_ms{host="api",outcome="success"}': 95,
    });
    expect(Object.values(summary).every((value) => Number.isFinite(value))).toBe(true);
  });

  it('leaves out what is not known', () => {
    const registry = new Registry();
    registry.histogram('size');

    expect(registry.summary()).toEqual({ size_count: 0 });
    registry.histogram('size').observe(1);
    expect(registry.summary()).toMatchObject({ size_count: 1 });
  });
});
