import { describe, expect, it } from 'vitest';
import { Registry } from '../src/index.ts';

async function collect(pieces: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

const sortedLines = (text: string): string[] => text.split('\n').toSorted();

describe('Registry.expositionStream', () => {
  const manySeries = (): Registry => {
    const registry = new Registry({ maxSeries: 50_000 });
    const counter = registry.counter('a', { labelNames: ['x', 'y'] });
    for (let index = 0; index < 30_000; index++) counter.labels(String(index), 'z').inc();
    registry
      .timer('b', { labelNames: ['x'] })
      .labels('1')
      .record(5);
    return registry;
  };

  it.each(['prometheus', 'openmetrics'] as const)(
    'says the same as the whole text',
    async (format) => {
      const registry = manySeries();
      const pieces = await collect(registry.expositionStream({ format }));

      expect(sortedLines(pieces.join(''))).toEqual(sortedLines(registry.exposition({ format })));
      expect(pieces).not.toContain('');
    },
  );

  it('lets others have their turn between its pieces', async () => {
    const registry = manySeries();
    let turns = 0;
    let going = true;
    const count = (): void => {
      turns++;
      if (going) setImmediate(count);
    };
    setImmediate(count);
    const pieces = await collect(registry.expositionStream());
    going = false;

    expect(pieces.length).toBeGreaterThan(1);
    expect(turns).toBeGreaterThanOrEqual(pieces.length - 1);
  });

  it('takes what is recorded and left out meanwhile', async () => {
    const registry = manySeries();
    const counter = registry.counter('a', { labelNames: ['x', 'y'] });
    const stream = registry.expositionStream();
    await stream.next();
    for (let index = 0; index < 1_000; index++) counter.labels(`new-${index}`, 'z').inc();
    const rest = await collect(stream);

    expect(rest.join('')).toContain('a_total{x="29999",y="z"} 1\n');
  });
});
