import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { Case, Suite } from '../harness/suite.ts';
import { type Memoiser, memoisers } from './memoisers.ts';

const callers = 1_000;
const loadMs = 20;
/** After that, callers that have no answer yet count as hanging. */
const patienceMs = 3_000;

/** A thousand callers ask for one key at once: how often does its loader run, and what are they told? */
const cold: Case<Memoiser> = async (memoiser, probe) => {
  let loads = 0;
  const read = memoiser({
    load: async (key) => {
      loads++;
      await setTimeout(loadMs);
      return { key };
    },
    ttlMs: 60_000,
    staleMs: 0,
  });
  const values = await Promise.all(Array.from({ length: callers }, () => read('key')));
  assert.ok(values.every(({ key }) => key === 'key'));
  probe.record('loads', loads);
};

const stale: Case<Memoiser> = async (memoiser, probe) => {
  let loads = 0;
  const read = memoiser({
    load: async (key) => {
      loads++;
      await setTimeout(loadMs);
      return { key };
    },
    ttlMs: 1_000,
    staleMs: 30_000,
  });
  await read('key');
  await setTimeout(1_100);
  const before = loads;
  const startedAt = performance.now();
  const values = await Promise.all(Array.from({ length: callers }, () => read('key')));
  probe.record('waitedMs', performance.now() - startedAt);
  assert.ok(values.every(({ key }) => key === 'key'));
  await setTimeout(loadMs * 5);
  probe.record('loads', loads - before);
};

const rejecting: Case<Memoiser> = async (memoiser, probe) => {
  let loads = 0;
  const read = memoiser({
    load: async () => {
      loads++;
      await setTimeout(loadMs);
      throw new Error('down');
    },
    ttlMs: 60_000,
    staleMs: 0,
  });
  let rejected = 0;
  const calls = Array.from({ length: callers }, async () => {
    try {
      await read('key');
    } catch {
      rejected++;
    }
  });
  await Promise.race([Promise.all(calls), setTimeout(patienceMs)]);
  probe.record('loads', loads);
  probe.record('rejected', rejected);
};

export const suite: Suite<Memoiser> = {
  contenders: memoisers,
  cases: { cold, stale, rejecting },
  // They serve nothing stale.
  leftOut: ['p-memoize: stale', 'cacheable: stale'],
};
