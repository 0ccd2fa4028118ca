import { mkdtempSync } from 'node:fs';
import { SqliteStore } from '@x/cache-sqlite';
import { createCodec } from '@x/codec';
import { sqliteStore } from './ours.ts';
import { betterSqlite3Floor } from './sqlite-floor.ts';
import { keyOf, payload } from './payload.ts';
const dir = () => mkdtempSync('/tmp/w/sqx/b-');
const raw = await SqliteStore.open({ path: dir() + '/r.db' });
const floor = betterSqlite3Floor(dir());
const ours = await sqliteStore(dir(), 'better-sqlite3');
const codec = createCodec();
const values = Array.from({ length: 3000 }, (_, i) => [keyOf((i * 7919) % 10000), payload((i * 7919) % 10000, 1000)] as const);
const t = async (name: string, body: () => Promise<void>) => ({ name, body, best: Infinity });
const each = (set: (k: string, v: unknown) => unknown, at: number) => async () => {
  for (let s = 0; s < values.length; s += at) {
    if (at === 1) await set(values[s]![0], values[s]![1]);
    else await Promise.all(values.slice(s, s + at).map(([k, v]) => set(k, v)));
  }
};
const rows = [
  await t('floor', each((k, v) => floor.set(k, v), 1)),
  await t('manager', each((k, v) => ours.set(k, v), 1)),
  await t('store', each((k, v) => raw.set(k, { value: v, createdAt: Date.now(), expiresAt: Date.now() + 3600000 }), 1)),
  await t('manager 50', each((k, v) => ours.set(k, v), 50)),
  await t('store 50', each((k, v) => raw.set(k, { value: v, createdAt: Date.now(), expiresAt: Date.now() + 3600000 }), 50)),
  await t('codec', each((k, v) => codec.encodeText(v), 1)),
  await t('stringify', each((k, v) => JSON.stringify(v), 1)),
  await t('immediate', each(() => new Promise((r) => setImmediate(r)), 1)),
];
for (let i = 0; i < 10000; i += 50) { const part = Array.from({ length: 50 }, (_, j) => i + j); for (const j of part) floor.set(keyOf(j), payload(j, 1000)); await Promise.all(part.map((j) => ours.set(keyOf(j), payload(j, 1000)))); await Promise.all(part.map((j) => raw.set(keyOf(j), { value: payload(j, 1000), createdAt: 1 }))); }
for (let round = 0; round < 8; round++) for (const row of rows) {
  const c = process.cpuUsage(); await row.body(); const u = process.cpuUsage(c);
  row.best = Math.min(row.best, (u.user + u.system) / values.length);
}
for (const row of rows) console.log(row.name.padEnd(12), row.best.toFixed(1), (row.best / rows[0]!.best).toFixed(2));
