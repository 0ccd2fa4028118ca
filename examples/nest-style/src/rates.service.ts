import { Injectable } from '@nestjs/common';
import {
  cached,
  concurrencyLimited,
  minutes,
  monitored,
  PerformanceOptimizer,
  retried,
} from '@x/performance';
import { BankClient } from './bank-client';

@Injectable()
export class RatesService {
  constructor(
    private readonly bank: BankClient,
    private readonly optimizer: PerformanceOptimizer,
  ) {}

  // Decorators run before there is an instance, so each asks for its part when it is called first.
  @monitored((self: RatesService) => self.optimizer.registry)
  @cached((self: RatesService) => self.optimizer.cache, { scope: 'shared', ttlMs: minutes(10) })
  @retried({ maxRetries: 2, backoffMs: 10 })
  @concurrencyLimited((self: RatesService) => self.optimizer.semaphore)
  async rate(from: string, to: string): Promise<number> {
    return this.bank.readRate(from, to);
  }
}
