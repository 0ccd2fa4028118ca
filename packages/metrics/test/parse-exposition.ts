/** One sample of an exposition. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One metric of an exposition, with all lines that belong to it. */
export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string | undefined;
  readonly samples: readonly Sample[];
}

const suffixes: Readonly<Record<string, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
};

/** A strict reader of the Prometheus text format 0.0.4: whatever is odd is an error. */
export function parseExposition(text: string): Family[] {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line does not end');
  const families: { name: string; type: string; help: string | undefined; samples: Sample[] }[] =
    [];
  const seen = new Set<string>();
  let help: { readonly name: string; readonly text: string } | undefined;
  for (const line of text.split('\n').slice(0, -1)) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/s.exec(line);
    const [, word, name = '', rest = ''] = comment ?? [];
    if (word === 'HELP') {
      help = { name, text: unescapeText(rest, { n: '\n', '\\': '\\' }) };
    } else if (word === 'TYPE') {
      if (!(rest in suffixes)) throw new Error(`unknown type: ${line}`);
      if (families.some((family) => family.name === name)) throw new Error(`twice: ${name}`);
      if (help !== undefined && help.name !== name) throw new Error(`stray help: ${help.name}`);
      families.push({ name, type: rest, help: help?.text, samples: [] });
      help = undefined;
    } else {
      const family = families.at(-1);
      const sample = parseSample(line);
      const allowed = suffixes[family?.type ?? '']?.map((suffix) => `${family?.name}${suffix}`);
      if (!allowed?.includes(sample.name)) throw new Error(`outside its family: ${line}`);
      const key = JSON.stringify([sample.name, sample.labels]);
      if (seen.has(key)) throw new Error(`twice: ${line}`);
      seen.add(key);
      family?.samples.push(sample);
    }
  }
  for (const family of families) checkFamily(family);
  return families;
}

function parseSample(line: string): Sample {
  const match = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/su.exec(line);
  if (match === null) throw new Error(`no sample: ${line}`);
  const [, name = '', labelText = '', valueText = ''] = match;
  const value = Number(valueText);
  if (!Number.isFinite(value)) throw new Error(`no value: ${line}`);
  return { name, labels: parseLabels(labelText), value };
}

export function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  const pair = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/suy;
  while (pair.lastIndex < text.length) {
    const match = pair.exec(text);
    if (match === null) throw new Error(`bad labels: ${text}`);
    const [, name = '', value = ''] = match;
    if (Object.hasOwn(labels, name)) throw new Error(`label twice: ${text}`);
    labels[name] = unescapeText(value, { n: '\n', '\\': '\\', '"': '"' });
  }
  return labels;
}

export function unescapeText(text: string, known: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\\(.)/gsu, (whole, character: string) => {
    const meant = known[character];
    if (meant === undefined) throw new Error(`unknown escape ${whole}`);
    return meant;
  });
}

function checkFamily(family: Family): void {
  if (family.samples.length === 0) throw new Error(`${family.name} has no samples`);
  if (family.type === 'counter' && family.samples.some(({ value }) => value < 0)) {
    throw new Error(`${family.name} is below 0`);
  }
  if (family.type !== 'histogram') return;
  const series = Map.groupBy(family.samples, ({ labels: { le: _le, ...others } }) =>
    JSON.stringify(others),
  );
  for (const samples of series.values()) {
    const buckets = samples.filter(({ name }) => name === `${family.name}_bucket`);
    const count = samples.find(({ name }) => name === `${family.name}_count`)?.value;
    const bounds = buckets.map(({ labels }) => Number(labels['le']?.replace('+Inf', 'Infinity')));
    const values = buckets.map(({ value }) => value);
    const ascends = (numbers: readonly number[]): boolean =>
      numbers.every((number, index) => index === 0 || number >= (numbers[index - 1] ?? NaN));
    const complete =
      bounds.at(-1) === Infinity &&
      values.at(-1) === count &&
      ascends(bounds) &&
      ascends(values) &&
      samples.length === buckets.length + 2;
    if (!complete) throw new Error(`${family.name} is no histogram: ${JSON.stringify(samples)}`);
  }
}
