import type { KeyPattern } from '@x/interfaces';
import type { Tier } from '../tiers/tier.ts';
import type { Tiers } from '../tiers/tiers.ts';

/**
 * Lists the keys of all tiers; those of the upper ones, which are small, are remembered.
 *
 * @yields each key once
 */
export async function* listKeys(
  tiers: Tiers,
  prefix: string,
  pattern: KeyPattern | undefined,
): AsyncIterableIterator<string> {
  const seen = new Set<string>();
  const last = tiers.all.at(-1);
  for (const tier of tiers.all) {
    for await (const key of keysOf(tier, prefix)) {
      if (seen.has(key) || tier.isOutdated(key)) continue;
      if (tier !== last) seen.add(key);
      if (pattern === undefined || pattern.matches(key)) yield key;
    }
  }
}

async function* keysOf(tier: Tier, prefix: string): AsyncIterableIterator<string> {
  const iterator = tier.store.keys({ prefix })[Symbol.asyncIterator]();
  try {
    for (;;) {
      const step = await tier.attempt('keys', undefined, () => iterator.next());
      if (step === undefined || step.done === true) return;
      yield step.value;
    }
  } finally {
    // Not waited for: a store that hangs would hang here too.
    iterator.return?.().catch(() => {});
  }
}
