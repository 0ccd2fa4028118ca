import { labelsText } from '../series/label-text.ts';
import type { RegistrySnapshot } from '../snapshots/snapshot.ts';

const figures = ['count', 'mean', 'min', 'max', 'p50', 'p95', 'p99'] as const;

/**
 * A snapshot as one flat object: `name{labels}` of counters and gauges, and `name_figure{labels}` of
 * distributions, where the figures of timers but `count` end in `_ms`. What is not known is left out.
 */
export function summarize(snapshot: RegistrySnapshot): Record<string, number> {
  const summary: Record<string, number> = {};
  for (const metric of snapshot.metrics) {
    if (metric.kind === 'counter' || metric.kind === 'gauge') {
      for (const { labels, value } of metric.series) {
        summary[metric.name + labelsText(labels)] = value;
      }
      continue;
    }
    for (const series of metric.series) {
      const labels = labelsText(series.labels);
      for (const figure of figures) {
        const value = series[figure];
        const unit = metric.kind === 'timer' && figure !== 'count' ? '_ms' : '';
        if (value !== null) summary[`${metric.name}_${figure}${unit}${labels}`] = value;
      }
    }
  }
  return summary;
}
