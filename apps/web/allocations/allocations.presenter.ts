import { type AllocationRow, type AllocationView, type CategoryTotals, type DrawView, type MoveView } from '#programme';
import { date, dateTime, days, shareBar, type AddressAt, type Chart } from '../page/index.js';
import { endName } from './words.js';

export const ALLOCATION_CSV = [
  ...['authority', 'name', 'category', 'label', 'firstDays', 'movedDays', 'allottedDays', 'reservedDays', 'usedDays'],
  'leftDays',
] as const;
export const MOVE_CSV = ['id', 'movedAt', 'category', 'from', 'to', 'days', 'reason'] as const;
export const DRAW_CSV = ['at', 'kind', 'days', 'invoiceNumber', 'claimId'] as const;
export const TOTALS_CSV = [
  ...['category', 'label', 'allottedDays', 'reservedDays', 'usedDays', 'leftDays', 'reserveDays'],
] as const;

type Drawn = Pick<AllocationRow, 'allottedDays' | 'reservedDays' | 'usedDays' | 'leftDays'>;

/** What is left, said in a sentence. */
export function leftSentence({ allottedDays, reservedDays, usedDays, leftDays }: Drawn): string {
  if (Number(allottedDays) === 0) return 'No days are allotted.';
  const reserved = Number(reservedDays) === 0 ? '' : `, ${days(reservedDays)} reserved by claims not yet approved`;
  return `${days(leftDays)} left of ${allottedDays}: ${days(usedDays)} used by approved claims${reserved}.`;
}

/** Used, reserved and left as parts of one bar; null when there is nothing to draw. */
export function drawnBar(row: Drawn): Chart | null {
  if (Number(row.allottedDays) === 0) return null;
  return shareBar(leftSentence(row), [
    { label: 'Used', value: Number(row.usedDays), text: row.usedDays, kind: 'usual' },
    { label: 'Reserved', value: Number(row.reservedDays), text: row.reservedDays, kind: 'held' },
    { label: 'Left', value: Number(row.leftDays), text: row.leftDays, kind: 'other' },
  ]);
}

const numeric = (text: string) => ({ text, numeric: true });
const signed = (text: string): string => (Number(text) > 0 ? `+${text}` : text);
const NUMBERS = ['Allotted at first', 'Moved', 'Reserved', 'Used', 'Left'].map(numeric);
const figures = (row: AllocationRow) => [
  numeric(row.firstDays),
  numeric(signed(row.movedDays)),
  numeric(row.reservedDays),
  numeric(row.usedDays),
  numeric(row.leftDays),
];

/** All authorities' allocations as a table. */
export function allocationsTable(items: readonly AllocationRow[], filtered: boolean, at: AddressAt) {
  return {
    caption: 'Days by authority and category',
    captionHidden: true,
    empty: filtered
      ? 'No allocation matches these filters.'
      : 'No days are allotted yet: they come with the programme.',
    head: [{ text: 'Authority' }, { text: 'Category' }, ...NUMBERS],
    rows: items.map((row) => [
      { text: row.name, href: at(`/${row.authority}`) },
      { text: row.label, href: at(`/${row.authority}/${row.category}`) },
      ...figures(row),
    ]),
  };
}

/** What the whole programme has of each category, with the bar of it. */
export function totalsPage(totals: readonly CategoryTotals[]) {
  return {
    bars: totals.map((one) => ({ label: one.label, sentence: leftSentence(one), chart: drawnBar(one) })),
    totals: {
      caption: 'All authorities together',
      empty: 'No days are allotted yet.',
      head: [{ text: 'Category' }, ...['Allotted', 'Reserved', 'Used', 'Left', 'In reserve'].map(numeric)],
      rows: totals.map((one) => [
        { text: one.label },
        ...[one.allottedDays, one.reservedDays, one.usedDays, one.leftDays, one.reserveDays].map(numeric),
      ]),
    },
  };
}

/** One authority's allocation: a sentence and a bar a category, and the same as a table. `at` is of its own pages. */
export function authorityPage(rows: readonly AllocationRow[], views: readonly AllocationView[], at: AddressAt) {
  const forecasts = new Map(views.map(({ category, forecast }) => [category, forecast]));
  return {
    categories: rows.map((row) => ({
      label: row.label,
      sentence: leftSentence(row),
      forecast: forecastText(forecasts.get(row.category)),
      chart: drawnBar(row),
    })),
    table: {
      caption: 'Days by category',
      empty: 'No days are allotted to this authority.',
      head: [{ text: 'Category' }, ...NUMBERS],
      rows: rows.map((row) => [
        { text: row.label, href: at(`/${row.category}`), hidden: 'what drew on them' },
        ...figures(row),
      ]),
    },
  };
}

/** The forecast's words, with its date as people write it. Nothing drawn yet needs no forecast. */
function forecastText(forecast: AllocationView['forecast'] | undefined): string | null {
  if (!forecast || (forecast.runsOutOn === null && forecast.daysPerMonth === null)) return null;
  return forecast.runsOutOn === null
    ? forecast.text
    : forecast.text.replace(forecast.runsOutOn, date(forecast.runsOutOn));
}

/** Moves as a table; each leads to the move, where it can be undone. */
export function movesTable(moves: readonly (MoveView & { label: string })[], at: AddressAt) {
  return {
    caption: 'Moves of days',
    empty: 'No days have been moved.',
    head: [
      { text: 'When' },
      { text: 'Category' },
      { text: 'From' },
      { text: 'To' },
      { text: 'Days', numeric: true },
      { text: 'Why' },
    ],
    rows: moves.map((move) => [
      { text: dateTime(move.movedAt), href: at(`/moves/${move.id}`) },
      { text: move.label },
      { text: capital(endName(move.from)) },
      { text: capital(endName(move.to)) },
      numeric(move.days),
      { text: move.reason },
    ]),
  };
}

const KINDS: Readonly<Record<DrawView['kind'], string>> = {
  reserved: 'Reserved at submission',
  used: 'Used at approval',
  released: 'Given back before approval',
  unused: 'Given back after approval',
};

/** What drew on an allocation, newest first. */
export function drawsTable(draws: readonly DrawView[]) {
  return {
    caption: 'What drew on these days',
    captionHidden: true,
    empty: 'No claim has drawn on these days yet.',
    head: [{ text: 'When' }, { text: 'What happened' }, { text: 'Days', numeric: true }, { text: 'Claim' }],
    rows: draws.map((draw) => [
      { text: dateTime(draw.at) },
      { text: KINDS[draw.kind] },
      numeric(draw.days),
      { text: draw.invoiceNumber ?? 'Claim without an invoice', href: `/claims/${draw.claimId}` },
    ]),
  };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
