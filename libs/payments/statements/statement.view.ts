import { ProgrammeField, WhichProgramme } from '#programme';
import {
  ArrayField,
  BooleanField,
  CodeField,
  DateField,
  EnumField,
  InstantField,
  IntegerField,
  NestedField,
  PenceField,
  TextField,
  UuidField,
} from '#platform/validation';

export const STATEMENT_STATES = ['read', 'closed', 'quarantined'] as const;
export type StatementState = (typeof STATEMENT_STATES)[number];
const FORMATS = ['camt053', 'mt940', 'csv'] as const;
const LOADED = ['read', 'known', 'quarantined'] as const;
/** A balance or a sum of entries: beyond what a claim may come to, and below nothing. */
export const LARGE = { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER };
const MAPPING_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** The parameters of POST /bank-statements. */
export class LoadQuery {
  @BooleanField({ optional: true, description: 'Read the file, answer its lines and keep nothing.' })
  dryRun?: boolean;

  @CodeField(MAPPING_NAME, { optional: true, example: 'our-bank', description: 'The saved mapping of a CSV file.' })
  mapping?: string;

  @WhichProgramme()
  programme?: string;

  @IntegerField({ min: 1, optional: true, description: 'Of a dry run: the first line to answer, 1 unless told.' })
  from?: number;
}

/** The filters of GET /bank-statements. */
export class StatementFilters {
  @EnumField(STATEMENT_STATES, { optional: true })
  state?: StatementState;

  @ProgrammeField({ optional: true })
  programme?: string;

  @DateField({ optional: true, description: 'Ending on this day or later.' })
  from?: string;

  @DateField({ optional: true, description: 'Ending on this day or earlier.' })
  to?: string;

  @CodeField(/^[0-9a-f]{64}$/, { optional: true, description: 'Of one file, by its SHA-256.' })
  fileSha256?: string;
}
const GAPS = ['sequence_missing', 'opening_differs'] as const;

/** Something between a statement and the one before it that was never loaded. */
export class GapView {
  @EnumField(GAPS)
  code: (typeof GAPS)[number];

  @TextField()
  message: string;

  @UuidField({ description: 'The statement before.' })
  afterStatement: string;

  @IntegerField({ nullable: true })
  missingFrom: number | null;

  @IntegerField({ nullable: true })
  missingTo: number | null;

  @PenceField({ ...LARGE, nullable: true, description: 'The closing balance of the statement before.' })
  expectedPence: number | null;

  @PenceField({ ...LARGE, nullable: true })
  foundPence: number | null;
}

export class OwnAccountView {
  @TextField({ max: 4, example: '5678', description: 'The last four characters of the account.' })
  lastFour: string;
}

/** What a statement says of itself, kept or not. Null where it says nothing. */
export class StatementFigures {
  @TextField({ nullable: true, description: 'The bank’s own name of the statement.' })
  statementId: string | null;

  @IntegerField({ nullable: true, description: 'The bank’s number of the statement.' })
  sequence: number | null;

  @PenceField({ ...LARGE, nullable: true })
  openingPence: number | null;

  @PenceField({ ...LARGE, nullable: true })
  closingPence: number | null;

  @DateField({ nullable: true })
  openingOn: string | null;

  @DateField({ nullable: true })
  closingOn: string | null;

  @IntegerField({ min: 0 })
  lineCount: number;
}

/** What a file says of one account, as kept. Null until known; a quarantined file has no figures. */
export class BankStatementView extends StatementFigures {
  @UuidField()
  id: string;

  @TextField({ max: 12, example: 'EIP2' })
  programme: string;

  @EnumField(STATEMENT_STATES)
  state: StatementState;

  @EnumField(FORMATS)
  format: (typeof FORMATS)[number];

  @NestedField(() => OwnAccountView, { nullable: true })
  account: OwnAccountView | null;

  @TextField({ max: 3, nullable: true, example: 'GBP' })
  currency: string | null;

  @DateField({ nullable: true })
  fromOn: string | null;

  @DateField({ nullable: true })
  toOn: string | null;

  @IntegerField({ min: 0 })
  matchedCount: number;

  @ArrayField(() => GapView, { max: 2, description: 'What is missing between it and the statement before.' })
  gaps: GapView[];

  @TextField({ nullable: true, example: 'balance_mismatch', description: 'Why it is quarantined: docs/bank-files.md.' })
  reasonCode: string | null;

  @TextField({ nullable: true, example: 'line 12, /Document/BkToCstmrStmt/Stmt' })
  reasonWhere: string | null;

  @TextField({ max: 1000, nullable: true })
  reason: string | null;

  @UuidField({ nullable: true, description: 'Of a quarantined file that was read later: its first statement.' })
  replacedBy: string | null;

  @TextField({ max: 64, description: 'SHA-256 of the file.' })
  fileSha256: string;

  @IntegerField({ min: 0 })
  fileSize: number;

  @UuidField()
  loadedBy: string;

  @InstantField()
  loadedAt: string;

  @UuidField({ nullable: true })
  closedBy: string | null;

  @InstantField({ nullable: true })
  closedAt: string | null;

  @IntegerField({ min: 1 })
  version: number;
}

/** One statement of a file that was just loaded. */
export class LoadedStatementView extends BankStatementView {
  @BooleanField({ description: 'It was there before, from this file or another one.' })
  known: boolean;
}

/** Why a file is not read, and the figures of its statements together. */
export class FileFigures {
  @TextField({ max: 1000, nullable: true })
  reason: string | null;

  @TextField({ nullable: true, example: 'balance_mismatch' })
  reasonCode: string | null;

  @TextField({ nullable: true })
  reasonWhere: string | null;

  @IntegerField({ min: 0 })
  lineCount: number;

  @PenceField({ ...LARGE, nullable: true, description: 'Of the first statement.' })
  openingPence: number | null;

  @PenceField({ ...LARGE, nullable: true, description: 'Of the last statement.' })
  closingPence: number | null;
}

/** What became of a file: the figures of its statements together. */
export class LoadedFileView extends FileFigures {
  @UuidField({ description: 'The first statement of the file; of a quarantined file, its entry in the quarantine.' })
  id: string;

  @EnumField(LOADED, { description: 'known: every statement of it was there before.' })
  state: (typeof LOADED)[number];

  @IntegerField({ min: 0 })
  matchedCount: number;

  @ArrayField(() => LoadedStatementView, { max: 1000 })
  statements: LoadedStatementView[];
}
