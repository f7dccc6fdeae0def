import {
  ArrayField,
  BooleanField,
  EnumField,
  InstantField,
  IntegerField,
  PenceField,
  RecordField,
  TextField,
  UuidField,
} from '#platform/validation';
import { ADJUSTMENT_STATES, type AdjustmentState } from '../domain/index.js';

/** An adjustment as a claim shows it. */
export class ClaimAdjustmentView {
  @UuidField()
  id: string;

  @EnumField(ADJUSTMENT_STATES)
  state: AdjustmentState;

  @PenceField({ min: 1, description: 'What is taken back.' })
  amountPence: number;

  @PenceField({ description: 'What of it is back: set off in settled payments, or repaid.' })
  recoveredPence: number;

  @TextField({ nullable: true, example: 'EIP2-BRENT-CN-0001' })
  creditNoteNumber: string | null;
}

/** An adjustment as a list shows it. Null until known. */
export class AdjustmentListItem extends ClaimAdjustmentView {
  @TextField({ example: 'EIP2' })
  programme: string;

  @TextField({ example: 'BRENT' })
  authority: string;

  @UuidField()
  claimId: string;

  @TextField({ example: 'EIP2-BRENT-0001' })
  invoiceNumber: string;

  @TextField({ description: 'Why; printed on the credit note.' })
  reason: string;

  @PenceField({ description: 'What is still to be set off or repaid, and is in no payment; nothing before approval.' })
  balancePence: number;

  @UuidField()
  proposedBy: string;

  @InstantField()
  proposedAt: string;

  @UuidField({ nullable: true })
  approvedBy: string | null;

  @InstantField({ nullable: true })
  approvedAt: string | null;

  @TextField({ nullable: true })
  cancelReason: string | null;

  @IntegerField({ min: 1 })
  version: number;
}

/** What is taken back of a category. */
export class AdjustedCategoryView {
  @PenceField()
  netPence: number;

  @PenceField()
  eligiblePence: number;

  @PenceField()
  reimbursementPence: number;

  @TextField({ optional: true, example: '1', description: 'Days given back to the allocation.' })
  fundedDays?: string;
}

/** A line before and after. */
export class AdjustedLineView {
  @UuidField()
  lineId: string;

  @TextField()
  description: string;

  @PenceField()
  netPenceBefore: number;

  @PenceField({ description: 'Nothing where the line is taken back whole.' })
  netPence: number;

  @TextField({ nullable: true, example: '2' })
  trainerDaysBefore: string | null;

  @TextField({ nullable: true, example: '1' })
  trainerDays: string | null;

  @PenceField()
  eligiblePenceBefore: number;

  @PenceField()
  eligiblePence: number;

  @BooleanField({ description: 'Travel that nobody named: its trainer has no training left in the claim.' })
  consequential: boolean;
}

const SET_OFF_STATES = ['in_payment', 'settled', 'freed'] as const;

/** So much of it taken off a payment. */
export class SetOffView {
  @UuidField()
  paymentId: string;

  @TextField({ max: 18, example: 'P0000000195' })
  reference: string;

  @PenceField({ min: 1 })
  pence: number;

  @EnumField(SET_OFF_STATES, { description: 'Freed: its payment was cancelled, refused or bounced.' })
  state: (typeof SET_OFF_STATES)[number];
}

/** So much of it paid back. */
export class RepaymentView {
  @PenceField({ min: 1 })
  pence: number;

  @InstantField()
  recordedAt: string;

  @InstantField({ nullable: true, description: 'When the match with the bank’s line was undone.' })
  undoneAt: string | null;
}

/** What a proposal would take back. */
export interface AdjustmentPreview {
  amountPence: number;
  categories: { code: string; label: string; reimbursementPence: number; fundedDays: string | null }[];
  lines: AdjustedLineView[];
}

/** A line of an approved claim as it stands: what an adjustment can still take back of it. Pence; decimal days. */
export interface StandingLineView {
  lineId: string;
  path: string;
  netPence: number;
  eligiblePence: number;
  trainerDays: string | null;
}

export class AdjustmentView extends AdjustmentListItem {
  @RecordField(() => AdjustedCategoryView, { description: 'Every category of the programme.' })
  categories: Record<string, AdjustedCategoryView>;

  @ArrayField(() => AdjustedLineView, { max: 10_000 })
  lines: AdjustedLineView[];

  @ArrayField(() => SetOffView, { max: 10_000 })
  setOffs: SetOffView[];

  @ArrayField(() => RepaymentView, { max: 10_000 })
  repayments: RepaymentView[];
}
