import { Module } from '@nestjs/common';
import { ProgrammeModule } from '#programme';
import { GrantOverview } from './grant-overview.js';
import { GrantQueries } from './grant.queries.js';
import { ImportGrantEntries } from './imports/import-entries.js';
import { RecordGrantEntry } from './record-entry.js';
import { GrantStatements } from './statement.queries.js';
import { UpdateGrant } from './update-grant.js';
import { UpdateGrantQuarter } from './update-quarter.js';

const USE_CASES = [
  GrantQueries,
  GrantOverview,
  UpdateGrant,
  UpdateGrantQuarter,
  RecordGrantEntry,
  ImportGrantEntries,
  GrantStatements,
];

/** The grant each authority has from the funder directly. Needs DatabaseModule. */
@Module({ imports: [ProgrammeModule], providers: USE_CASES, exports: USE_CASES })
export class GrantsModule {}
