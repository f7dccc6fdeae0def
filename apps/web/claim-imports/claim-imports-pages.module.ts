import { Module } from '@nestjs/common';
import { ClaimsModule } from '#claims';
import { ClaimImportPages } from './imports.controller.js';

@Module({ imports: [ClaimsModule], controllers: [ClaimImportPages] })
export class ClaimImportsPagesModule {}
