import { malformed } from '#kernel';
import { CodeField, DateField, PenceField, TextField, UuidField, validateInput } from '#platform/validation';

/** A quarter of the calendar year, such as `2018-Q1`. */
export const QUARTER = /^(19|2\d)\d{2}-Q[1-4]$/;
const QUARTER_OPTIONS = { example: '2018-Q1', message: 'Give a quarter of the calendar year, such as 2018-Q1.' };

/** £100,000: more than any grant for one post. */
const MOST_PENCE = 10_000_000;

/** What the grant was spent on. */
export class EntryInput {
  @CodeField(QUARTER, QUARTER_OPTIONS)
  quarter: string;

  @PenceField({ min: 0, max: MOST_PENCE, description: '0 only for a correction: nothing was spent.' })
  amountPence: number;

  @TextField({ max: 500, example: 'Salary and on-costs of the post' })
  description: string;

  @DateField({ optional: true, nullable: true, description: 'Of the supplier’s invoice or the payroll.' })
  incurredOn?: string | null;

  @TextField({ max: 200, optional: true, nullable: true })
  supplier?: string | null;

  @TextField({ max: 100, optional: true, nullable: true, description: 'Number of the supplier’s invoice.' })
  supplierReference?: string | null;

  @UuidField({ optional: true, description: 'The entry that this one corrects; it counts no more.' })
  replaces?: string;

  @TextField({ max: 500, optional: true, description: 'Why it is corrected; with `replaces` only.' })
  reason?: string;
}

/** A forecast and a reason for one quarter; what is null is taken away. */
export class QuarterInput {
  @PenceField({
    max: MOST_PENCE,
    nullable: true,
    description: 'What the quarter will cost in all; null: at the run rate.',
  })
  forecastPence: number | null;

  @TextField({ max: 500, nullable: true, description: 'Why it cost another amount than expected.' })
  varianceReason: string | null;
}

/** The body as an entry whose form is right. Throws malformed. */
export function readEntry(body: unknown): EntryInput {
  const entry = validateInput(EntryInput, body);
  if ((entry.replaces === undefined) !== (entry.reason === undefined)) {
    const path = entry.replaces === undefined ? 'replaces' : 'reason';
    const message = 'A correction has both: the entry it replaces and the reason.';
    throw malformed([{ path, code: 'required', message }]);
  }
  if (entry.amountPence === 0 && entry.replaces === undefined) {
    const message = 'Give at least 1; 0 says of a corrected entry that nothing was spent.';
    throw malformed([{ path: 'amountPence', code: 'out_of_range', message }]);
  }
  return entry;
}
