import { once } from 'node:events';
import { createServer, request as send, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Registry } from '../src/index.ts';
import { readOpenMetrics } from './check-openmetrics.ts';
import { parseExposition } from './parse-exposition.ts';

const acceptOfPrometheus =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

function exampleRegistry(): Registry {
  const registry = new Registry({ maxSeries: 20_000 });
  registry.counter('requests').inc(3);
  return registry;
}

describe('Registry.handler with a Request', () => {
  const ask = (registry: Registry, accept?: string, method = 'GET'): Response => {
    const headers = accept === undefined ? {} : { accept };
    return registry.handler()(new Request('http://localhost/metrics', { method, headers }));
  };

  it('answers in the Prometheus text format by default', async () => {
    const response = ask(exampleRegistry());

    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toBe('# TYPE requests_total counter\nrequests_total 3\n');
  });

  it('answers what is accepted most', async () => {
    const registry = exampleRegistry();

    readOpenMetrics(await ask(registry, acceptOfPrometheus).text());
    expect(ask(registry, acceptOfPrometheus).headers.get('content-type')).toMatch(/openmetrics/);
    const json = await ask(registry, 'application/json').json();
    expect(json).toMatchObject({ metrics: [{ name: 'requests', series: [{ value: 3 }] }] });
    parseExposition(await ask(registry, 'text/html, application/json;q=0.2, */*;q=0.5').text());
    parseExposition(await ask(registry, 'application/vnd.google.protobuf').text());
  });

  it('answers HEAD without a body, and refuses other methods', async () => {
    const head = ask(exampleRegistry(), undefined, 'HEAD');
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');

    const post = ask(exampleRegistry(), undefined, 'POST');
    expect(post.status).toBe(405);
    expect(post.headers.get('allow')).toBe('GET, HEAD');
  });
});

describe('Registry.handler in a server of node:http', () => {
  let server: Server | undefined;

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  const listen = async (registry: Registry): Promise<string> => {
    server = createServer(registry.handler());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };

  it('answers as with a Request', async () => {
    const address = await listen(exampleRegistry());
    const plain = await fetch(address);
    const open = await fetch(address, { headers: { accept: acceptOfPrometheus } });

    expect(plain.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    parseExposition(await plain.text());
    readOpenMetrics(await open.text());
    expect((await fetch(address, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(address, { method: 'DELETE' })).status).toBe(405);
  });

  it('outlives a client that leaves in the middle', async () => {
    const registry = exampleRegistry();
    const counter = registry.counter('many', { labelNames: ['x'] });
    for (let index = 0; index < 20_000; index++) counter.labels('y'.repeat(100) + index).inc();
    const address = await listen(registry);
    const client = send(address);
    client.end();
    const [response] = (await once(client, 'response')) as [NodeJS.ReadableStream];
    await once(response, 'data');
    client.destroy();

    const whole = await (await fetch(address)).text();
    expect(parseExposition(whole)).toHaveLength(2);
  });
});
