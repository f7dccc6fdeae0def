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
  TextField,
  UuidField,
} from '#platform/validation';

/** One entry of a claim's timeline. */
export class TimelineView {
  @IntegerField({ min: 1, description: 'Its place in the authority’s trail.' })
  seq: number;

  @InstantField()
  at: string;

  @TextField({ example: 'claim.submitted' })
  action: string;

  @UuidField()
  actorId: string;

  @TextField({ example: 'BRENT' })
  organisation: string;

  @ArrayField(kinds.text())
  roles: string[];

  @TextField({ nullable: true, description: 'Why.' })
  reason: string | null;

  @JsonField({ nullable: true })
  before: object | null;

  @JsonField({ nullable: true })
  after: object | null;
}

export class StoredFileView {
  @TextField({ description: 'SHA-256, hex.' })
  sha256: string;

  @IntegerField({ min: 1, description: 'Bytes.' })
  size: number;
}

export class DeliveryItemView {
  @UuidField()
  id: string;

  @EnumField(['payer', 'authority'])
  audience: string;

  @EnumField(['queued', 'sending', 'sent', 'unconfirmed', 'failed'])
  state: string;

  @InstantField({ nullable: true })
  sentAt: string | null;
}

/** An issued claim invoice or credit note. */
export class DocumentView {
  @UuidField()
  id: string;

  @EnumField(['invoice', 'credit_note'])
  kind: string;

  @TextField({ example: 'EIP2-BRENT-0001' })
  number: string;

  @DateField()
  issuedOn: string;

  @PenceField()
  totalPence: number;

  @TextField({ nullable: true, description: 'The invoice that a credit note corrects.' })
  refersTo: string | null;

  @EnumField(['pending', 'stored', 'failed'])
  state: string;

  @NestedField(() => StoredFileView, { nullable: true })
  pdf: StoredFileView | null;

  @NestedField(() => StoredFileView, { nullable: true })
  xml: StoredFileView | null;

  @ArrayField(() => DeliveryItemView)
  deliveries: DeliveryItemView[];
}
