import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

/** Without it most of a short process goes into reading its own code. */
const compileCache = join(tmpdir(), 'http-service-compile-cache');
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

function startProcess(env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, ['--conditions=@x/source', main], {
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** A registry that keeps its clients waiting; `asked` resolves with the answer to be given. */
async function slowRegistry(): Promise<{ url: string; asked: Promise<ServerResponse> }> {
  const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>();
  const server = createServer((_request, response) => resolve(response));
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

describe('the process of the example http-service', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'answers what is under way at %s, then ends',
    async (signal) => {
      const registry = await slowRegistry();
      const child = startProcess({ PORT: '0', UPSTREAM: registry.url });
      const ended = once(child, 'exit');
      const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
      const address = /http:\/\/[^"]+/.exec((await lines.next()).value)?.[0];

      const pending = fetch(`${address}/packages/left-pad`);
      const response = await registry.asked;
      child.kill(signal);
      for await (const line of lines) if (line.includes(signal)) break;
      response.end('{"name":"left-pad"}');

      expect((await pending).status).toBe(200);
      expect(await ended).toEqual([0, null]);
    },
  );

  it.each([
    ['PORT', 'http', 'PORT must be a number from 0 to 65535, got "http"\n'],
    [
      'PERFORMANCE_POOL_MAX_RETRIES',
      'many',
      'PERFORMANCE_POOL_MAX_RETRIES must be a number, got "many"\n',
    ],
  ])('says what is wrong with %s=%s', async (name, value, expected) => {
    const child = startProcess({ [name]: value });
    const [[message], [code]] = await Promise.all([
      once(child.stderr.setEncoding('utf8'), 'data'),
      once(child, 'exit'),
    ]);

    expect([message, code]).toEqual([expected, 1]);
  });
});
