import { sumPence } from '#kernel';
import { type TimesSummary } from '#funding';
import { addressWith, barRows, money, percent, plural } from '../page/index.js';
import { asOfText, claims, count, monthName } from './report-words.js';

type Item = TimesSummary['rows'][number];
type Filters = Readonly<Record<string, string>>;

/** Whose rows the page shows: one authority's, or all authorities together; of a single month, each authority's too. */
function shown({ rows, from, to }: TimesSummary, authority: string | null) {
  const all = rows.filter((row) => row.authority === null);
  const own = rows.filter((row) => row.authority !== null);
  if (authority !== null || all.length === 0) return { months: own, each: [] };
  return { months: all, each: from === to ? own : [] };
}

/** How many claims were paid within the time the programme gives, and how long they took. */
export function timesPage(report: TimesSummary, filters: Filters) {
  const { months, each } = shown(report, filters['authority'] ?? null);
  const { withinDays, from, to } = report;
  const paid = months.reduce((sum, { claimCount }) => sum + claimCount, 0);
  const inTime = months.reduce((sum, { inTimeCount }) => sum + inTimeCount, 0);
  const when = from === to ? `in ${monthName(from)}` : `from ${monthName(from)} to ${monthName(to)}`;
  const sentence =
    paid === 0
      ? `No claim was paid ${when}.`
      : `${count(inTime)} of ${claims(paid)} paid ${when} ${inTime === 1 ? 'was' : 'were'} paid within ${withinDays} days: ${percent(inTime / paid)}.`;
  return {
    heading: `Paid within ${withinDays} days`,
    sentence,
    asOf: asOfText(report),
    chart: barRows(
      sentence,
      months.map((item) => ({
        label: monthName(item.month),
        value: Number(item.inTimePercent),
        text: `${percent(Number(item.inTimePercent) / 100)} of ${count(item.claimCount)}`,
        kind: item.inTimeCount === item.claimCount ? 'usual' : 'other',
      })),
    ),
    tables: [
      ...(months.length === 0 ? [] : [monthsTable(months, withinDays, filters)]),
      ...(each.length === 0 ? [] : [authoritiesTable(each, withinDays, filters)]),
    ],
  };
}

const HEAD = (first: string, withinDays: number) => [
  { text: first },
  { text: 'Claims paid', numeric: true },
  { text: 'Amount', numeric: true },
  { text: `Within ${withinDays} days`, numeric: true },
  { text: 'Half took at most', numeric: true },
  { text: 'Nine in ten took at most', numeric: true },
];

const figures = (item: Item) => [
  { text: count(item.claimCount), numeric: true },
  { text: money(item.amountPence), numeric: true },
  { text: `${count(item.inTimeCount)} (${percent(Number(item.inTimePercent) / 100)})`, numeric: true },
  { text: plural(item.medianDays, 'day'), numeric: true },
  { text: plural(item.p90Days, 'day'), numeric: true },
];

/** The same report, of this too. */
const narrowed = (filters: Filters, to: Filters): string => addressWith('/reports/payment-times', filters, to);

const monthsTable = (items: readonly Item[], withinDays: number, filters: Filters) => ({
  caption: 'By month of the payment',
  head: HEAD('Month', withinDays),
  rows: items.map((item) => [
    { text: monthName(item.month), href: narrowed(filters, { from: item.month, to: item.month }), nowrap: true },
    ...figures(item),
  ]),
  foot: [
    { text: 'All' },
    { text: count(items.reduce((sum, { claimCount }) => sum + claimCount, 0)), numeric: true },
    { text: money(sumPence(items.map(({ amountPence }) => amountPence))), numeric: true },
    { text: count(items.reduce((sum, { inTimeCount }) => sum + inTimeCount, 0)), numeric: true },
    { text: '' },
    { text: '' },
  ],
});

const authoritiesTable = (items: readonly Item[], withinDays: number, filters: Filters) => ({
  caption: 'By authority',
  head: HEAD('Authority', withinDays),
  rows: items.map((item) => [
    { text: item.authority, href: narrowed(filters, { authority: item.authority ?? '' }) },
    ...figures(item),
  ]),
});
