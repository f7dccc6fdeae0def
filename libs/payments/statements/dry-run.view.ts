import { ArrayField, BooleanField, EnumField, IntegerField, NestedField, TextField } from '#platform/validation';
import { EntryView } from './line.view.js';
import { FileFigures, OwnAccountView, StatementFigures } from './statement.view.js';

/** A line that was read and not kept. */
export class DryLineView extends EntryView {
  @IntegerField({ min: 1, description: 'Which statement of the file it is of.' })
  statement: number;
}

/** One statement of a file that was read and not kept. */
export class DryStatementView extends StatementFigures {
  @NestedField(() => OwnAccountView)
  account: OwnAccountView;

  @BooleanField({ description: 'Whether it is an account of ours.' })
  ours: boolean;

  @TextField({ max: 3, example: 'GBP' })
  currency: string;

  @IntegerField({ min: 0, description: 'Pending and informational entries, which are no lines.' })
  notBookedCount: number;
}

const DRY = ['read', 'quarantined'] as const;

/** What a file holds; nothing of it is kept. */
export class DryRunView extends FileFigures {
  @EnumField(DRY, { description: 'What loading it would give; it says nothing of statements that are known.' })
  state: (typeof DRY)[number];

  @IntegerField({ min: 0, max: 0 })
  matchedCount: number;

  @ArrayField(() => DryStatementView, { max: 1000 })
  statements: DryStatementView[];

  @ArrayField(() => DryLineView, { max: 1000, description: 'At most a thousand, from the line asked for on.' })
  lines: DryLineView[];

  @IntegerField({
    nullable: true,
    description: 'The `from` that gives the lines after these; null when there are none.',
  })
  nextFrom: number | null;
}
