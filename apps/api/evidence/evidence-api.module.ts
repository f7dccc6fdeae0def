import { Module } from '@nestjs/common';
import { EvidenceModule } from '#claims';
import { EvidenceController } from './evidence.controller.js';

@Module({ imports: [EvidenceModule], controllers: [EvidenceController] })
export class EvidenceApiModule {}
