import { AuthorityField, WhichProgramme } from '#programme';
import { ArrayField, kinds } from '#platform/validation';

/** Which claims to ask the funder for; without any of the fields, every claim that can be asked for. */
export class RequestInput {
  @WhichProgramme()
  programme?: string;

  @ArrayField(kinds.uuid(), {
    optional: true,
    min: 1,
    max: 10_000,
    description: 'These and no others; each must be approved, not on hold and in no other live request.',
  })
  claimIds?: string[];

  @AuthorityField({ optional: true, description: 'Only claims of this authority.' })
  authority?: string;
}
