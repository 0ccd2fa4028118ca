import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** How the server of a measurement behaves. */
export interface ServerOptions {
  readonly origins?: number | undefined;
  /** Answers as late as this, in milliseconds. */
  readonly delayMs?: number | undefined;
  /** Whether it speaks TLS. */
  readonly tls?: boolean | undefined;
  /** How idle connections are closed, at random times soon after an answer. */
  readonly idleKill?: 'fin' | 'rst' | undefined;
}

/** A server in a process of its own, so that its CPU time is not the client's. */
export interface BenchServer extends AsyncDisposable {
  readonly origins: readonly string[];
  readonly ca: string | undefined;
  /** Bytes of the body at `/plain`. */
  readonly plainBytes: number;
  /** Connections accepted, and the most that were open at a time. */
  connections(): Promise<{ readonly accepted: number; readonly mostOpen: number }>;
}

type Started = Pick<BenchServer, 'origins' | 'ca' | 'plainBytes'>;

export async function startServer(options: ServerOptions): Promise<BenchServer> {
  const file = fileURLToPath(new URL('./server-process.ts', import.meta.url));
  const child = fork(file, [JSON.stringify(options)]);
  const [started] = (await once(child, 'message')) as [Started];
  return {
    ...started,
    async connections() {
      child.send('connections');
      const [answer] = await once(child, 'message');
      return answer as { accepted: number; mostOpen: number };
    },
    async [Symbol.asyncDispose]() {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}
