import { TextField, UuidField } from '#platform/validation';

/** A claim as lists of other things name it: whose it is and how its papers call it. */
export class ClaimNamed {
  @UuidField()
  claimId: string;

  @TextField({ example: 'BRENT' })
  authority: string;

  @TextField({ example: 'EIP2-BRENT-0001' })
  invoiceNumber: string;
}
