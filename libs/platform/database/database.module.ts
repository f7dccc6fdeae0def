import { Global, Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppConfig } from '#platform/config';
import { checkRuntimeRole, createDataSource } from './data-source.js';
import { UnitOfWork } from './unit-of-work.js';

/** One connection pool a process, working as the runtime role, checked before anything uses it. */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(DataSource) private readonly source: DataSource) {}

  static forRoot(applicationName: string): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        {
          provide: DataSource,
          inject: [AppConfig],
          useFactory: async (config: AppConfig) => {
            if (!config.database.url) throw new Error('DATABASE_URL is not set and no embedded database was started.');
            const source = createDataSource(config.database.url, {
              poolSize: config.database.poolSize,
              applicationName,
            });
            await source.initialize();
            await checkRuntimeRole(source);
            return source;
          },
        },
        UnitOfWork,
      ],
      exports: [DataSource, UnitOfWork],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }
}
