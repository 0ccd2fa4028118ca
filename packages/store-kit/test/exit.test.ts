import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('a process that waits for nothing else ends by itself', () => {
  const fixture = fileURLToPath(new URL('fixtures/wait.ts', import.meta.url));

  const output = execFileSync(process.execPath, ['--conditions=@x/source', fixture], {
    encoding: 'utf8',
  });

  expect(output).toBe('still here\n');
});
