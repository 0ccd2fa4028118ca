import type { Clock, PerformanceOptimizer } from '@x/performance';
import type { FastifyInstance } from 'fastify';
import type { PackageSummaries } from './package-summaries.ts';

/** What the service answers: packages, and how it is doing. */
export function addRoutes(
  app: FastifyInstance,
  optimizer: PerformanceOptimizer,
  packages: PackageSummaries,
  clock: Clock,
): void {
  app.get<{ Params: { name: string } }>('/packages/:name', async (request, reply) => {
    const { name } = request.params;
    const summary = await packages.get(name);
    if (summary === null) return reply.code(404).send({ message: `no package is named "${name}"` });
    const ageSeconds = Math.floor((clock.now() - summary.fetchedAt) / 1_000);
    return reply.header('age', ageSeconds).send(summary);
  });

  const answerMetrics = optimizer.registry.handler();
  app.get('/metrics', (request, reply) => {
    reply.hijack();
    answerMetrics(request.raw, reply.raw);
  });

  app.get('/report', async (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send(String(await optimizer.report())),
  );

  app.get('/health', async () => ({ status: 'ok' }));
}
