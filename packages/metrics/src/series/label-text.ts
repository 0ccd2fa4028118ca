/** Label values as Prometheus writes them: `{method="GET",path="/"}`, or `''` without labels. */
export function labelText(names: readonly string[], values: readonly string[]): string {
  if (names.length === 0) return '';
  return `{${names.map((name, index) => labelPair(name, values[index] ?? '')).join(',')}}`;
}

/** Labels by name as {@link labelText} writes them. */
export function labelsText(labels: Readonly<Record<string, string>>): string {
  return labelText(Object.keys(labels), Object.values(labels));
}

/** One label as Prometheus writes it: `method="GET"`. */
export function labelPair(name: string, value: string): string {
  return `${name}="${escapeLabelValue(value)}"`;
}

function escapeLabelValue(value: string): string {
  if (!/[\\"\n]/.test(value)) return value;
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', '\\n');
}
