import type { EvictionPolicy } from './eviction-policy.ts';
import { LruPolicy } from './lru-policy.ts';

/** Which entry leaves a full cache: `'lru'`, the one that was used least recently. */
export type PolicyName = 'lru';

export const policyNames: readonly PolicyName[] = ['lru'];

export function createPolicy(name: PolicyName): EvictionPolicy {
  switch (name) {
    case 'lru':
      return new LruPolicy();
  }
}
