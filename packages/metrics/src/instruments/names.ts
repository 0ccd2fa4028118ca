import { describeValue } from '@x/interfaces';

/**
 * A name for a metric.
 *
 * @throws TypeError when Prometheus would refuse it
 */
export function checkMetricName(name: string): void {
  if (typeof name === 'string' && /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)) return;
  throw new TypeError(
    `a metric name is made of letters, digits, "_" and ":" and begins with no digit, got ${describeValue(name)}`,
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
