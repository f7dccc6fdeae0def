import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Metrics } from '#platform/telemetry';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.js';

/** Gives every module `Metrics` and `Readiness`, where features register their gauges and checks. */
@Global()
@Module({})
export class HealthModule {
  static forRoot(process: string): DynamicModule {
    return {
      module: HealthModule,
      controllers: [HealthController],
      providers: [{ provide: Metrics, useFactory: () => new Metrics({ process }) }, Readiness],
      exports: [Metrics, Readiness],
    };
  }
}
