import { Module } from '@nestjs/common';
import { ClaimsModule, EvidenceModule } from '#claims';
import { DocumentsModule } from '#documents';
import { ClaimPages } from './claims.controller.js';

@Module({ imports: [ClaimsModule, EvidenceModule, DocumentsModule], controllers: [ClaimPages] })
export class ClaimsPagesModule {}
