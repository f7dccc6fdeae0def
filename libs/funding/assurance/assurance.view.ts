import {
  DateField,
  EnumField,
  InstantField,
  IntegerField,
  PenceField,
  TextField,
  UuidField,
} from '#platform/validation';
import { ClaimNamed } from '../claim-named.view.js';
import { WHY_DRAWN, type WhyDrawn } from '../domain/index.js';

export const ITEM_STATES = ['requested', 'passed', 'failed'] as const;
export type ItemState = (typeof ITEM_STATES)[number];

const MAX_PENCE = Number.MAX_SAFE_INTEGER;

/** A sample, with all that is needed to draw it again. */
export class SampleView {
  @UuidField()
  id: string;

  @TextField({ example: 'EIP2' })
  programme: string;

  @TextField({ max: 100, example: '7b2f0c9d14e8a635' })
  seed: string;

  @DateField()
  from: string;

  @DateField()
  to: string;

  @PenceField({ max: MAX_PENCE })
  thresholdPence: number;

  @IntegerField({ min: 10, max: 100 })
  valuePercent: number;

  @IntegerField({ min: 1, description: 'Claims it was drawn from.' })
  populationCount: number;

  @PenceField({ max: MAX_PENCE })
  populationPence: number;

  @TextField({ max: 64, description: 'Of the lines `id,authority,pence` of its claims by id, in lower-case hex.' })
  populationSha256: string;

  @IntegerField({ min: 1 })
  itemCount: number;

  @PenceField({ max: MAX_PENCE })
  itemPence: number;

  @IntegerField({ min: 0, description: 'Not checked yet.' })
  requestedCount: number;

  @IntegerField({ min: 0 })
  passedCount: number;

  @IntegerField({ min: 0 })
  failedCount: number;

  @UuidField()
  drawnBy: string;

  @InstantField()
  drawnAt: string;
}

/** A claim that was drawn. Null until known. */
export class AssuranceItemView extends ClaimNamed {
  @UuidField()
  id: string;

  @UuidField()
  sampleId: string;

  @IntegerField({ min: 1, description: 'In the order of the draw.' })
  place: number;

  @EnumField(WHY_DRAWN)
  why: WhyDrawn;

  @PenceField({ description: 'Approved when it was drawn.' })
  amountPence: number;

  @EnumField(ITEM_STATES)
  state: ItemState;

  @InstantField({ description: 'When the authority was asked for evidence.' })
  requestedAt: string;

  @IntegerField({ min: 0, description: 'Files added to the claim since, and still there.' })
  evidenceCount: number;

  @InstantField({ nullable: true })
  lastEvidenceAt: string | null;

  @TextField({ nullable: true })
  reason: string | null;

  @UuidField({ nullable: true })
  recordedBy: string | null;

  @InstantField({ nullable: true })
  recordedAt: string | null;

  @UuidField({ nullable: true, description: 'Proposed because the check failed.' })
  adjustmentId: string | null;

  @IntegerField({ min: 1 })
  version: number;
}

/** A claim that could have been drawn. */
export class PopulationItem {
  @UuidField()
  claimId: string;

  @TextField({ example: 'BRENT' })
  authority: string;

  @PenceField()
  amountPence: number;
}
