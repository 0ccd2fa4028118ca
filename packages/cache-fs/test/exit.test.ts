import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { FileStore } from '../src/index.ts';
import { temporaryFolder } from './folders.ts';

it('a process that used a store and closed nothing ends by itself, its entry kept', async () => {
  const directory = temporaryFolder();
  const fixture = fileURLToPath(new URL('fixtures/set-once.ts', import.meta.url));

  const output = execFileSync(
    process.execPath,
    ['--conditions=@x/source', fixture, directory, 'a', 'kept'],
    { encoding: 'utf8' },
  );

  expect(output).toBe('stored\n');
  const store = await FileStore.open({ directory });
  expect((await store.get('a'))?.value).toBe('kept');
});
