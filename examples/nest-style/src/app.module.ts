import { Module } from '@nestjs/common';
import { BankClient } from './bank-client';
import { PerformanceModule } from './performance.module';
import { RatesService } from './rates.service';

@Module({ imports: [PerformanceModule], providers: [BankClient, RatesService] })
export class AppModule {}
