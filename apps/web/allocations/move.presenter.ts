import { type AllocationRow, type CategoryTotals, type MoveEndPreview, type MovePreview } from '#programme';
import { RESERVE } from '#programme/domain';
import { days, plural, TableFile } from '../page/index.js';
import { endCode, endName } from './words.js';

/** What the coordinator typed of a move; the reason comes with the confirmation. */
export interface TypedMove {
  programme: string;
  category: string;
  from: string;
  to: string;
  days: string;
}

/** The body of the use case, and the authority whose move it is: the one that gets the days, else the one that gives. */
export function moveBody(typed: TypedMove): { authority: string; body: Record<string, string | null> } {
  const { programme, category, from, to } = typed;
  const asked = { programme, category, days: typed.days };
  return to === RESERVE
    ? { authority: from, body: { ...asked, from, to: RESERVE } }
    : { authority: to, body: { ...asked, from: from === RESERVE ? null : from } };
}

/** Choices of the form: categories, and who can give or get days in them. */
export function moveChoices(
  totals: readonly CategoryTotals[],
  rows: readonly AllocationRow[],
  typed: Partial<TypedMove>,
) {
  const authorities = [...new Map(rows.map(({ authority, name }) => [authority, name]))];
  const ends = (chosen: string | undefined) => [
    { value: '', text: 'Choose', selected: !chosen },
    { value: RESERVE, text: 'The reserve', selected: chosen === RESERVE },
    ...authorities.map(([code, name]) => ({ value: code, text: name, selected: chosen === code })),
  ];
  return {
    categories: totals.map(({ category, label }) => ({
      value: category,
      text: label,
      checked: category === typed.category,
    })),
    from: ends(typed.from),
    to: ends(typed.to),
    reserves: totals.filter(({ reserveDays }) => Number(reserveDays) > 0).map(reserveText),
  };
}

const reserveText = ({ label, reserveDays }: CategoryTotals): string => `${label}: ${days(reserveDays)}`;

const MOVE_COLUMNS = [
  ...['authority', 'before.totalDays', 'after.totalDays', 'before.drawnDays', 'before.leftDays', 'after.leftDays'],
  'draftClaims',
];

/** Both ends before and after, and what the move would break. */
export function previewPage(preview: MovePreview, label: string) {
  const { source, target } = preview;
  return {
    mark: preview.mark,
    refusal: preview.refusal,
    warnings: preview.refusal === null ? warningsOf(source, label) : [],
    table: {
      caption: `${label}, before and after`,
      head: [
        { text: 'Who' },
        ...['Allotted before', 'Allotted after', 'Drawn', 'Left before', 'Left after'].map((text) => ({
          text,
          numeric: true,
        })),
      ],
      rows: [source, target].map(row),
      file: new TableFile(
        'move',
        MOVE_COLUMNS,
        [source, target].map((end) => ({ ...end, authority: endCode(end.authority) })),
      ),
    },
  };
}

const row = ({ authority, before, after }: MoveEndPreview) => [
  { text: authority ?? 'The reserve' },
  ...[before.totalDays, after.totalDays, before.drawnDays, before.leftDays, after.leftDays].map((text) => ({
    text,
    numeric: true,
  })),
];

function warningsOf({ authority, after, draftClaims }: MoveEndPreview, label: string): string[] {
  const warnings: string[] = [];
  if (Number(after.leftDays) === 0) {
    warnings.push(
      authority === null
        ? `Nothing is left in the reserve of ${label}.`
        : `${authority} has no days of ${label} left then: a claim for one more is refused.`,
    );
  }
  if (draftClaims > 0) {
    const claims = plural(draftClaims, 'claim');
    warnings.push(
      `${endName(authority)} has ${claims} not yet submitted. ${draftClaims === 1 ? 'It holds' : 'They hold'} no days yet, and may need these.`,
    );
  }
  return warnings;
}

/** The address of a preview: of a move as typed, or of the reverse of one that was made. */
export const previewAddress = (typed: TypedMove, undo?: string): string =>
  `/allocations/move/preview?${new URLSearchParams({ ...typed, ...(undo === undefined ? {} : { undo }) }).toString()}`;

/** The same days back again. */
export const reverseOf = (move: {
  programme: string;
  category: string;
  from: string | null;
  to: string | null;
  days: string;
}): TypedMove => ({
  programme: move.programme,
  category: move.category,
  from: endCode(move.to),
  to: endCode(move.from),
  days: move.days,
});
