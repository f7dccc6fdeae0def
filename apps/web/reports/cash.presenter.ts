import { sumPence } from '#kernel';
import { type ForecastRow, type Named, type Summarised } from '#funding';
import { barRows, money } from '../page/index.js';
import { asOfText, claims, count, monthName } from './report-words.js';

const at = (rows: readonly ForecastRow[]) => ({
  number: rows.reduce((sum, { claimCount }) => sum + claimCount, 0),
  pence: sumPence(rows.map(({ amountPence }) => amountPence)),
});

/** What should be paid, by month: where a date is expected, by that; else by when it is due at the latest. */
export function cashPage(report: Named & Summarised<ForecastRow>, own: boolean) {
  const { rows, payer } = report;
  const months = [...new Set(rows.map(({ month }) => month))].sort();
  const of = (basis: ForecastRow['basis'], month?: string) =>
    at(rows.filter((row) => row.basis === basis && (month === undefined || row.month === month)));
  const expected = of('expected');
  const due = of('due');
  const whose = own ? `${payer} should pay you` : `${payer} should pay`;
  const sentence =
    rows.length === 0
      ? 'Nothing is waiting to be paid.'
      : `${whose} ${money(expected.pence)} for ${claims(expected.number)} by the dates expected now; for ${claims(due.number)} worth ${money(due.pence)} no date is known yet, and the due date counts.`;
  return {
    heading: own ? 'Money coming to you, by month' : 'Cash forecast by month',
    sentence,
    asOf: asOfText(report),
    chart: barRows(
      sentence,
      months.flatMap((month) => [
        ...bar(monthName(month), of('expected', month).pence, 'usual'),
        ...bar(`${monthName(month)}, due`, of('due', month).pence, 'other'),
      ]),
    ),
    tables: rows.length === 0 ? [] : [table(months, of)],
  };
}

const bar = (label: string, value: number, kind: 'usual' | 'other') =>
  value === 0 ? [] : [{ label, value, text: money(value), kind }];

function table(months: readonly string[], of: (basis: ForecastRow['basis'], month?: string) => ReturnType<typeof at>) {
  const cells = (month?: string) => {
    const [expected, due] = [of('expected', month), of('due', month)];
    return [
      { text: count(expected.number), numeric: true },
      { text: money(expected.pence), numeric: true },
      { text: count(due.number), numeric: true },
      { text: money(due.pence), numeric: true },
      { text: money(expected.pence + due.pence), numeric: true },
    ];
  };
  return {
    caption: 'By month',
    head: [
      { text: 'Month' },
      { text: 'Claims expected', numeric: true },
      { text: 'Expected', numeric: true },
      { text: 'Claims without a date', numeric: true },
      { text: 'Due, no date yet', numeric: true },
      { text: 'Together', numeric: true },
    ],
    rows: months.map((month) => [{ text: monthName(month), nowrap: true }, ...cells(month)]),
    foot: [{ text: 'All' }, ...cells()],
  };
}
