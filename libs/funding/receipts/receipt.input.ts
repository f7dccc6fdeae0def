import { WhichProgramme } from '#programme';
import { DateField, PenceField, TextField, UuidField } from '#platform/validation';

/** Money that came from the funder, as the bank shows it. */
export class ReceiptInput {
  @WhichProgramme()
  programme?: string;

  @PenceField({ min: 1 })
  amountPence: number;

  @DateField({ description: 'The day the bank booked it; not in the future.' })
  receivedOn: string;

  @TextField({ max: 140, example: 'DFE EIP2 0001' })
  bankReference: string;

  @UuidField({ optional: true, description: 'The request this pays: its claims are funded first.' })
  fundingRequestId?: string;
}

export class ConfirmInput {
  @TextField({ max: 500, example: 'Bank’s advice of 3 May 2018, page 2' })
  evidence: string;
}
