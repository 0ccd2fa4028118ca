import { Global, Module, OnApplicationShutdown } from '@nestjs/common';
import { PerformanceOptimizer } from '@x/performance';

/** One optimizer for the whole application, closed with it. */
@Global()
@Module({
  providers: [
    {
      provide: PerformanceOptimizer,
      useFactory: () => PerformanceOptimizer.open({ concurrency: { permits: 4 } }),
    },
  ],
  exports: [PerformanceOptimizer],
})
export class PerformanceModule implements OnApplicationShutdown {
  constructor(private readonly optimizer: PerformanceOptimizer) {}

  async onApplicationShutdown(): Promise<void> {
    await this.optimizer.close();
  }
}
