import { Global, Module } from '@nestjs/common';
import { PaymentForecast } from '#claims';
import { FundingForecast } from './forecast.js';

/** Brings claims what they show of their payment: global, since claims know nothing of who funds them. */
@Global()
@Module({ providers: [{ provide: PaymentForecast, useClass: FundingForecast }], exports: [PaymentForecast] })
export class ForecastModule {}
