import { Module } from '@nestjs/common';
import { AddEvidence } from './add-evidence.js';
import { ReadEvidence } from './read-evidence.js';
import { RemoveEvidence } from './remove-evidence.js';

/** Files that support a claim. Needs DocumentStorage, which the app provides. */
@Module({
  providers: [AddEvidence, ReadEvidence, RemoveEvidence],
  exports: [AddEvidence, ReadEvidence, RemoveEvidence],
})
export class EvidenceModule {}
