import { join } from 'node:path';
import { Module, type DynamicModule } from '@nestjs/common';
import { DocumentStorage } from './document-storage.js';
import { FileStorage } from './file-storage.js';

/** Provides `DocumentStorage`, everywhere in the app that mounts it. Files live under `<dataDir>/storage`. */
@Module({})
export class StorageModule {
  static forRoot(dataDir: string): DynamicModule {
    return {
      module: StorageModule,
      global: true,
      providers: [
        {
          provide: DocumentStorage,
          useFactory: async (): Promise<DocumentStorage> => {
            const storage = new FileStorage(join(dataDir, 'storage'));
            await storage.prepare();
            return storage;
          },
        },
      ],
      exports: [DocumentStorage],
    };
  }
}
