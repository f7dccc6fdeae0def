import { AdjustedLineInput } from '#claims';
import { AuthorityField, WhichProgramme } from '#programme';
import { ArrayField, DateField, EnumField, IntegerField, PenceField, TextField, UuidField } from '#platform/validation';
import { ITEM_STATES } from './assurance.view.js';

/** Of which approved claims a sample is drawn, and how. */
export class SampleInput {
  @WhichProgramme()
  programme?: string;

  @DateField({ description: 'Approved on this London day or later.' })
  from: string;

  @DateField({ description: 'Approved on this London day or before; a day that is over.' })
  to: string;

  @PenceField({ description: 'Every claim of which more was approved is drawn.' })
  thresholdPence: number;

  @IntegerField({
    min: 10,
    max: 100,
    optional: true,
    description: 'The sample is worth at least so many per cent of what was approved; 10 when left out.',
  })
  valuePercent?: number;

  @TextField({
    max: 100,
    optional: true,
    example: '7b2f0c9d14e8a635',
    description: 'Gives the same sample again of the same claims; a random one when left out.',
  })
  seed?: string;
}

export const OUTCOMES = ['passed', 'failed'] as const;

/** What the check of a drawn claim came to. */
export class OutcomeInput {
  @EnumField(OUTCOMES)
  outcome: (typeof OUTCOMES)[number];

  @TextField({
    max: 500,
    optional: true,
    example: 'The attendance sheet has one day, the claim two.',
    description: 'Needed for `failed`; it is the adjustment’s reason too.',
  })
  reason?: string;

  @ArrayField(() => AdjustedLineInput, {
    min: 1,
    max: 10_000,
    optional: true,
    description: 'For `failed`: the lines of the adjustment that is proposed.',
  })
  lines?: AdjustedLineInput[];
}

/** The filters of GET /assurance-items. */
export class ItemFilters {
  @UuidField({ optional: true })
  sampleId?: string;

  @UuidField({ optional: true })
  claimId?: string;

  @AuthorityField({ optional: true })
  authority?: string;

  @EnumField(ITEM_STATES, { optional: true })
  state?: string;
}
