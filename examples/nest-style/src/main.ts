import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { PerformanceOptimizer } from '@x/performance';
import { AppModule } from './app.module';
import { BankClient } from './bank-client';
import { RatesService } from './rates.service';

async function main(): Promise<void> {
  const app = await NestFactory.createApplicationContext(AppModule, { logger: ['warn', 'error'] });
  app.enableShutdownHooks();

  const rates = app.get(RatesService);
  const asked = await Promise.all(Array.from({ length: 10 }, () => rates.rate('EUR', 'NOK')));
  console.log(`${asked.length} callers, ${app.get(BankClient).requests} requests`);
  console.log(app.get(PerformanceOptimizer).registry.report({ idle: false }));

  await app.close();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
