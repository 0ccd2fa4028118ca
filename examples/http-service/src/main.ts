import { createService } from './service.ts';
import { readSettings } from './settings.ts';

async function start(): Promise<void> {
  const { host, port, upstream } = readSettings(process.env);
  const service = await createService({ upstream, env: process.env });

  const shutDown = (signal: NodeJS.Signals): void => {
    service.log.info(`${signal}: answering what is under way, then leaving`);
    service.close().catch((error: unknown) => {
      service.log.error(error);
      process.exitCode = 1;
    });
  };
  // Once: who sends a second signal does not want to wait, and it ends the process at once.
  process.once('SIGTERM', shutDown);
  process.once('SIGINT', shutDown);

  await service.listen({ host, port });
}

try {
  await start();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
