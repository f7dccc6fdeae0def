import {
  ArrayField,
  BooleanField,
  CodeField,
  DateField,
  EnumField,
  InstantField,
  IntegerField,
  kinds,
  NestedField,
  PenceField,
  TextField,
  UuidField,
} from '#platform/validation';
import { MATCH_KINDS, SUGGESTION_KINDS, type MatchKind, type SuggestionKind } from '../domain/index.js';

export const STATEMENT_STATES = ['read', 'closed', 'quarantined'] as const;
export type StatementState = (typeof STATEMENT_STATES)[number];
const FORMATS = ['camt053', 'mt940', 'csv'] as const;
const LOADED = ['read', 'known', 'quarantined'] as const;
export const LINE_STATES = ['matched', 'suggested', 'unmatched'] as const;
export type LineState = (typeof LINE_STATES)[number];

/** A balance or a sum of entries: beyond what a claim may come to, and below nothing. */
const LARGE = { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER };
const MAPPING_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** The parameters of POST /bank-statements. */
export class LoadQuery {
  @BooleanField({ optional: true, description: 'Read the file, answer its lines and keep nothing.' })
  dryRun?: boolean;

  @CodeField(MAPPING_NAME, { optional: true, example: 'our-bank', description: 'The saved mapping of a CSV file.' })
  mapping?: string;

  @CodeField(/^[A-Z0-9]{2,12}$/, {
    optional: true,
    example: 'EIP2',
    description: 'Needed only when there are several.',
  })
  programme?: string;

  @IntegerField({ min: 1, optional: true, description: 'Of a dry run: the first line to answer, 1 unless told.' })
  from?: number;
}

/** The filters of GET /bank-statements. */
export class StatementFilters {
  @EnumField(STATEMENT_STATES, { optional: true })
  state?: StatementState;

  @CodeField(/^[A-Z0-9]{2,12}$/, { optional: true, example: 'EIP2' })
  programme?: string;

  @DateField({ optional: true, description: 'Ending on this day or later.' })
  from?: string;

  @DateField({ optional: true, description: 'Ending on this day or earlier.' })
  to?: string;

  @CodeField(/^[0-9a-f]{64}$/, { optional: true, description: 'Of one file, by its SHA-256.' })
  fileSha256?: string;
}

/** The filters of GET /bank-statements/:id/lines. */
export class LineFilters {
  @EnumField(LINE_STATES, { optional: true })
  state?: LineState;
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

/** What a file says of one account, as kept. Null until known; a quarantined file has no figures. */
export class BankStatementView {
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

  @DateField({ nullable: true })
  fromOn: string | null;

  @DateField({ nullable: true })
  toOn: string | null;

  @IntegerField({ min: 0 })
  lineCount: number;

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

/** What became of a file: the figures of its statements together. */
export class LoadedFileView {
  @UuidField({ description: 'The first statement of the file; of a quarantined file, its entry in the quarantine.' })
  id: string;

  @EnumField(LOADED, { description: 'known: every statement of it was there before.' })
  state: (typeof LOADED)[number];

  @TextField({ max: 1000, nullable: true })
  reason: string | null;

  @TextField({ nullable: true, example: 'balance_mismatch' })
  reasonCode: string | null;

  @TextField({ nullable: true })
  reasonWhere: string | null;

  @IntegerField({ min: 0 })
  lineCount: number;

  @IntegerField({ min: 0 })
  matchedCount: number;

  @PenceField({ ...LARGE, nullable: true, description: 'Of the first statement.' })
  openingPence: number | null;

  @PenceField({ ...LARGE, nullable: true, description: 'Of the last statement.' })
  closingPence: number | null;

  @ArrayField(() => LoadedStatementView, { max: 1000 })
  statements: LoadedStatementView[];
}

/** What a line may be, and why. */
export class SuggestionView {
  @EnumField(SUGGESTION_KINDS)
  kind: SuggestionKind;

  @TextField({ max: 200, description: 'The id of what it may be, or the name of an account of the books.' })
  id: string;

  @IntegerField({ min: 0, max: 100 })
  score: number;

  @ArrayField(kinds.text(), { max: 20 })
  reasons: string[];
}

/** What the bank said of one entry. */
export class EntryView {
  @IntegerField({ min: 1, description: 'Its place in the statement.' })
  seq: number;

  @DateField()
  bookedOn: string;

  @DateField({ nullable: true })
  valueOn: string | null;

  @PenceField({ ...LARGE, description: 'Minor units of the currency; debits negative.' })
  amountPence: number;

  @TextField({ max: 3, example: 'GBP' })
  currency: string;

  @TextField({ nullable: true })
  reference: string | null;

  @TextField({ nullable: true })
  bankReference: string | null;

  @TextField({ nullable: true })
  endToEndId: string | null;

  @TextField({ nullable: true })
  counterparty: string | null;

  @TextField({ max: 4, nullable: true, description: 'The last four characters of the other account.' })
  counterpartyLastFour: string | null;

  @TextField({ nullable: true })
  remittance: string | null;

  @TextField({ nullable: true })
  narrative: string | null;

  @TextField({ nullable: true })
  transactionCode: string | null;

  @TextField({ nullable: true })
  returnReason: string | null;

  @EnumField(LINE_STATES)
  state: LineState;

  @ArrayField(() => SuggestionView, { max: 20 })
  suggestions: SuggestionView[];
}

const HOW = ['exact', 'suggestion', 'by_hand'] as const;

/** So much of a line is this. */
export class MatchView {
  @UuidField()
  id: string;

  @EnumField(MATCH_KINDS)
  kind: MatchKind;

  @UuidField({ nullable: true, description: 'The payment, receipt or adjustment.' })
  targetId: string | null;

  @PenceField({ ...LARGE, description: 'Debits negative.' })
  amountPence: number;

  @EnumField(HOW, { description: 'Exact: found when the statement was loaded. A suggestion: one that was shown.' })
  how: (typeof HOW)[number];

  @UuidField()
  matchedBy: string;
}

/** A booked entry of a kept statement. */
export class StatementLineView extends EntryView {
  @UuidField()
  id: string;

  @ArrayField(() => MatchView, { max: 1000, description: 'What it is matched to.' })
  matches: MatchView[];

  @PenceField({ ...LARGE, description: 'How much of it is explained.' })
  matchedPence: number;
}

/** A line that was read and not kept. */
export class DryLineView extends EntryView {
  @IntegerField({ min: 1, description: 'Which statement of the file it is of.' })
  statement: number;
}

/** One statement of a file that was read and not kept. */
export class DryStatementView {
  @NestedField(() => OwnAccountView)
  account: OwnAccountView;

  @BooleanField({ description: 'Whether it is an account of ours.' })
  ours: boolean;

  @TextField({ max: 3, example: 'GBP' })
  currency: string;

  @TextField({ nullable: true })
  statementId: string | null;

  @IntegerField({ nullable: true })
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

  @IntegerField({ min: 0, description: 'Pending and informational entries, which are no lines.' })
  notBookedCount: number;
}

const DRY = ['read', 'quarantined'] as const;

/** What a file holds; nothing of it is kept. */
export class DryRunView {
  @EnumField(DRY, { description: 'What loading it would give; it says nothing of statements that are known.' })
  state: (typeof DRY)[number];

  @TextField({ max: 1000, nullable: true })
  reason: string | null;

  @TextField({ nullable: true, example: 'balance_mismatch' })
  reasonCode: string | null;

  @TextField({ nullable: true })
  reasonWhere: string | null;

  @IntegerField({ min: 0 })
  lineCount: number;

  @IntegerField({ min: 0, max: 0 })
  matchedCount: number;

  @PenceField({ ...LARGE, nullable: true })
  openingPence: number | null;

  @PenceField({ ...LARGE, nullable: true })
  closingPence: number | null;

  @ArrayField(() => DryStatementView, { max: 1000 })
  statements: DryStatementView[];

  @ArrayField(() => DryLineView, { max: 1000, description: 'At most a thousand, from the line asked for on.' })
  lines: DryLineView[];

  @IntegerField({
    nullable: true,
    description: 'The `from` that gives the lines after these; null when there are none.',
  })
  nextFrom: number | null;
}
