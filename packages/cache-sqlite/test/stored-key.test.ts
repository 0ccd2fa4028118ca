import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SqliteStore } from '../src/index.ts';
import { fromStoredKey, toStoredKey } from '../src/tables/stored-key.ts';

/** Strings near the places where UTF-8, UTF-16 and SQL ranges differ. */
const key = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      '\0',
      '\u0001',
      '%',
      '\ud7ff',
      '\ue000',
      '\uffff',
      '\ud800',
      '\udfff',
      '🌱',
      '\u{10ffff}',
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join(''));

describe('keys of a SqliteStore', () => {
  it('come back as they were and stay apart', () => {
    fc.assert(
      fc.property(key, key, (one, other) => {
        expect(fromStoredKey(toStoredKey(one))).toBe(one);
        if (one === other) return;
        expect(toStoredKey(one)).not.toEqual(toStoredKey(other));
      }),
    );
  });

  it('are listed by any prefix as a filter over all keys would', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(key, { maxLength: 20 }), key, async (keys, prefix) => {
        const store = await SqliteStore.open({ path: ':memory:' });
        await store.setMany(keys.map((one) => [one, { value: one, createdAt: 0 }]));

        const found = await Array.fromAsync(store.keys({ prefix }));

        expect(found.sort()).toEqual(keys.filter((one) => one.startsWith(prefix)).sort());
        await store.close();
      }),
      { numRuns: 60 },
    );
  });
});
