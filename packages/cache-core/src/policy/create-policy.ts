import type { EvictionPolicy, RankedKeys, SlotWeights } from './eviction-policy.ts';
import { LruPolicy } from './lru-policy.ts';
import { TinyLfuPolicy } from './tiny-lfu-policy.ts';

/**
 * Which entry leaves a full cache: `'tiny-lfu'` keeps what is used often and withstands scans;
 * `'lru'` evicts the one that was used least recently, strictly.
 */
export type PolicyName = 'tiny-lfu' | 'lru';

export const policyNames: readonly PolicyName[] = ['tiny-lfu', 'lru'];

export function createPolicy(
  name: PolicyName,
  keys: RankedKeys,
  weights: SlotWeights,
): EvictionPolicy {
  switch (name) {
    case 'tiny-lfu':
      return new TinyLfuPolicy(keys, weights);
    case 'lru':
      return new LruPolicy(weights);
  }
}
