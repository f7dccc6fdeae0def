import {
  ArrayField,
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
import { ClaimAdjustmentView } from './adjustments/adjustment.view.js';
import { CalculationView } from './calculation.view.js';
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

  @UuidField({ nullable: true, description: 'Whose at the payer it is to deal with; null for nobody’s.' })
  assignedTo: string | null;

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

/** What a return said of one line. */
export class ReturnNoteView {
  @UuidField({ description: 'The line as it was then; an edit gives lines new ids.' })
  lineId: string;

  @TextField({ example: 'trainerInvoices[0].lines[1]', description: 'Where the line stood then.' })
  path: string;

  @TextField({ description: 'What the line was then.' })
  description: string;

  @TextField()
  reason: string;
}

/** A whole claim: what was written, what it comes to, where it stands. */
export class ClaimView extends ClaimListItem {
  @ArrayField(() => TrainerInvoiceView)
  trainerInvoices: TrainerInvoiceView[];

  @NestedField(() => CalculationView)
  calculation: Calculation;

  @ArrayField(() => ReturnNoteView, {
    max: 10_000,
    description: 'While the claim is returned: what the return said of single lines, beside its reason.',
  })
  returnNotes: ReturnNoteView[];

  @ArrayField(() => ClaimAdjustmentView, {
    max: 10_000,
    description: 'What was taken back of it, or is to be; oldest first.',
  })
  adjustments: ClaimAdjustmentView[];
}
