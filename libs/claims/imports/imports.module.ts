import { Module } from '@nestjs/common';
import { ProgrammeModule } from '#programme';
import { ImportClaims } from './import-claims.js';

/** Reading CSV files into drafts. */
@Module({ imports: [ProgrammeModule], providers: [ImportClaims], exports: [ImportClaims] })
export class ImportsModule {}
