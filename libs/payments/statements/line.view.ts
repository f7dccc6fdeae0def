import {
  ArrayField,
  DateField,
  EnumField,
  IntegerField,
  kinds,
  PenceField,
  TextField,
  UuidField,
} from '#platform/validation';
import { MATCH_KINDS, SUGGESTION_KINDS, type MatchKind, type SuggestionKind } from '../domain/index.js';
import { LARGE } from './statement.view.js';

export const LINE_STATES = ['matched', 'suggested', 'unmatched'] as const;
export type LineState = (typeof LINE_STATES)[number];

/** The filters of GET /bank-statements/:id/lines. */
export class LineFilters {
  @EnumField(LINE_STATES, { optional: true })
  state?: LineState;
}
/** What a line may be, and why. */
export class SuggestionView {
  @EnumField(SUGGESTION_KINDS)
  kind: SuggestionKind;

  @TextField({ max: 200, description: 'The id of what it may be, or the name of an account of the books.' })
  id: string;

  @IntegerField({ min: 0, max: 100 })
  score: number;

  @ArrayField(kinds.text(), { max: 20 })
  reasons: string[];
}

/** What the bank said of one entry. */
export class EntryView {
  @IntegerField({ min: 1, description: 'Its place in the statement.' })
  seq: number;

  @DateField()
  bookedOn: string;

  @DateField({ nullable: true })
  valueOn: string | null;

  @PenceField({ ...LARGE, description: 'Minor units of the currency; debits negative.' })
  amountPence: number;

  @TextField({ max: 3, example: 'GBP' })
  currency: string;

  @TextField({ nullable: true })
  reference: string | null;

  @TextField({ nullable: true })
  bankReference: string | null;

  @TextField({ nullable: true })
  endToEndId: string | null;

  @TextField({ nullable: true })
  counterparty: string | null;

  @TextField({ max: 4, nullable: true, description: 'The last four characters of the other account.' })
  counterpartyLastFour: string | null;

  @TextField({ nullable: true })
  remittance: string | null;

  @TextField({ nullable: true })
  narrative: string | null;

  @TextField({ nullable: true })
  transactionCode: string | null;

  @TextField({ nullable: true })
  returnReason: string | null;

  @EnumField(LINE_STATES)
  state: LineState;

  @ArrayField(() => SuggestionView, { max: 20 })
  suggestions: SuggestionView[];
}

const HOW = ['exact', 'suggestion', 'by_hand'] as const;

/** So much of a line is this. */
export class MatchView {
  @UuidField()
  id: string;

  @EnumField(MATCH_KINDS)
  kind: MatchKind;

  @UuidField({ nullable: true, description: 'The payment, receipt or adjustment.' })
  targetId: string | null;

  @PenceField({ ...LARGE, description: 'Debits negative.' })
  amountPence: number;

  @EnumField(HOW, { description: 'Exact: found when the statement was loaded. A suggestion: one that was shown.' })
  how: (typeof HOW)[number];

  @UuidField()
  matchedBy: string;
}

/** A booked entry of a kept statement. */
export class StatementLineView extends EntryView {
  @UuidField()
  id: string;

  @ArrayField(() => MatchView, { max: 1000, description: 'What it is matched to.' })
  matches: MatchView[];

  @PenceField({ ...LARGE, description: 'How much of it is explained.' })
  matchedPence: number;
}
