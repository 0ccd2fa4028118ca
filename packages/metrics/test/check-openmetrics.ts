import { parseLabels, type Sample, unescapeText } from './parse-exposition.ts';

/** One family of an OpenMetrics exposition. */
interface OpenFamily {
  readonly name: string;
  readonly type: string;
  unit: string | undefined;
  help: string | undefined;
  readonly samples: (Sample & { readonly exemplar: Sample | undefined })[];
}

const suffixes: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total'],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
};

const number = String.raw`(?:[+-]?(?:[0-9]+(?:\.[0-9]*)?(?:e[+-]?[0-9]+)?|Inf)|NaN)`;
const name = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const labels = String.raw`\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*",?)*)\}`;
const sampleLine = new RegExp(
  `^(${name})(?:${labels})? (${number})(?: # ${labels} (${number})(?: (${number}))?)?$`,
  'su',
);

/**
 * A strict reader of OpenMetrics 1.0, which refuses what `promtool` lets pass: families that are torn
 * apart, samples with a wrong ending, counters that are no totals, buckets that do not add up, a missing
 * or early end, examples where there may be none or that are too long.
 */
export function readOpenMetrics(text: string): readonly OpenFamily[] {
  if (!text.endsWith('# EOF\n')) throw new Error('the end is missing');
  const lines = text.split('\n').slice(0, -2);
  const families: OpenFamily[] = [];
  const seen = new Set<string>();
  for (const line of lines) {
    const family = families.at(-1);
    const comment = new RegExp(`^# (TYPE|UNIT|HELP) (${name}) (.*)$`, 'su').exec(line);
    if (comment !== null) {
      readComment(families, comment);
    } else {
      if (family === undefined) throw new Error(`outside a family: ${line}`);
      readSample(family, line, seen);
    }
  }
  for (const family of families) checkFamily(family);
  return families;
}

function readComment(families: OpenFamily[], comment: RegExpExecArray): void {
  const [line, word, of = '', rest = ''] = comment;
  const family = families.at(-1);
  if (word === 'TYPE') {
    if (!(rest in suffixes)) throw new Error(`unknown type: ${line}`);
    if (families.some((known) => known.name === of)) throw new Error(`torn apart: ${line}`);
    families.push({ name: of, type: rest, unit: undefined, help: undefined, samples: [] });
    return;
  }
  if (family?.name !== of || family.samples.length > 0) throw new Error(`not at the head: ${line}`);
  const key = word === 'UNIT' ? 'unit' : 'help';
  if (family[key] !== undefined) throw new Error(`twice: ${line}`);
  if (key === 'unit' && !of.endsWith(`_${rest}`)) throw new Error(`not in the name: ${line}`);
  family[key] = key === 'help' ? unescapeText(rest, { n: '\n', '\\': '\\', '"': '"' }) : rest;
}

function readSample(family: OpenFamily, line: string, seen: Set<string>): void {
  const match = sampleLine.exec(line);
  if (match === null) throw new Error(`no sample: ${line}`);
  const [, of = '', labelText = '', value, exemplarLabels, exemplarValue] = match;
  const suffix = of.slice(family.name.length);
  if (!of.startsWith(family.name) || !suffixes[family.type]?.includes(suffix)) {
    throw new Error(`outside its family: ${line}`);
  }
  const sample = { name: of, labels: parseLabels(labelText), value: toNumber(value) };
  const key = JSON.stringify([of, sample.labels]);
  if (seen.has(key)) throw new Error(`twice: ${line}`);
  seen.add(key);
  let exemplar: Sample | undefined;
  if (exemplarLabels !== undefined) {
    if (suffix !== '_total' && suffix !== '_bucket') throw new Error(`no example here: ${line}`);
    exemplar = { name: of, labels: parseLabels(exemplarLabels), value: toNumber(exemplarValue) };
    const length = Object.entries(exemplar.labels).flat().join('');
    if (Array.from(length).length > 128) throw new Error(`example too long: ${line}`);
  }
  family.samples.push({ ...sample, exemplar });
}

function toNumber(text = ''): number {
  return text.endsWith('Inf') ? Number(text.replace('Inf', 'Infinity')) : Number(text);
}

function checkFamily(family: OpenFamily): void {
  if (family.samples.length === 0) throw new Error(`${family.name} has no samples`);
  if (family.type === 'counter') {
    if (family.name.endsWith('_total')) throw new Error(`${family.name} ends as its samples do`);
    for (const { value } of family.samples) {
      if (!(value >= 0)) throw new Error(`${family.name} is no total: ${value}`);
    }
  }
  if (family.type !== 'histogram') return;
  const series = Map.groupBy(family.samples, ({ labels: { le: _le, ...others } }) =>
    JSON.stringify(others),
  );
  for (const samples of series.values()) checkHistogram(family.name, samples);
}

function checkHistogram(family: string, samples: OpenFamily['samples']): void {
  const of = (suffix: string): OpenFamily['samples'] =>
    samples.filter((sample) => sample.name === family + suffix);
  const buckets = of('_bucket').map((sample) => ({
    bound: toNumber(sample.labels['le']),
    text: sample.labels['le'] ?? '',
    value: sample.value,
    exemplar: sample.exemplar,
  }));
  const [count, ...others] = of('_count');
  if (count === undefined || others.length > 0 || of('_sum').length !== 1) {
    throw new Error(`${family} has no count and sum, or several`);
  }
  for (const [index, { bound, text, value, exemplar }] of buckets.entries()) {
    const before = buckets[index - 1];
    if (before !== undefined && !(before.bound < bound && before.value <= value)) {
      throw new Error(`${family} does not ascend at ${text}`);
    }
    if (text !== '+Inf' && !/[.e]/.test(text)) throw new Error(`${family}: ${text} is no float`);
    if (exemplar === undefined) continue;
    if (!(exemplar.value <= bound && exemplar.value > (before?.bound ?? -Infinity))) {
      throw new Error(`${family} has an example of another bucket at ${text}`);
    }
  }
  const last = buckets.at(-1);
  if (last?.bound !== Infinity || last.value !== count.value) {
    throw new Error(`${family} does not end with all of its values`);
  }
}
