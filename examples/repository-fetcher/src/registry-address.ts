import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The registry that the user's npm is configured for, ending in `/`.
 *
 * @throws Error when npm cannot be asked
 */
export async function readRegistryAddress(): Promise<string> {
  const { stdout } = await run('npm', ['config', 'get', 'registry'], {
    shell: process.platform === 'win32',
    timeout: 30_000,
  });
  const address = stdout.trim();
  return address.endsWith('/') ? address : `${address}/`;
}
