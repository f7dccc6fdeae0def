import { CodeField, EnumField, InstantField, IntegerField, TextField, UuidField } from '#platform/validation';
import { PAYMENT_STATES, type PaymentState } from '../domain/index.js';
import { PaymentView } from '../runs/run.view.js';

/** The filters of GET /payments. */
export class PaymentFilters {
  @EnumField(PAYMENT_STATES, { optional: true })
  state?: PaymentState;

  @CodeField(/^[A-Z0-9]{2,12}$/, { optional: true, example: 'BRENT' })
  authority?: string;

  @UuidField({ optional: true, description: 'Of one payment run.' })
  runId?: string;
}

/** A payment by itself. */
export class PaymentDetail extends PaymentView {
  @UuidField()
  runId: string;

  @InstantField({ nullable: true, description: 'When it was refused, or its run cancelled.' })
  endedAt: string | null;

  @TextField({
    nullable: true,
    description: 'Why it was refused or cancelled, or what the bank said when it came back.',
  })
  reason: string | null;

  @IntegerField({ min: 1 })
  version: number;
}
