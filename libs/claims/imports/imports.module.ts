import { Module } from '@nestjs/common';
import { ProgrammeModule } from '#programme';
import { StorageModule } from '#platform/storage';
import { ImportClaims } from './import-claims.js';
import { KeptImports } from './kept-imports.js';

/** Reading CSV files into drafts. */
@Module({
  imports: [ProgrammeModule, StorageModule],
  providers: [ImportClaims, KeptImports],
  exports: [ImportClaims, KeptImports],
})
export class ImportsModule {}
