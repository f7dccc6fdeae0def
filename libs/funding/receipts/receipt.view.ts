import {
  ArrayField,
  DateField,
  EnumField,
  InstantField,
  IntegerField,
  kinds,
  PenceField,
  TextField,
  UuidField,
} from '#platform/validation';
import { RECEIPT_SOURCES, RECEIPT_STATES, type ReceiptSource, type ReceiptState } from '../domain/index.js';

/** A receipt as a list shows it. Null until known. */
export class ReceiptListItem {
  @UuidField()
  id: string;

  @TextField({ example: 'EIP2' })
  programme: string;

  @EnumField(RECEIPT_STATES)
  state: ReceiptState;

  @EnumField(RECEIPT_SOURCES, {
    description: 'Recovered: what authorities gave back, used by the request it names instead of new money.',
  })
  source: ReceiptSource;

  @PenceField()
  amountPence: number;

  @PenceField({ description: 'What no claim is funded from; nothing once it is reversed.' })
  unallocatedPence: number;

  @PenceField({ description: 'Of recovered money, what its request did not need: a later request uses it.' })
  releasedPence: number;

  @DateField()
  receivedOn: string;

  @TextField({ example: 'DFE EIP2 0001' })
  bankReference: string;

  @UuidField({ nullable: true })
  fundingRequestId: string | null;

  @UuidField()
  recordedBy: string;

  @InstantField()
  recordedAt: string;

  @TextField({ nullable: true })
  evidence: string | null;

  @UuidField({ nullable: true })
  confirmedBy: string | null;

  @InstantField({ nullable: true })
  confirmedAt: string | null;

  @UuidField({ nullable: true })
  reversedBy: string | null;

  @InstantField({ nullable: true })
  reversedAt: string | null;

  @TextField({ nullable: true })
  reverseReason: string | null;

  @IntegerField({ min: 1 })
  version: number;
}

/** One receipt, with what its confirmation funded. */
export class ReceiptView extends ReceiptListItem {
  @ArrayField(kinds.uuid(), {
    max: 10_000_000,
    description: 'Claims funded by its confirmation that still are, in queue order.',
  })
  fundedClaimIds: string[];
}

/** What confirming such a receipt now would give. */
export class ReceiptPreview {
  @PenceField()
  amountPence: number;

  @ArrayField(kinds.uuid(), { max: 10_000_000, description: 'Claims it would fund, in queue order.' })
  fundedClaimIds: string[];

  @PenceField({ description: 'What would be left of it.' })
  unallocatedPence: number;
}
