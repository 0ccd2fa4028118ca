import { describeValue } from '@x/interfaces';

const allowed = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const longestHint = 100;

/**
 * A name for a metric.
 *
 * @param kind - the method that it was given to
 * @throws TypeError when Prometheus would refuse it
 */
export function checkMetricName(kind: string, name: string): void {
  if (typeof name !== 'string') {
    const got = describeValue(name);
    const hint =
      got === 'an object' ? `; options come after it: ${kind}("requests", { help })` : '';
    throw new TypeError(`the name of a metric must be a string, got ${got}${hint}`);
  }
  if (allowed.test(name)) return;
  const mended = name.slice(0, longestHint).replaceAll(/[^a-zA-Z0-9_:]/g, '_');
  const hint = allowed.test(mended) ? `; did you mean "${mended}"?` : '';
  throw new TypeError(
    `a metric name is made of letters, digits, "_" and ":" and begins with no digit, got ${describeValue(name)}${hint}`,
  );
}

/**
 * Names for the labels of a metric.
 *
 * @param reserved - names that the metric adds by itself
 * @throws TypeError when Prometheus would refuse one, it is reserved, or two are equal
 */
export function checkLabelNames(
  metric: string,
  names: readonly string[],
  reserved: readonly string[],
): void {
  if (!Array.isArray(names)) {
    throw new TypeError(
      `labelNames of "${metric}" must be an array of strings, got ${describeValue(names)}`,
    );
  }
  for (const [index, name] of (names as readonly string[]).entries()) {
    if (typeof name !== 'string' || !/^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) {
      throw new TypeError(
        `a label name of "${metric}" is made of letters, digits and "_" and begins with no digit and no "__", got ${describeValue(name)}`,
      );
    }
    if (reserved.includes(name)) {
      throw new TypeError(`"${metric}" cannot have a label "${name}", which it sets by itself`);
    }
    if (names.indexOf(name) !== index) {
      throw new TypeError(`"${metric}" names the label "${name}" twice`);
    }
  }
}
