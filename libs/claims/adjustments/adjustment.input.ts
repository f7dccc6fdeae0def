import { AuthorityField, ProgrammeField } from '#programme';
import { ArrayField, DaysField, EnumField, PenceField, TextField, UuidField } from '#platform/validation';
import { ADJUSTMENT_STATES, type AdjustmentState } from '../domain/index.js';

export class AdjustedLineInput {
  @UuidField()
  lineId: string;

  @PenceField({
    min: 1,
    max: 10_000_000,
    optional: true,
    description: 'What the line’s net should have been. With neither figure the whole line is taken back.',
  })
  netPence?: number;

  @DaysField({
    min: '0.001',
    max: '100',
    optional: true,
    example: '1.5',
    description: 'What the line’s trainer-days should have been.',
  })
  trainerDays?: string;
}

/** What should not have been reimbursed of an approved claim. */
export class AdjustmentInput {
  @TextField({ max: 500, example: 'The trainer credited one day: credit note 17 of 3 May.' })
  reason: string;

  @ArrayField(() => AdjustedLineInput, { min: 1, max: 10_000 })
  lines: AdjustedLineInput[];
}

/** The filters of GET /adjustments. */
export class AdjustmentFilters {
  @EnumField(ADJUSTMENT_STATES, { optional: true })
  state?: AdjustmentState;

  @AuthorityField({ optional: true })
  authority?: string;

  @ProgrammeField({ optional: true })
  programme?: string;

  @UuidField({ optional: true })
  claimId?: string;
}
