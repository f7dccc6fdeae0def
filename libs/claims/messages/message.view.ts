import { InstantField, TextField, UuidField } from '#platform/validation';

/** One message about a claim. */
export class MessageView {
  @UuidField()
  id: string;

  @UuidField()
  claimId: string;

  @UuidField()
  authorId: string;

  @TextField({ example: 'BRENT', description: 'Whose the author is: the authority’s code, or MTM.' })
  organisation: string;

  @TextField({ max: 2000 })
  text: string;

  @InstantField()
  sentAt: string;
}
