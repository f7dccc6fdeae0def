import {
  ArrayField,
  DateField,
  EnumField,
  InstantField,
  IntegerField,
  JsonField,
  kinds,
  NestedField,
  PenceField,
  RecordField,
  TextField,
  UuidField,
} from '#platform/validation';
import { ClaimAdjustmentView } from './adjustments/adjustment.view.js';
import { CLAIM_STATES, type Calculation, type ClaimState } from './domain/index.js';
import { FlagView } from './flag.view.js';

export class HoldView {
  @TextField()
  reason: string;

  @InstantField()
  heldAt: string;

  @UuidField()
  heldBy: string;
}

/** A claim as a list shows it. Null until known. */
export class ClaimListItem {
  @UuidField()
  id: string;

  @TextField({ example: 'EIP2' })
  programme: string;

  @TextField({ example: 'BRENT' })
  authority: string;

  @TextField({ nullable: true })
  authorityReference: string | null;

  @TextField({ nullable: true })
  purchaseOrder: string | null;

  @EnumField(CLAIM_STATES)
  state: ClaimState;

  @NestedField(() => HoldView, { nullable: true })
  hold: HoldView | null;

  @TextField({ nullable: true, example: 'EIP2-BRENT-0001' })
  invoiceNumber: string | null;

  @InstantField({ nullable: true })
  submittedAt: string | null;

  @DateField({ nullable: true, description: 'While the claim is live: null before, and once it has ended.' })
  dueOn: string | null;

  @TextField({ nullable: true, example: 'MTM to review', description: 'Who acts next.' })
  waitingFor: string | null;

  @DateField({
    nullable: true,
    description:
      'When the funder’s money for it should come; once in an approved payment run, when that is paid. Null until known.',
  })
  expectedPaymentOn: string | null;

  @TextField({
    nullable: true,
    description: 'How the expected date was estimated, or why there is none. Null before approval and once paid.',
  })
  estimatedFrom: string | null;

  @PenceField({
    description: 'The reimbursement claimed. Of a draft: today’s figure in the claim, the last saved one in a list.',
  })
  totalPence: number;

  @PenceField({ nullable: true })
  approvedPence: number | null;

  @ArrayField(() => FlagView, { description: 'Only those the reader may see.' })
  flags: FlagView[];

  @InstantField()
  createdAt: string;

  @InstantField()
  updatedAt: string;

  @IntegerField({ min: 1 })
  version: number;
}

export class TrainerView {
  @TextField({ example: 'A Trainer Ltd' })
  name: string;

  @TextField({ nullable: true, example: 'GB999999973' })
  vatNumber: string | null;

  @TextField({ example: 'GB' })
  country: string;
}

export class DecisionView {
  @EnumField(['allow', 'disallow'])
  decision: 'allow' | 'disallow';

  @TextField({ nullable: true })
  reason: string | null;
}

export class LineView {
  @UuidField()
  id: string;

  @EnumField(['training', 'travel'])
  kind: 'training' | 'travel';

  @TextField({ optional: true, example: 'targeted' })
  category?: string;

  @TextField({ optional: true, example: 'standard' })
  rate?: string;

  @TextField()
  description: string;

  @DateField({ optional: true })
  bookedOn?: string;

  @ArrayField(kinds.date(), { optional: true })
  deliveredOn?: string[];

  @TextField({ optional: true, example: '2', description: 'Decimal days.' })
  trainerDays?: string;

  @PenceField()
  netPence: number;

  @TextField({ example: '20' })
  vatRate: string;

  @PenceField()
  vatPence: number;

  @NestedField(() => DecisionView, { nullable: true, description: 'Null until MTM has reviewed the claim.' })
  decision: DecisionView | null;
}

export class PaymentProofView {
  @DateField()
  paidOn: string;

  @TextField({ nullable: true })
  note: string | null;
}

export class DistinctView {
  @TextField()
  note: string;
}

export class TrainerInvoiceView {
  @UuidField()
  id: string;

  @NestedField(() => TrainerView)
  trainer: TrainerView;

  @TextField({ example: 'INV-0042' })
  number: string;

  @DateField()
  issuedOn: string;

  @DateField({ nullable: true })
  paidOn: string | null;

  @NestedField(() => PaymentProofView, {
    nullable: true,
    description: 'What the payer recorded where the claim gave no date.',
  })
  paymentProof: PaymentProofView | null;

  @NestedField(() => DistinctView, {
    nullable: true,
    description: 'That the invoice of this number at another authority is another one.',
  })
  distinct: DistinctView | null;

  @ArrayField(() => LineView)
  lines: LineView[];
}

export class CategoryView {
  @PenceField()
  netPence: number;

  @PenceField()
  eligiblePence: number;

  @PenceField()
  reimbursementPence: number;

  @TextField({ optional: true, example: '2', description: 'Trainer-days.' })
  days?: string;

  @TextField({ optional: true, example: '2', description: 'What the allocation gives for them.' })
  fundedDays?: string;
}

export class WorkingView {
  @TextField({ example: 'targeted' })
  for: string;

  @TextField({ max: 5000 })
  text: string;

  @JsonField()
  inputs: Record<string, string | number>;

  @IntegerField()
  resultPence: number;
}

export class ProblemView {
  @TextField({ example: 'trainerInvoices[0].lines[1].vatPence' })
  path: string;

  @TextField({ example: 'vat_mismatch' })
  code: string;

  @TextField({ max: 2000 })
  message: string;
}

/** What a claim comes to, with the working of every figure and everything that keeps it from being claimed. */
export class CalculationView {
  @RecordField(() => CategoryView)
  categories: Record<string, CategoryView>;

  @PenceField()
  totalPence: number;

  @PenceField()
  grossPence: number;

  @PenceField()
  vatPence: number;

  @PenceField({ description: 'Charged above the funded rate; it stays with the authority.' })
  aboveRatePence: number;

  @PenceField({ description: 'What the authority bears: net − reimbursement.' })
  authorityPence: number;

  @ArrayField(() => WorkingView)
  working: WorkingView[];

  @ArrayField(() => ProblemView)
  problems: ProblemView[];
}

/** A whole claim: what was written, what it comes to, where it stands. */
export class ClaimView extends ClaimListItem {
  @ArrayField(() => TrainerInvoiceView)
  trainerInvoices: TrainerInvoiceView[];

  @NestedField(() => CalculationView)
  calculation: Calculation;

  @ArrayField(() => ClaimAdjustmentView, {
    max: 10_000,
    description: 'What was taken back of it, or is to be; oldest first.',
  })
  adjustments: ClaimAdjustmentView[];
}
