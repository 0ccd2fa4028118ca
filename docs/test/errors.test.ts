import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './pages.ts';

/** An error class that a package exports. */
interface ErrorClass {
  readonly name: string;
  readonly package: string;
  /** From the folder `src` of the package. */
  readonly file: string;
  readonly parent: string;
  /** `undefined` where its parent has it. */
  readonly ownCode: string | undefined;
}

const header = /^export class (\w+Error) extends (\w+)(?:<'(ERR_\w+)'>)?/gm;

function errorsOf(name: string): ErrorClass[] {
  const source = join(root, 'packages', name, 'src');
  const index = readFileSync(join(source, 'index.ts'), 'utf8');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) =>
      Array.from(
        readFileSync(join(source, file), 'utf8').matchAll(header),
        ([, className = '', parent = '', ownCode]): ErrorClass => ({
          name: className,
          package: `@x/${name}`,
          file: file.replaceAll('\\', '/'),
          parent,
          ownCode,
        }),
      ),
    )
    .filter((error) => new RegExp(`\\b${error.name}\\b`).test(index));
}

const errors = readdirSync(join(root, 'packages'))
  .filter((name) => existsSync(join(root, 'packages', name, 'src/index.ts')))
  .flatMap(errorsOf);

function codeOf({ ownCode, parent }: ErrorClass): string | undefined {
  return ownCode ?? errors.find(({ name }) => name === parent)?.ownCode;
}

/** The words of a class name: `CacheOpenError` is `CACHE_OPEN`. */
function words({ name }: ErrorClass): string {
  return name
    .replace(/Error$/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_')
    .toUpperCase();
}

describe('docs/errors.md', () => {
  it('has every exported error with its code and package, and no other', () => {
    const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');
    const rows = Array.from(
      page.matchAll(/^\| `(ERR_\w+)` +\| `(\w+)` +\| `([^`]+)` +\|/gm),
      ([, code, name, owner]) => `${code} ${name} ${owner}`,
    );

    const expected = errors.map((error) => `${codeOf(error)} ${error.name} ${error.package}`);
    expect(expected.length).toBeGreaterThan(30);
    expect(rows).toEqual(expected.toSorted());
  });

  it('says of each when it comes and what to do', () => {
    const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');
    const incomplete = page
      .split('\n')
      .filter((line) => line.startsWith('| `ERR_'))
      .filter((line) => line.split('|').filter((cell) => cell.trim() !== '').length !== 5);

    expect(incomplete).toEqual([]);
  });
});

describe('an exported error', () => {
  it.each(errors.filter(({ ownCode }) => ownCode !== undefined))(
    'is named as its code: $name',
    (error) => {
      const isOfPool = error.package === '@x/pool';
      const expected = `ERR_${isOfPool ? `POOL_${words(error).replace(/^POOL_/, '')}` : words(error)}`;

      expect(error.ownCode).toBe(expected);
    },
  );

  it.each(errors)(
    'has a file of its own, in a folder where there are more than three: $name',
    (error) => {
      const ofPackage = errors.filter((other) => other.package === error.package);

      expect(basename(error.file, '.ts')).toBe(
        words(error).toLowerCase().replaceAll('_', '-') + '-error',
      );
      expect(dirname(error.file)).toBe(ofPackage.length > 3 ? 'errors' : '.');
    },
  );
});
