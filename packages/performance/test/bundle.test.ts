import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

describe('createCache in a bundle', () => {
  it('says that better-sqlite3 was bundled, when it was', async () => {
    const folder = temporaryFolder();
    const outfile = join(folder, 'program.cjs');
    await build({
      stdin: {
        contents: `import { createCache } from './create-cache.ts';
          createCache({ backend: 'sqlite', directory: process.argv[2] }).catch((error) => {
            console.log(JSON.stringify({ code: error.code, message: error.message }));
          });`,
        resolveDir: fileURLToPath(new URL('../src', import.meta.url)),
      },
      bundle: true,
      platform: 'node',
      target: 'node22',
      conditions: ['@x/source'],
      outfile,
    });

    const { stdout } = await promisify(execFile)(process.execPath, [outfile, folder]);

    expect(JSON.parse(stdout)).toEqual({
      code: 'ERR_CACHE_OPEN',
      message: expect.stringMatching(
        /^backend "sqlite" cannot load better-sqlite3; keep it external when bundling/,
      ) as string,
    });
  });
});
