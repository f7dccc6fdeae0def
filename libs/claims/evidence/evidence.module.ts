import { Module } from '@nestjs/common';
import { StorageModule } from '#platform/storage';
import { AddEvidence } from './add-evidence.js';
import { ReadEvidence } from './read-evidence.js';
import { RemoveEvidence } from './remove-evidence.js';

/** Files that support a claim. */
@Module({
  imports: [StorageModule],
  providers: [AddEvidence, ReadEvidence, RemoveEvidence],
  exports: [AddEvidence, ReadEvidence, RemoveEvidence],
})
export class EvidenceModule {}
