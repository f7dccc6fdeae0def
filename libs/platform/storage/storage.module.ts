import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { AppConfig } from '#platform/config';
import { DocumentStorage } from './document-storage.js';
import { FileStorage } from './file-storage.js';

/** Provides `DocumentStorage`, everywhere in the app that mounts it. Files live under DATA_DIR/storage. */
@Global()
@Module({
  providers: [
    {
      provide: DocumentStorage,
      inject: [AppConfig],
      useFactory: async (config: AppConfig): Promise<DocumentStorage> => {
        const storage = new FileStorage(join(config.dataDir, 'storage'));
        await storage.prepare();
        return storage;
      },
    },
  ],
  exports: [DocumentStorage],
})
export class StorageModule {}
