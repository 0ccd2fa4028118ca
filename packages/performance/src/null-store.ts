import type { Entry, Store, StoreStats } from '@x/interfaces';

/** Keeps nothing: the store of a cache that is switched off. */
export class NullStore implements Store {
  readonly name = 'none';

  get(): undefined {
    return undefined;
  }

  getMany(keys: readonly string[]): undefined[] {
    return keys.map(() => undefined);
  }

  set(_key: string, _entry: Entry): void {}

  setMany(_entries: Iterable<readonly [string, Entry]>): void {}

  delete(): boolean {
    return false;
  }

  deleteMany(): number {
    return 0;
  }

  invalidate(): number {
    return 0;
  }

  async *keys(): AsyncIterable<string> {}

  clear(): void {}

  purgeExpired(): number {
    return 0;
  }

  stats(): StoreStats {
    return { entries: 0, bytes: 0, evictions: 0, expirations: 0 };
  }

  close(): void {}

  async [Symbol.asyncDispose](): Promise<void> {}
}
