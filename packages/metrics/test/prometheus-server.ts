import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Registry } from '../src/index.ts';

const cached = fileURLToPath(new URL('../../../.cache/prometheus/usr/bin/', import.meta.url));

/** A program of Prometheus, in the cache or on the path; `undefined` where it is in neither. */
export function findProgram(name: 'prometheus' | 'promtool'): string | undefined {
  if (existsSync(cached + name)) return cached + name;
  return spawnSync(name, ['--version']).status === 0 ? name : undefined;
}

/** Serves a registry on this machine. */
export async function serve(registry: Registry): Promise<Server> {
  const server = createServer(registry.handler());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

/** One element of the answer to a query. */
export interface QueryResult {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [at: number, value: string];
}

/** A Prometheus server that scrapes others on this machine. */
export interface PrometheusServer extends AsyncDisposable {
  query(expression: string): Promise<readonly QueryResult[]>;
  /** What the server has kept as examples of a series. */
  exemplars(expression: string): Promise<unknown>;
}

/** Starts the server in a folder of its own; disposing it ends it. */
export async function startPrometheus(
  program: string,
  targets: Readonly<Record<string, Server>>,
  features: readonly string[],
): Promise<PrometheusServer> {
  const folder = await mkdtemp(join(tmpdir(), 'prometheus-'));
  const jobs = Object.entries(targets).map(([name, server]) => ({
    job_name: name,
    static_configs: [{ targets: [`127.0.0.1:${portOf(server)}`] }],
  }));
  const config = {
    global: { scrape_interval: '200ms', scrape_timeout: '200ms' },
    scrape_configs: jobs,
  };
  // JSON is YAML.
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const port = await freePort();
  const child = spawn(
    program,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      `--enable-feature=${features.join(',')}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  );
  const ended = once(child, 'exit');
  const get = async (path: string, query: string): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}?${query}`);
    const { data } = (await response.json()) as { data: unknown };
    return data;
  };
  return {
    query: async (expression) => {
      const data = await get('query', `query=${encodeURIComponent(expression)}`);
      return (data as { result: readonly QueryResult[] }).result;
    },
    exemplars: (expression) =>
      get('query_exemplars', `query=${encodeURIComponent(expression)}&start=0&end=9999999999`),
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
