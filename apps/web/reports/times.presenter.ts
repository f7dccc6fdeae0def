import { sumPence } from '#kernel';
import { type TimesSummary } from '#funding';
import { barRows, money, percent, plural } from '../page/index.js';
import { asOfText, claims, count, monthName } from './report-words.js';

type Item = TimesSummary['rows'][number];

/** Whose rows the page shows: one authority's, or all authorities together; of a single month, each authority's too. */
function shown({ rows, from, to }: TimesSummary, authority: string | null) {
  const all = rows.filter((row) => row.authority === null);
  const own = rows.filter((row) => row.authority !== null);
  if (authority !== null || all.length === 0) return { months: own, each: [] };
  return { months: all, each: from === to ? own : [] };
}

/** How many claims were paid within the time the programme gives, and how long they took. */
export function timesPage(report: TimesSummary, authority: string | null) {
  const { months, each } = shown(report, authority);
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
      ...(months.length === 0 ? [] : [monthsTable(months, withinDays)]),
      ...(each.length === 0 ? [] : [authoritiesTable(each, withinDays)]),
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

const monthsTable = (items: readonly Item[], withinDays: number) => ({
  caption: 'By month of the payment',
  head: HEAD('Month', withinDays),
  rows: items.map((item) => [
    { text: monthName(item.month), href: `/reports/payment-times?from=${item.month}&to=${item.month}`, nowrap: true },
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

const authoritiesTable = (items: readonly Item[], withinDays: number) => ({
  caption: 'By authority',
  head: HEAD('Authority', withinDays),
  rows: items.map((item) => [
    { text: item.authority, href: `/reports/payment-times?authority=${encodeURIComponent(item.authority ?? '')}` },
    ...figures(item),
  ]),
});
