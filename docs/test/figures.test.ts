import { describe, expect, it } from 'vitest';
import { type Page, pages } from './pages.ts';

const numbersIn = (text: string): string[] => text.match(/\d+(?:,\d{3})*(?:\.\d+)?/g) ?? [];

/** The rows of the table with this title in its first column, without their last column, the command. */
function rowsOf({ lines }: Page, title: string): string[] {
  const start = lines.findIndex((line) => line.startsWith(`| ${title} `));
  const end = lines.findIndex((line, index) => index > start && line === '');
  return lines.slice(start + 2, end).map((line) => line.split('|').slice(1, -2).join('|'));
}

describe('the figures in the README', () => {
  it('stand in the results of the benchmarks', () => {
    const results = pages.filter(({ path }) => path.startsWith('benchmarks/results/'));
    const measured = new Set(numbersIn(results.flatMap(({ lines }) => lines).join('\n')));
    const readme = pages.find(({ path }) => path === 'README.md');
    const rows = rowsOf(readme ?? { path: '', lines: [] }, 'what');

    const strange = rows.flatMap(numbersIn).filter((number) => !measured.has(number));

    expect(rows.length).toBeGreaterThan(5);
    expect(strange).toEqual([]);
  });
});
