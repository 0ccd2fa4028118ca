import {
  type Clock,
  collectProcessMetrics,
  configFromEnv,
  days,
  type Environment,
  minutes,
  type PerformanceConfig,
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
  /** May set options of the optimizer, such as `PERFORMANCE_POOL_MAX_RETRIES`. @defaultValue nothing */
  readonly env?: Environment | undefined;
  /** Whether requests and faults are logged. @defaultValue `true` */
  readonly log?: boolean | undefined;
  /** Source of time. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
}

const defaults: PerformanceConfig = {
  cache: {
    defaultTtlMs: minutes(1),
    staleWhileRevalidateMs: minutes(10),
    staleIfErrorMs: days(1),
    softTimeoutMs: seconds(2),
    maxEntries: 10_000,
  },
  rateLimit: { permitsPerSecond: 20, burst: 40, maxQueue: 1_000 },
  pool: { maxConnectionsPerOrigin: 10, maxRetries: 2 },
};

/** The service, ready to listen. Its `close` answers what is under way, then closes everything else. */
export async function createService(options: ServiceOptions): Promise<FastifyInstance> {
  const { upstream, env = {}, log = true, clock = systemClock } = options;
  const app = fastify({ logger: log });
  const config = configFromEnv(env, { defaults });
  const optimizer = await PerformanceOptimizer.open({ ...config, logger: app.log, clock });
  const processMetrics = collectProcessMetrics(optimizer.registry);
  app.addHook('onClose', async () => {
    await optimizer.close();
    processMetrics.close();
  });
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
    if (isFaultOfClient(error)) return reply.send(error);
    const { status, message, retryAfterSeconds } = toHttpError(error);
    request.log.error(error);
    if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds);
    return reply.code(status).send({ message });
  });
}

/** What fastify itself refuses, such as a body that is no JSON. */
function isFaultOfClient(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && Number(error.statusCode) < 500;
}
