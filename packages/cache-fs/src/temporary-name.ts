import { randomBytes, hash } from 'node:crypto';
import { hostname } from 'node:os';

const shape = /^\.(?<host>[0-9a-f]{8})-(?<pid>\d+)-[0-9a-f]{12}-\d+\.tmp$/;

/** Eight digits that tell this machine from others sharing a folder: a pid means nothing there. */
function hostMark(): string {
  return hash('sha256', hostname()).slice(0, 8);
}

/** Names for files being written, unique among all stores, threads, processes and machines. */
export class TemporaryNames {
  readonly #prefix = `.${hostMark()}-${process.pid}-${randomBytes(6).toString('hex')}`;
  #count = 0;

  next(): string {
    this.#count++;
    return `${this.#prefix}-${this.#count}.tmp`;
  }
}

/** Whether a file of this name was being written once. */
export function isTemporaryName(name: string): boolean {
  return shape.test(name);
}

/** Whether the process that was writing the file is known to be gone. */
export function isOrphan(name: string): boolean {
  const { host, pid } = shape.exec(name)?.groups ?? {};
  if (host !== hostMark()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
