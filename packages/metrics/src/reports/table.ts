const gap = 2;

/**
 * Rows as aligned lines: the first column to the left, figures to the right. Where that is wider than
 * `width`, a first column that leaves no room for its figures has lines of its own above them.
 */
export function alignTable(rows: readonly (readonly string[])[], width: number): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, lengthOf(cell));
    }
  }
  const [labelWidth = 0, ...figureWidths] = widths;
  const figuresWidth = figureWidths.reduce((sum, one) => sum + gap + one, 0);
  const columns = Math.max(Math.min(labelWidth + figuresWidth, width), figuresWidth);
  return rows.flatMap(([label = '', ...cells]) => {
    const figures = cells
      .map((cell, index) =>
        cell.padStart((figureWidths[index] ?? 0) + cell.length - lengthOf(cell)),
      )
      .join(' '.repeat(gap))
      .trimStart();
    const lines = fold(label, columns);
    const free = columns - lengthOf(figures);
    if (lengthOf(lines.at(-1) ?? '') + gap > free) lines.push('');
    const last = lines.pop() ?? '';
    return [...lines, last + ' '.repeat(free - lengthOf(last)) + figures];
  });
}

/** Lines of at most `width`, broken behind a comma where there is one; all but the first are indented. */
function fold(text: string, width: number): string[] {
  const characters = charactersOf(text);
  const lines: string[] = [];
  let indent = 0;
  let start = 0;
  while (start < characters.length) {
    const line = characters.slice(start, start + Math.max(1, width - indent));
    const comma = line.lastIndexOf(',');
    const isLast = start + line.length === characters.length;
    if (!isLast && comma + indent > gap) line.length = comma + 1;
    lines.push(' '.repeat(indent) + line.join(''));
    start += line.length;
    indent = gap;
  }
  return lines;
}

/** In characters as a reader counts them. */
export function lengthOf(text: string): number {
  return charactersOf(text).length;
}

function charactersOf(text: string): string[] {
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}

/** A figure with at most 4 digits that matter, and commas in large ones. */
export function formatNumber(value: number | null): string {
  if (value === null) return '-';
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(4)));
}

/** A duration with the unit that suits its size. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return '-';
  if (ms === 0) return '0 ms';
  if (ms < 1) return `${Number((ms * 1_000).toPrecision(3))} µs`;
  if (ms < 1_000) return `${Number(ms.toPrecision(3))} ms`;
  if (ms < 60_000) return `${Number((ms / 1_000).toPrecision(3))} s`;
  return `${formatNumber(ms / 60_000)} min`;
}
