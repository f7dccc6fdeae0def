import { DateField, EnumField, IntegerField, PenceField, TextField } from '#platform/validation';
import { type ClaimState } from '#claims/domain';
import { ClaimNamed } from '../claim-named.view.js';

export const UNPAID_STATES = ['approved', 'funded', 'scheduled'] as const;

/** A claim on its way to be paid: where it stands, and why it is not paid yet. */
export class QueueItem extends ClaimNamed {
  @PenceField()
  amountPence: number;

  @EnumField(UNPAID_STATES)
  state: ClaimState;

  @IntegerField({
    min: 1,
    nullable: true,
    description: 'Its place among all claims that wait for the funder’s money; null once funded, and while on hold.',
  })
  position: number | null;

  @DateField()
  dueOn: string;

  @IntegerField({ min: 0, description: 'Days since it was submitted.' })
  ageDays: number;

  @TextField({ example: 'DfE to pay MTM, asked on 3 April 2018' })
  waitingFor: string;

  @DateField({
    nullable: true,
    description:
      'When the funder’s money should come; once in a payment run, when that is paid. Null while nothing is known.',
  })
  expectedPaymentOn: string | null;

  @TextField({ description: 'How the expected date was estimated, or why there is none.' })
  estimatedFrom: string;
}
