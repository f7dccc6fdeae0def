import { ArrayField, CodeField, kinds } from '#platform/validation';

/** Which claims to ask the funder for; without any of the fields, every claim that can be asked for. */
export class RequestInput {
  @CodeField(/^[A-Z0-9]{2,12}$/, {
    optional: true,
    example: 'EIP2',
    description: 'Needed only when there are several programmes.',
  })
  programme?: string;

  @ArrayField(kinds.uuid(), {
    optional: true,
    min: 1,
    max: 10_000,
    description: 'These and no others; each must be approved, not on hold and in no other live request.',
  })
  claimIds?: string[];

  @CodeField(/^[A-Z0-9]{2,12}$/, { optional: true, example: 'BRENT', description: 'Only claims of this authority.' })
  authority?: string;
}
