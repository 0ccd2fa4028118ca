import type { SuiteResult } from './run-suite.ts';

/** The least of a figure's samples, for each contender of each case. */
export function leastOf(
  result: SuiteResult,
  figure: string,
): Record<string, Record<string, number>> {
  return mapValues(result, (contenders) => {
    const least: Record<string, number> = {};
    for (const [name, samples] of Object.entries(contenders)) {
      const values = samples[figure];
      if (values !== undefined) least[name] = Math.min(...values);
    }
    return least;
  });
}

/** A text table, a row a contender and a column a case: the figure, and `baseline`'s figure by it. */
export function formatTable(
  figures: Readonly<Record<string, Readonly<Record<string, number>>>>,
  baseline: string,
): string {
  const contenders = [...new Set(Object.values(figures).flatMap((row) => Object.keys(row)))];
  const columns = Object.values(figures);
  const rows = contenders.map((contender) => {
    const cells = columns.map((values) => formatCell(values[contender], values[baseline]));
    cells.unshift(contender);
    return cells;
  });
  const table = [['', ...Object.keys(figures)], ...rows];
  const widths = table[0]?.map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  return table
    .map((row) => row.map((cell, column) => cell.padStart(widths?.[column] ?? 0)).join('  '))
    .join('\n');
}

function formatCell(value: number | undefined, baseline: number | undefined): string {
  if (value === undefined) return '-';
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  const ratio = baseline === undefined ? '' : ` (${(baseline / value).toFixed(2)})`;
  return `${value.toFixed(digits)}${ratio}`;
}

function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  map: (value: T) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
