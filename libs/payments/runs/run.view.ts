import { ProgrammeField, WhichProgramme } from '#programme';
import {
  ArrayField,
  CodeField,
  EnumField,
  InstantField,
  IntegerField,
  kinds,
  PenceField,
  TextField,
  UuidField,
} from '#platform/validation';
import { PAYMENT_STATES, RUN_STATES, type PaymentState, type RunState } from '../domain/index.js';

/** Which funded claims to pay. */
export class RunInput {
  @ArrayField(kinds.uuid(), { min: 1, max: 5_000, optional: true, description: 'Without it, every funded claim.' })
  claimIds?: string[];

  @CodeField(/^[0-9a-f]{64}$/, {
    optional: true,
    description: 'The mark of the preview that was decided on: when something else would be paid by now, nothing is.',
  })
  mark?: string;

  @WhichProgramme()
  programme?: string;
}

/** The filters of GET /payment-runs. */
export class RunFilters {
  @EnumField(RUN_STATES, { optional: true })
  state?: RunState;

  @ProgrammeField({ optional: true })
  programme?: string;
}

/** What one authority gets in a run. */
export class PaymentPreview {
  @TextField({ max: 12, example: 'BRENT' })
  authority: string;

  @PenceField({ description: 'Its claims less what is set off; nothing where the bank is not asked.' })
  amountPence: number;

  @PenceField({ description: 'What is set off in it.' })
  setOffPence: number;

  @TextField({ description: 'The name of the account it goes to.' })
  accountName: string;

  @TextField({ max: 4, example: '5678', description: 'The last four digits; the rest is in the bank file alone.' })
  lastFour: string;

  @ArrayField(kinds.uuid(), { max: 1_000_000, description: 'In paying order.' })
  claimIds: string[];

  @ArrayField(kinds.uuid(), { max: 10_000, description: 'Adjustments set off in it, the oldest first.' })
  adjustmentIds: string[];
}

export class PaymentView extends PaymentPreview {
  @UuidField()
  id: string;

  @TextField({ max: 18, example: 'P0000000195', description: 'What bank statements show it by.' })
  reference: string;

  @TextField({ max: 35, example: 'EIP2-PR-0001-BRENT' })
  endToEndId: string;

  @EnumField(PAYMENT_STATES)
  state: PaymentState;

  @InstantField({ nullable: true, description: 'When lines of bank statements showed all of it.' })
  settledAt: string | null;

  @TextField({ nullable: true, example: 'EIP2-BRENT-RA-0001', description: 'Its remittance advice, once settled.' })
  remittanceNumber: string | null;
}

const REASONS = ['no_account', 'account_unconfirmed', 'confirmed_by_you', 'account_name'] as const;

/** An authority whose funded claims a run leaves out, and why. */
export class LeftOut {
  @TextField({ max: 12, example: 'BRENT' })
  authority: string;

  @PenceField()
  amountPence: number;

  @EnumField(REASONS)
  code: (typeof REASONS)[number];

  @TextField()
  message: string;
}

/** What such a run would pay now. */
export class RunPreview {
  @TextField({ max: 64, description: 'Another as soon as something else would be paid.' })
  mark: string;

  @PenceField()
  totalPence: number;

  @IntegerField({ min: 0 })
  claimCount: number;

  @ArrayField(() => PaymentPreview, { max: 1_000 })
  payments: PaymentPreview[];

  @ArrayField(() => LeftOut, { max: 1_000 })
  leftOut: LeftOut[];
}

/** A payment run as a list shows it. Null until known. */
export class RunListItem {
  @UuidField()
  id: string;

  @TextField({ max: 12, example: 'EIP2' })
  programme: string;

  @TextField({ max: 30, example: 'EIP2-PR-0001' })
  number: string;

  @EnumField(RUN_STATES)
  state: RunState;

  @PenceField()
  totalPence: number;

  @IntegerField({ min: 1 })
  paymentCount: number;

  @IntegerField({ min: 1 })
  claimCount: number;

  @UuidField()
  preparedBy: string;

  @InstantField()
  preparedAt: string;

  @UuidField({ nullable: true })
  approvedBy: string | null;

  @InstantField({ nullable: true })
  approvedAt: string | null;

  @TextField({ nullable: true })
  cancelReason: string | null;

  @TextField({ max: 64, nullable: true, description: 'SHA-256 of the bank file, from the approval on.' })
  fileSha256: string | null;

  @IntegerField({ min: 1 })
  version: number;
}

export class RunView extends RunListItem {
  @ArrayField(() => PaymentView, { max: 1_000 })
  payments: PaymentView[];
}

/** A run just prepared: also what it left out. */
export class PreparedRunView extends RunView {
  @ArrayField(() => LeftOut, { max: 1_000 })
  leftOut: LeftOut[];
}
