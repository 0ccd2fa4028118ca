import { PerformanceOptimizer, type PerformanceConfig } from '@x/performance';
import { UpstreamServer } from '@x/testkit/upstream';
import { onTestFinished } from 'vitest';

/** An optimizer that is closed after the test. */
export async function openOptimizer(config: PerformanceConfig = {}): Promise<PerformanceOptimizer> {
  const optimizer = await PerformanceOptimizer.open(config);
  onTestFinished(() => optimizer.close());
  return optimizer;
}

/** A server to fetch from that is closed after the test, with a latency in milliseconds. */
export async function startUpstream(latencyMs: number = 0): Promise<UpstreamServer> {
  const upstream = await UpstreamServer.start({ latencyMs: { min: latencyMs, max: latencyMs } });
  onTestFinished(() => upstream.close());
  return upstream;
}

/** A rate that no test waits for. */
export const fast = { rateLimit: { permitsPerSecond: 10_000, burst: 1_000 } };
