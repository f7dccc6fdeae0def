import { ArrayField, EnumField, kinds, PenceField, TextField, UuidField } from '#platform/validation';
import { LINE_ACCOUNTS } from '../domain/index.js';

/** How much of the line something is, where that is not all that is open of it. */
export class MatchAmount {
  @UuidField({ description: 'Of a payment, receipt or adjustment named here.' })
  id: string;

  @PenceField({ min: 1 })
  amountPence: number;
}

/** What a line of a bank statement is: one thing, several, or an account for what is left. */
export class MatchInput {
  @ArrayField(kinds.uuid(), {
    min: 1,
    max: 1000,
    optional: true,
    description: 'Payments that a debit makes, or that a credit brings back.',
  })
  paymentIds?: string[];

  @ArrayField(kinds.uuid(), { min: 1, max: 1000, optional: true, description: 'Receipts of the funder’s money.' })
  receiptIds?: string[];

  @ArrayField(kinds.uuid(), { min: 1, max: 1000, optional: true, description: 'Adjustments that are repaid.' })
  adjustmentIds?: string[];

  @EnumField(LINE_ACCOUNTS, { optional: true, description: 'Where what is left of the line goes.' })
  account?: (typeof LINE_ACCOUNTS)[number];

  @ArrayField(() => MatchAmount, {
    min: 1,
    max: 1000,
    optional: true,
    description: 'Without one, all that is open; of a single thing, the line where that is less.',
  })
  amounts?: MatchAmount[];
}

export class UnmatchInput {
  @TextField({ max: 500, example: 'It was the payment to Bristol' })
  reason: string;

  @ArrayField(kinds.uuid(), { min: 1, max: 1000, optional: true, description: 'Without it, every match of the line.' })
  matchIds?: string[];
}
