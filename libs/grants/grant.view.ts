import {
  ArrayField,
  DateField,
  EnumField,
  InstantField,
  IntegerField,
  JsonField,
  NestedField,
  PenceField,
  TextField,
  UuidField,
} from '#platform/validation';
import { UNDERSPENDS, type Underspend } from '#programme/domain';
import type { QuarterState } from './domain/index.js';

/** A difference or a balance may be below zero. */
const SIGNED = { min: -10_000_000_000 };

export class GrantPostView {
  @TextField({ example: 'project_management' })
  code: string;

  @TextField({ example: 'Project management' })
  label: string;
}

export class GrantReceiptView {
  @PenceField({ min: 1 })
  amountPence: number;

  @DateField()
  receivedOn: string;

  @PenceField({ ...SIGNED, description: 'Received less worked out; a difference has a reason.' })
  differencePence: number;

  @TextField({ nullable: true })
  reason: string | null;
}

export class GrantHolderView {
  @DateField()
  startsOn: string;

  @DateField({ nullable: true, description: 'Null: holds the post still.' })
  endsOn: string | null;
}

export class GrantQuarterView {
  @TextField({ example: '2018-Q1', description: 'A quarter of the calendar year.' })
  quarter: string;

  @TextField({ example: 'January to March 2018' })
  label: string;

  @DateField()
  from: string;

  @DateField()
  to: string;

  @EnumField(['recorded', 'awaited', 'current', 'coming'], {
    description: 'Over with spending recorded, over without any, running, or still to come.',
  })
  state: QuarterState;

  @PenceField({ description: 'What of the grant is for this quarter.' })
  sharePence: number;

  @PenceField()
  spentPence: number;

  @PenceField({ description: 'Still to be spent in it: as entered, else at the run rate of the post.' })
  forecastPence: number;

  @PenceField({ nullable: true, description: 'What the authority entered; null when it entered none.' })
  enteredForecastPence: number | null;

  @IntegerField({ min: 0, max: 92, description: 'Days of it on which the post is held.' })
  heldDays: number;

  @PenceField({
    ...SIGNED,
    nullable: true,
    description: 'Spent less the forecast entered, else less the share; null until it is recorded.',
  })
  variancePence: number | null;

  @TextField({ nullable: true })
  varianceReason: string | null;
}

export class GrantYearView {
  @IntegerField({ min: 1900, max: 2999, description: 'The year it begins in, on 1 April.' })
  year: number;

  @TextField({ example: '2018–19' })
  label: string;

  @PenceField(SIGNED)
  broughtForwardPence: number;

  @PenceField()
  sharePence: number;

  @PenceField()
  spentPence: number;

  @PenceField()
  forecastPence: number;

  @PenceField({ description: 'Underspend to be returned at its end, under such conditions.' })
  returnedPence: number;

  @PenceField(SIGNED)
  carriedForwardPence: number;
}

export class GrantWorkingView {
  @TextField({ example: 'leftPence' })
  for: string;

  @TextField({ max: 1000 })
  text: string;

  @JsonField()
  inputs: object;

  @PenceField(SIGNED)
  resultPence: number;
}

/** An entry that looks like a cost of a claim. Refuses nothing. */
export class GrantFlagView {
  @EnumField(['cost_in_claim'])
  code: 'cost_in_claim';

  @TextField()
  message: string;

  @UuidField()
  entryId: string;

  @UuidField()
  claimId: string;
}

export class GrantView {
  @TextField({ example: 'EIP2' })
  programme: string;

  @TextField({ example: 'BRENT' })
  authority: string;

  @TextField({ example: 'Section 31 grant' })
  label: string;

  @TextField({ example: 'GBP' })
  currency: string;

  @PenceField({ description: 'What was received; until then what was worked out.' })
  amountPence: number;

  @PenceField()
  workedOutPence: number;

  @DateField({ nullable: true })
  receivedOn: string | null;

  @NestedField(() => GrantReceiptView, { nullable: true })
  receipt: GrantReceiptView | null;

  @TextField({ nullable: true, example: 'project_management', description: 'What the post is for; null until told.' })
  post: string | null;

  @ArrayField(() => GrantPostView, { description: 'What it may be for.' })
  posts: GrantPostView[];

  @ArrayField(() => GrantHolderView)
  holders: GrantHolderView[];

  @EnumField(UNDERSPENDS, { description: 'What becomes of underspend at the end of a financial year.' })
  underspend: Underspend;

  @EnumField(UNDERSPENDS, {
    nullable: true,
    description:
      'What the authority has told of its own conditions; null while it has not: `underspend` is as the terms.',
  })
  underspendChosen: Underspend | null;

  @ArrayField(() => GrantQuarterView)
  quarters: GrantQuarterView[];

  @ArrayField(() => GrantYearView)
  years: GrantYearView[];

  @PenceField()
  spentPence: number;

  @PenceField({ description: 'Still to be spent, to the end of the grant.' })
  forecastPence: number;

  @PenceField({ description: 'To be returned for financial years that are over.' })
  returnedPence: number;

  @PenceField(SIGNED)
  leftPence: number;

  @PenceField({ ...SIGNED, description: 'Amount less spent less forecast; below zero the post costs more.' })
  forecastUnderspendPence: number;

  @ArrayField(() => GrantFlagView, { description: 'Entries that look like a cost of a live claim.' })
  flags: GrantFlagView[];

  @ArrayField(() => GrantWorkingView)
  working: GrantWorkingView[];

  @IntegerField({ min: 0, description: 'Of post, receipt, holders, forecasts and reasons; 0 before any is recorded.' })
  version: number;
}

export class GrantEntryView {
  @UuidField()
  id: string;

  @TextField({ example: '2018-Q1' })
  quarter: string;

  @PenceField()
  amountPence: number;

  @TextField()
  description: string;

  @DateField({ nullable: true })
  incurredOn: string | null;

  @TextField({ nullable: true })
  supplier: string | null;

  @TextField({ nullable: true })
  supplierReference: string | null;

  @UuidField({ nullable: true, description: 'The entry this one corrects.' })
  replaces: string | null;

  @UuidField({ nullable: true, description: 'The entry that corrects this one, which no longer counts.' })
  replacedBy: string | null;

  @TextField({ nullable: true, description: 'Why it corrects another.' })
  reason: string | null;

  @UuidField()
  enteredBy: string;

  @InstantField()
  enteredAt: string;

  @ArrayField(() => GrantFlagView)
  flags: GrantFlagView[];
}

/** What one file of spending became. */
export class GrantImportView {
  @UuidField()
  id: string;

  @IntegerField({ min: 1, max: 10_000 })
  rowCount: number;

  @PenceField()
  totalPence: number;
}
