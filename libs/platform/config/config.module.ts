import { Global, Module, type DynamicModule } from '@nestjs/common';
import { clockFrom, systemClock } from '#kernel';
import { AppConfig } from './app-config.js';
import { Secrets } from './secrets.js';

/** Injection token of kernel's Clock. */
export const CLOCK = Symbol('CLOCK');

/** Gives every module the checked settings and the business clock. */
@Global()
@Module({})
export class ConfigModule {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: ConfigModule,
      providers: [
        { provide: AppConfig, useValue: config },
        { provide: CLOCK, useValue: config.testClock ? clockFrom(config.testClock) : systemClock },
        { provide: Secrets, useValue: new Secrets(config) },
      ],
      exports: [AppConfig, CLOCK, Secrets],
    };
  }
}
