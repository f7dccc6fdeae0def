import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { AppConfig } from '#platform/config';
import { CheckpointFiles } from './checkpoint-files.js';
import { ListAudit } from './list-audit.js';
import { SealCheckpoint } from './seal-checkpoint.js';
import { VerifyAudit } from './verify-audit.js';

/** The trail's use cases. Needs DatabaseModule and ConfigModule; checkpoints are kept under `<dataDir>/checkpoints`. */
@Module({
  providers: [
    {
      provide: CheckpointFiles,
      inject: [AppConfig],
      useFactory: (config: AppConfig) => new CheckpointFiles(join(config.dataDir, 'checkpoints')),
    },
    ListAudit,
    SealCheckpoint,
    VerifyAudit,
  ],
  exports: [ListAudit, SealCheckpoint, VerifyAudit],
})
export class AuditModule {}
