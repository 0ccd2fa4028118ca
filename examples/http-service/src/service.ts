import {
  type Clock,
  collectProcessMetrics,
  days,
  minutes,
  PerformanceOptimizer,
  seconds,
  systemClock,
} from '@x/performance';
import { fastify, type FastifyInstance } from 'fastify';
import { toHttpError } from './http-error.ts';
import { PackageSummaries } from './package-summaries.ts';
import { addRoutes } from './routes.ts';

export interface ServiceOptions {
  /** The registry that is asked, ending in `/`. */
  readonly upstream: string;
  /** Whether requests and faults are logged. @defaultValue `true` */
  readonly log?: boolean | undefined;
  /** Source of time. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
}

/** The service, ready to listen. Its `close` answers what is under way, then closes everything else. */
export async function createService(options: ServiceOptions): Promise<FastifyInstance> {
  const { upstream, log = true, clock = systemClock } = options;
  const app = fastify({ logger: log });
  const optimizer = await PerformanceOptimizer.open({
    cache: {
      defaultTtlMs: minutes(1),
      staleWhileRevalidateMs: minutes(10),
      staleIfErrorMs: days(1),
      softTimeoutMs: seconds(2),
      maxEntries: 10_000,
    },
    rateLimit: { permitsPerSecond: 20, burst: 40, maxQueue: 1_000 },
    pool: { maxConnectionsPerOrigin: 10, maxRetries: 2 },
    logger: app.log,
    clock,
  });
  collectProcessMetrics(optimizer.registry);
  app.addHook('onClose', () => optimizer.close());
  endConnectionsOnClose(app);
  measureRequests(app, optimizer);
  answerErrors(app);
  addRoutes(app, optimizer, new PackageSummaries(optimizer, upstream, clock), clock);
  return app;
}

/** Clients keep a connection for later requests; a service that closes has to tell them that there are none. */
function endConnectionsOnClose(app: FastifyInstance): void {
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close');
  });
}

function measureRequests(app: FastifyInstance, { registry }: PerformanceOptimizer): void {
  const requests = registry.histogram('http_request_ms', {
    help: 'Milliseconds from a request to its answer.',
    labelNames: ['route', 'status'],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    requests.labels(route, String(reply.statusCode)).observe(reply.elapsedTime);
  });
}

function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const { status, message, retryAfterSeconds } = toHttpError(error);
    request.log.error(error);
    if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds);
    return reply.code(status).send({ message });
  });
}
