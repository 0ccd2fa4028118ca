import type { RecordedExemplar } from '../series/exemplar.ts';
import { labelsText } from '../series/label-text.ts';

/** What sets the text formats apart. */
export interface TextFormat {
  /** What an HTTP answer says of its body. */
  readonly contentType: string;
  /** The name of a counter's family, of which `name` is the sample. */
  counterFamily(name: string): string;
  /** Lines that begin a family. */
  heading(name: string, type: string, help: string, unit: string): string;
  /** A bound of a bucket as a label value. */
  bound(value: number): string;
  /** What follows the value of a sample. */
  exemplar(exemplar: RecordedExemplar | undefined, scale: number): string;
  /** What ends the whole. */
  readonly end: string;
}

/** The Prometheus text format, version 0.0.4. */
export const prometheusText: TextFormat = {
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
  counterFamily: (name) => name,
  heading: (name, type, help) => {
    const helpLine = help === '' ? '' : `# HELP ${name} ${escapeBackslashes(help)}\n`;
    return `${helpLine}# TYPE ${name} ${type}\n`;
  },
  bound: String,
  exemplar: () => '',
  end: '',
};

/** OpenMetrics 1.0. */
export const openMetricsText: TextFormat = {
  contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  counterFamily: (name) => name.slice(0, -'_total'.length),
  heading: (name, type, help, unit) => {
    const unitLine = unit === '' ? '' : `# UNIT ${name} ${unit}\n`;
    const text = escapeBackslashes(help).replaceAll('"', String.raw`\"`);
    const helpLine = help === '' ? '' : `# HELP ${name} ${text}\n`;
    return `# TYPE ${name} ${type}\n${unitLine}${helpLine}`;
  },
  bound: (value) => {
    const text = String(value);
    return /[.e]/.test(text) ? text : `${text}.0`;
  },
  exemplar: (exemplar, scale) => {
    if (exemplar === undefined) return '';
    const { labels, value, at } = exemplar;
    return ` # ${labelsText(labels) || '{}'} ${value / scale} ${at / 1_000}`;
  },
  end: '# EOF\n',
};

function escapeBackslashes(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
