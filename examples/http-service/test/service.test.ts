import { ManualClock } from '@x/testkit';
import { UpstreamServer } from '@x/testkit/upstream';
import { minutes } from '@x/performance';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createService } from '../src/service.ts';

/** Starts the service on a port of its own; it ends with the test. */
async function start(upstream: string, clock?: ManualClock): Promise<string> {
  const service = await createService({ upstream, clock, log: false });
  onTestFinished(() => service.close());
  return service.listen({ host: '127.0.0.1', port: 0 });
}

async function startUpstream(): Promise<UpstreamServer> {
  const upstream = await UpstreamServer.start();
  onTestFinished(() => upstream.close());
  return upstream;
}

/** Waits for an answer that needs time to pass. */
async function passTime<T>(clock: ManualClock, pending: Promise<T>): Promise<T> {
  const settled = Promise.allSettled([pending]);
  while (!(await Promise.race([settled, clock.advanceAsync(100)]))) continue;
  return pending;
}

describe('GET /packages/:name', () => {
  it('asks the registry once, however many clients ask at the same time', async () => {
    const upstream = await startUpstream();
    const service = await start(`${upstream.origins[0]}/`);

    const ask = async (): Promise<unknown> => (await fetch(`${service}/packages/left-pad`)).json();
    const answers = await Promise.all(Array.from({ length: 50 }, ask));

    expect(upstream.stats().requests).toBe(1);
    expect(answers[0]).toMatchObject({ name: 'left-pad', latest: expect.any(String) });
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it('answers at once with what it had when the registry is down', async () => {
    const clock = new ManualClock();
    const upstream = await startUpstream();
    const service = await start(`${upstream.origins[0]}/`, clock);
    await fetch(`${service}/packages/left-pad`);
    await upstream.close();

    clock.advance(minutes(2));
    const soon = await fetch(`${service}/packages/left-pad`);
    clock.advance(minutes(58));
    const later = await passTime(clock, fetch(`${service}/packages/left-pad`));

    expect([soon.status, soon.headers.get('age')]).toEqual([200, '120']);
    expect(later.status).toBe(200);
    expect(Number(later.headers.get('age'))).toBeGreaterThanOrEqual(3_600);
    expect(await later.json()).toEqual(await soon.json());
  });

  it('says that the registry is down when it has nothing to answer with', async () => {
    const clock = new ManualClock();
    const upstream = await startUpstream();
    const service = await start(`${upstream.origins[0]}/`, clock);
    await upstream.close();

    const answer = await passTime(clock, fetch(`${service}/packages/left-pad`));

    expect(answer.status).toBe(502);
    expect(await answer.json()).toEqual({ message: 'the registry did not answer as expected' });
  });

  it('passes on when to come back', async () => {
    const upstream = await startUpstream();
    const service = await start(upstream.url('/status/429?retry-after=120&name='));

    const answer = await fetch(`${service}/packages/left-pad`);

    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeCloseTo(120, -1);
  });

  it('remembers that there is no such package', async () => {
    const upstream = await startUpstream();
    const service = await start(`${upstream.origins[0]}/`);

    const answers = [];
    for (let time = 0; time < 3; time++) answers.push(await fetch(`${service}/packages/missing-a`));

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(upstream.stats().requests).toBe(1);
  });
});

describe('the pages about the service itself', () => {
  it('tell Prometheus what the requests, the cache and the pool did', async () => {
    const upstream = await startUpstream();
    const service = await start(`${upstream.origins[0]}/`);
    await fetch(`${service}/packages/left-pad`);
    await fetch(`${service}/packages/left-pad`);

    const page = await fetch(`${service}/metrics`);
    const text = await page.text();

    expect(page.headers.get('content-type')).toContain('text/plain');
    expect(text).toMatch(/^http_request_ms_count\{route="\/packages\/:name",status="200"\} 2$/m);
    expect(text).toMatch(/^cache_requests_total\{cache="cache",outcome="hit"\} 1$/m);
    expect(text).toMatch(/^pool_requests_total\{.*outcome="2xx".*\} 1$/m);
    expect(text).toMatch(/^process_cpu_seconds_total\{/m);
  });

  it('tell people as a report', async () => {
    const upstream = await startUpstream();
    const service = await start(`${upstream.origins[0]}/`);

    const report = await (await fetch(`${service}/report`)).text();

    expect(report).toMatch(/Pool\n +requests/);
    expect(await (await fetch(`${service}/health`)).json()).toEqual({ status: 'ok' });
  });
});
