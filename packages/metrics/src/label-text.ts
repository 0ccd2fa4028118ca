/** Label values as Prometheus writes them: `{method="GET",path="/"}`, or `''` without labels. */
export function labelText(names: readonly string[], values: readonly string[]): string {
  if (names.length === 0) return '';
  const pairs = names.map((name, index) => `${name}="${escapeLabelValue(values[index] ?? '')}"`);
  return `{${pairs.join(',')}}`;
}

/** Labels by name as {@link labelText} writes them. */
export function labelsText(labels: Readonly<Record<string, string>>): string {
  return labelText(Object.keys(labels), Object.values(labels));
}

function escapeLabelValue(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', '\\n');
}

/** Help as Prometheus writes it, on one line. */
export function escapeHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
