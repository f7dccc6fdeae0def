import { ArrayField, BooleanField, IntegerField, kinds, UuidField } from '#platform/validation';

export class ImportQuery {
  @BooleanField({ optional: true, description: 'Import a file that was imported before once more.' })
  again?: boolean;
}

/** What one file became. */
export class ImportView {
  @UuidField()
  id: string;

  @IntegerField({ min: 1, max: 10_000 })
  rowCount: number;

  @IntegerField({ min: 1, max: 10_000 })
  claimCount: number;

  @ArrayField(kinds.uuid(), { min: 1, max: 10_000, description: 'The drafts, in the order of the file.' })
  claimIds: string[];
}
