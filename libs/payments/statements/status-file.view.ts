import { ProgrammeField, WhichProgramme } from '#programme';
import {
  ArrayField,
  BooleanField,
  EnumField,
  InstantField,
  IntegerField,
  TextField,
  UuidField,
} from '#platform/validation';

const STATES = ['read', 'quarantined'] as const;
export type StatusFileState = (typeof STATES)[number];
const OUTCOMES = ['settled', 'accepted', 'pending', 'rejected', 'cancelled', 'partial', 'unknown'] as const;
const EFFECTS = ['applied', 'noted', 'too_late', 'unknown'] as const;

/** The parameters of POST /payment-status-files. */
export class StatusFileQuery {
  @WhichProgramme()
  programme?: string;
}

/** The filters of GET /payment-status-files. */
export class StatusFileFilters {
  @EnumField(STATES, { optional: true })
  state?: StatusFileState;

  @ProgrammeField({ optional: true })
  programme?: string;
}

/** A report of the bank on a payment run's file. */
export class StatusFileView {
  @UuidField()
  id: string;

  @TextField({ max: 12, example: 'EIP2' })
  programme: string;

  @EnumField(STATES)
  state: StatusFileState;

  @TextField({ nullable: true, description: 'The bank’s own name of the report.' })
  messageId: string | null;

  @TextField({ nullable: true, example: 'EIP2-PR-0001', description: 'The payment run it is about.' })
  paymentRun: string | null;

  @TextField({ nullable: true, example: 'PART', description: 'What became of the file as a whole, ISO 20022.' })
  groupStatus: string | null;

  @IntegerField({ min: 0 })
  statusCount: number;

  @IntegerField({ min: 0, description: 'Payments refused by it.' })
  appliedCount: number;

  @TextField({ nullable: true })
  reasonCode: string | null;

  @TextField({ nullable: true })
  reasonWhere: string | null;

  @TextField({ max: 1000, nullable: true })
  reason: string | null;

  @TextField({ max: 64, description: 'SHA-256 of the file.' })
  fileSha256: string;

  @IntegerField({ min: 0 })
  fileSize: number;

  @UuidField()
  loadedBy: string;

  @InstantField()
  loadedAt: string;
}

/** What a report says of one payment, and what it changed. */
export class PaymentStatusView {
  @IntegerField({ min: 1 })
  seq: number;

  @TextField({ max: 35, example: 'EIP2-PR-0001-BRENT' })
  endToEndId: string;

  @UuidField({ nullable: true, description: 'Null: no payment of the run.' })
  paymentId: string | null;

  @TextField({ nullable: true, example: 'RJCT' })
  status: string | null;

  @EnumField(OUTCOMES)
  outcome: (typeof OUTCOMES)[number];

  @TextField({ nullable: true, example: 'AC04', description: 'Why, by ISO 20022’s code or the bank’s own.' })
  reasonCode: string | null;

  @EnumField(EFFECTS, { description: 'Whether the payment was refused by it.' })
  effect: (typeof EFFECTS)[number];
}

/** What became of a report. */
export class LoadedStatusFileView extends StatusFileView {
  @BooleanField({ description: 'The same file was there before.' })
  known: boolean;

  @ArrayField(() => PaymentStatusView, { max: 200, description: 'The first two hundred.' })
  statuses: PaymentStatusView[];
}
