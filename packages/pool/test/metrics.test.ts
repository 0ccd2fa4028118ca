import type { Meter } from '@x/interfaces';
import { ManualClock, UpstreamServer } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { HttpPool } from '../src/index.ts';
import { rejection, until } from './support.ts';

/** A meter that keeps `name{label,label}` and what was recorded there. */
function recordingMeter(observes = false): {
  meter: Meter;
  values: Map<string, number>;
  times: string[];
  observed: Map<string, () => number>;
} {
  const values = new Map<string, number>();
  const observed = new Map<string, () => number>();
  const times: string[] = [];
  const add = (key: string, amount: number): void => {
    values.set(key, (values.get(key) ?? 0) + amount);
  };
  const instrument = (name: string): object => ({
    ...child(`${name}{}`),
    labels: (...labels: string[]) => child(`${name}{${labels.join(',')}}`),
  });
  const child = (key: string): object => ({
    inc: (amount = 1) => add(key, amount),
    dec: (amount = 1) => add(key, -amount),
    set: (value: number) => values.set(key, value),
    record: (_ms: number, outcome = 'success') => times.push(`${key} ${outcome}`),
    observe: observes ? (read: () => number) => observe(key, read) : undefined,
  });
  const observe = (key: string, read: () => number): Disposable => {
    observed.set(key, read);
    return { [Symbol.dispose]: () => observed.delete(key) };
  };
  const meter = {
    counter: instrument,
    gauge: instrument,
    timer: instrument,
    histogram: instrument,
  };
  return { meter: meter as unknown as Meter, values, times, observed };
}

describe('the figures of HttpPool', () => {
  it('start at nothing', () => {
    expect(new HttpPool().stats()).toEqual({
      requests: 0,
      attempts: 0,
      retries: 0,
      replays: 0,
      failures: 0,
      retriesRefused: 0,
      hedges: 0,
      hedgesWon: 0,
      bytesReceived: 0,
      connectionsOpened: 0,
      connectionsOpen: 0,
      connectionsIdle: 0,
      queued: 0,
      reuseRatio: 0,
      limiterWaitMs: 0,
    });
  });

  it('count requests, connections and how often these were reused', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ random: () => 0, maxConnectionsPerOrigin: 2 });
    await Promise.all(Array.from({ length: 9 }, () => pool.get(server.url('/status/200'))));
    await rejection(pool.get(server.url('missing-a')));

    expect(pool.stats()).toMatchObject({
      requests: 10,
      attempts: 10,
      failures: 1,
      connectionsOpened: 2,
      connectionsIdle: 2,
      reuseRatio: 0.8,
    });
    expect(pool.stats().bytesReceived).toBeGreaterThan(9 * 4);
  });

  it('count requests that wait', async () => {
    await using server = await UpstreamServer.start();
    const pool = new HttpPool({ maxConnectionsPerOrigin: 1 });
    const pending = [1, 2, 3].map(() => rejection(pool.get(server.url('/hang'))));
    await until(() => server.stats().requests === 1);

    expect(pool.stats()).toMatchObject({ connectionsOpen: 1, connectionsIdle: 0, queued: 2 });
    await pool.close({ timeoutMs: 0 });
    await Promise.all(pending);
  });

  it('go to the meter, under the name of the pool', async () => {
    const { meter, values, times } = recordingMeter();
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    const pool = new HttpPool({ meter, clock, name: 'api', random: () => 0, readTimeoutMs: 50 });
    const flaky = pool.get(server.url('/flaky?fail=1&key=a'));
    await until(() => pool.stats().retries === 1);
    await clock.advanceAsync(0);
    await flaky;
    await rejection(pool.post(server.url('missing-a')));
    await rejection(pool.request(server.url('/reset'), { method: 'PURGE', maxRetries: 0 }));
    const slow = rejection(pool.get(server.url('/hang'), { maxRetries: 0 }));
    await until(() => server.stats().requests === 5);
    await clock.advanceAsync(50);
    await slow;
    await pool.close();

    const origin = server.origins[0] ?? '';
    const seen = Object.fromEntries(values);
    expect(seen).toEqual({
      [`pool_requests_total{api,${origin},GET,2xx}`]: 1,
      [`pool_requests_total{api,${origin},POST,4xx}`]: 1,
      [`pool_requests_total{api,${origin},other,request}`]: 1,
      [`pool_requests_total{api,${origin},GET,headers_timeout}`]: 1,
      [`pool_retries_total{api,${origin},503}`]: 1,
      [`pool_connections_opened_total{api,${origin}}`]: 2,
      [`pool_connections_closed_total{api,${origin},server}`]: 1,
      [`pool_connections_closed_total{api,${origin},error}`]: 1,
      [`pool_received_bytes_total{api,${origin}}`]: pool.stats().bytesReceived,
      'pool_connections_open{api}': 0,
      'pool_connections_idle{api}': 0,
      'pool_queued{api}': 0,
      'pool_reuse_ratio{api}': pool.stats().reuseRatio,
    });
    expect(times).toContain(`pool_request_duration{api,${origin},GET} success`);
    expect(times).toContain(`pool_request_duration{api,${origin},POST} failure`);
    for (const phase of ['limit', 'queue', 'first_byte', 'body']) {
      expect(times).toContain(`pool_phase_duration{api,${origin},${phase}} success`);
    }
  });

  it('count second requests, and those that answered first', async () => {
    const { meter, values } = recordingMeter();
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ meter, clock, name: 'api', hedge: { delayMs: 50 } });
    const answer = pool.get(server.url('/hang?times=1&key=a'));
    await until(() => server.stats().requests === 1);
    await clock.advanceAsync(50);
    await answer;

    const origin = server.origins[0] ?? '';
    expect(values.get(`pool_hedges_total{api,${origin}}`)).toBe(1);
    expect(values.get(`pool_hedges_won_total{api,${origin}}`)).toBe(1);
  });

  it('say how it stands whenever a meter asks, also while nothing is answered', async () => {
    const { meter, observed } = recordingMeter(true);
    await using server = await UpstreamServer.start();
    const pool = new HttpPool({ meter, name: 'api', maxConnectionsPerOrigin: 2 });
    const ask = (): unknown =>
      Object.fromEntries([...observed].map(([key, read]) => [key, read()]));
    await Promise.all([pool.get(server.url('/echo')), pool.get(server.url('/echo'))]);
    const hanging = [1, 2, 3, 4, 5].map(() => rejection(pool.get(server.url('/hang'))));
    await until(() => server.stats().requests === 4);

    expect(ask()).toEqual({
      'pool_connections_open{api}': 2,
      'pool_connections_idle{api}': 0,
      'pool_queued{api}': 3,
      'pool_reuse_ratio{api}': pool.stats().reuseRatio,
    });
    await pool.close({ timeoutMs: 0 });
    await Promise.all(hanging);
    expect(ask()).toEqual({});
  });

  it('have labels for the first 20 origins, and one for all others', async () => {
    const { meter, values, times } = recordingMeter();
    await using server = await UpstreamServer.start({ origins: 23 });
    await using pool = new HttpPool({ meter });
    for (const origin of server.origins) await pool.get(`${origin}/echo`);

    const labelled = [...values].filter(([key]) => key.startsWith('pool_requests_total'));
    expect(labelled).toHaveLength(21);
    expect(values.get('pool_requests_total{http,other,GET,2xx}')).toBe(3);
    expect(times).toContain('pool_phase_duration{http,other,connect} success');
  });
});
