import { hash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

const shape = /^(?<host>[0-9a-f]{8})(?<pid>[0-9a-f]{8})[0-9a-f]{12}$/u;

/** Eight digits that tell this machine from others sharing a folder: a pid means nothing there. */
function hostMark(): string {
  return hash('sha256', hostname()).slice(0, 8);
}

/** A name for a store object, unique among all stores, threads, processes and machines. */
export function newWriterId(): string {
  return `${hostMark()}${process.pid.toString(16).padStart(8, '0')}${randomBytes(6).toString('hex')}`;
}

/** Whether the process of the writer is known to be gone. */
export function isGone(writer: string): boolean {
  const { host, pid = '' } = shape.exec(writer)?.groups ?? {};
  if (host !== hostMark()) return false;
  try {
    process.kill(Number.parseInt(pid, 16), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
