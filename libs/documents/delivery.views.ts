import { EnumField, InstantField, IntegerField, TextField, UuidField } from '#platform/validation';
import { DELIVERY_STATES, DOCUMENT_STATES, type DeliveryState, type DocumentState } from './domain/index.js';

/** Why something is done again. */
export class RetryInput {
  @TextField({ max: 500, optional: true, example: 'The mail server is back.' })
  reason?: string;
}

export const AUDIENCES = ['payer', 'authority'] as const;

/** The filters of GET /deliveries. */
export class ListDeliveriesInput {
  @EnumField(DELIVERY_STATES, { optional: true })
  state?: DeliveryState;

  @TextField({ max: 30, optional: true, example: 'BRENT' })
  authority?: string;
}

/** One e-mail: of a document, or a notice. */
export class DeliveryView {
  @UuidField()
  id: string;

  @UuidField({ nullable: true, description: 'The document it brings; null for a notice.' })
  documentId: string | null;

  @UuidField({ nullable: true, description: 'The claim its document is about, if it is about one.' })
  claimId: string | null;

  @TextField({ max: 40, nullable: true, example: 'EIP2-BRENT-0001' })
  number: string | null;

  @TextField({ max: 300, nullable: true, description: 'What a notice is about; null for a document.' })
  notice: string | null;

  @TextField({ max: 30, example: 'BRENT' })
  authority: string;

  @EnumField(AUDIENCES, { description: 'The payer, or the authority’s own copy.' })
  audience: (typeof AUDIENCES)[number];

  @EnumField(DELIVERY_STATES, {
    description:
      'unconfirmed: the data went out and no answer came; it may have arrived and is not sent again by itself.',
  })
  state: DeliveryState;

  @IntegerField({ min: 0 })
  attempts: number;

  @TextField({ max: 500, nullable: true })
  lastError: string | null;

  @InstantField()
  createdAt: string;

  @InstantField({ nullable: true })
  sentAt: string | null;
}

/** What an administrator sees of a document’s rendering. */
export class DocumentJobView {
  @UuidField()
  id: string;

  @TextField({ max: 40, example: 'EIP2-BRENT-0001' })
  number: string;

  @EnumField(DOCUMENT_STATES)
  state: DocumentState;

  @IntegerField({ min: 0 })
  attempts: number;

  @TextField({ max: 500, nullable: true })
  lastError: string | null;
}

const JOB_KINDS = ['document', 'delivery'] as const;
const JOB_STATES = ['failed', 'unconfirmed'] as const;

/** Work that needs an administrator. */
export class FailedJobView {
  @UuidField({ description: 'Of the document or the delivery: what its retry or resend takes.' })
  id: string;

  @EnumField(JOB_KINDS)
  kind: (typeof JOB_KINDS)[number];

  @TextField({ max: 40, example: 'EIP2-BRENT-0001' })
  number: string;

  @TextField({ max: 30, example: 'BRENT' })
  authority: string;

  @EnumField(JOB_STATES)
  state: (typeof JOB_STATES)[number];

  @IntegerField({ min: 0 })
  attempts: number;

  @TextField({ max: 500, nullable: true })
  lastError: string | null;

  @InstantField({ description: 'When it was last tried.' })
  at: string;
}
