import { ArrayField, BooleanField, InstantField, IntegerField, TextField, UuidField } from '#platform/validation';

/** The fields beside the files of a multipart form; they hold for every file of the request. */
export class AddEvidenceInput {
  @UuidField({ optional: true, description: 'A trainer invoice of the claim; absent for the claim as a whole.' })
  trainerInvoiceId?: string;

  @TextField({ max: 500, optional: true, example: 'Bank statement showing the payment' })
  description?: string;
}

export class RemoveEvidenceInput {
  @TextField({ max: 500, example: 'Belongs to another claim' })
  reason: string;
}

/** A file that supports a claim, as it is shown. A removed one stays listed, without its content. */
export class EvidenceView {
  @UuidField()
  id: string;

  @UuidField()
  claimId: string;

  @UuidField({ nullable: true, description: 'Null for the claim as a whole.' })
  trainerInvoiceId: string | null;

  @TextField({ max: 255, example: 'invoice.pdf' })
  fileName: string;

  @TextField({ max: 500, nullable: true })
  description: string | null;

  @TextField({ max: 100, example: 'application/pdf', description: 'Found from the bytes.' })
  mediaType: string;

  @BooleanField({ description: 'The sender called it something else than its bytes are.' })
  declaredOtherwise: boolean;

  @IntegerField({ min: 1, description: 'Bytes.' })
  size: number;

  @TextField({ max: 64, description: 'Lower-case hex.' })
  sha256: string;

  @UuidField()
  uploadedBy: string;

  @InstantField()
  uploadedAt: string;

  @InstantField({ nullable: true })
  removedAt: string | null;

  @UuidField({ nullable: true })
  removedBy: string | null;

  @TextField({ max: 500, nullable: true })
  removedReason: string | null;
}

/** What one request added, in the order of its files. */
export class AddedEvidenceView {
  @ArrayField(() => EvidenceView, { min: 1, max: 20 })
  items: EvidenceView[];
}
