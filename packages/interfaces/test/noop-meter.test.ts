import { describe, expect, expectTypeOf, it } from 'vitest';
import { noopMeter, type CounterChild } from '@x/interfaces';

describe('noopMeter', () => {
  it('takes everything a meter takes', () => {
    const counter = noopMeter.counter('requests', { labelNames: ['method', 'status'] });
    counter.labels('GET', '200').inc();
    counter.labels({ method: 'GET', status: '200' }).inc(2);
    const gauge = noopMeter.gauge('queued');
    gauge.set(1);
    gauge.inc();
    gauge.dec();
    noopMeter.histogram('size', { buckets: [1, 2] }).observe(5);
    noopMeter.timer('load').record(5, 'failure');

    expect(noopMeter.timer('load').start().stop()).toBe(0);
  });

  it('passes on what a timed function answers', async () => {
    const timer = noopMeter.timer('load');

    expect(timer.time(() => 5)).toBe(5);
    await expect(timer.time(async () => 'later')).resolves.toBe('later');
  });

  it('knows the label names', () => {
    const counter = noopMeter.counter('requests', { labelNames: ['method', 'status'] });

    expectTypeOf(counter.labels('GET', '200')).toEqualTypeOf<CounterChild>();
    // @ts-expect-error: a value for status is missing
    counter.labels('GET');
    // @ts-expect-error: there is no label of that name
    counter.labels({ method: 'GET', code: '200' });
  });
});
