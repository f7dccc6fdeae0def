import { sumPence } from '#kernel';
import { type AgeingSummary } from '#funding';
import { addressWith, barRows, money } from '../page/index.js';
import { asOfText, claims, count, sumBy } from './report-words.js';

type Band = AgeingSummary['bands'][number];
type Filters = Readonly<Record<string, string>>;

/** Where the claims are that a sum is made of. */
export const AGED = '/reports/ageing/claims';

/** A programme that was asked for stays asked for. */
const ofProgramme = ({ programme }: Filters): Filters => (programme === undefined ? {} : { programme });

const bandName = ({ fromDays, toDays }: Band): string =>
  toDays === null ? `Overdue (over ${fromDays - 1} days)` : `${fromDays} to ${toDays} days`;

/** What is submitted and not paid, by how long ago it was submitted. */
export function ageingPage(report: AgeingSummary, filters: Filters) {
  const { rows, bands, total, overdue, withinDays } = report;
  const pence = sumBy(
    rows,
    ({ band }) => band,
    ({ amountPence }) => amountPence,
  );
  const number = sumBy(
    rows,
    ({ band }) => band,
    ({ claimCount }) => claimCount,
  );
  const sentence =
    total.claimCount === 0
      ? 'No claim is waiting to be paid.'
      : `${claims(total.claimCount)} worth ${money(total.amountPence)} ${total.claimCount === 1 ? 'is' : 'are'} submitted and not paid; ${
          overdue.claimCount === 0
            ? `none is older than ${withinDays} days`
            : `${claims(overdue.claimCount)} worth ${money(overdue.amountPence)} ${overdue.claimCount === 1 ? 'is' : 'are'} overdue`
        }.`;
  return {
    heading: 'How old unpaid claims are',
    sentence,
    asOf: asOfText(report),
    chart: barRows(
      sentence,
      bands.map((band) => ({
        label: bandName(band),
        value: pence.get(band.band) ?? 0,
        text: `${money(pence.get(band.band) ?? 0)} (${count(number.get(band.band) ?? 0)})`,
        kind: band.toDays === null ? 'warning' : 'usual',
      })),
    ),
    tables: total.claimCount === 0 ? [] : [byAuthority(report, pence, filters)],
  };
}

/** A sum, with the claims it is made of where there are any. */
const sumCell = (pence: number, of: Filters) => ({
  text: money(pence),
  numeric: true,
  ...(pence !== 0 && { href: addressWith(AGED, of) }),
});

function byAuthority({ rows, bands, total }: AgeingSummary, sums: ReadonlyMap<string, number>, filters: Filters) {
  const programme = ofProgramme(filters);
  // Of one authority where the report is of one.
  const everywhere = { ...programme, ...(filters['authority'] !== undefined && { authority: filters['authority'] }) };
  const authorities = [...new Set(rows.map(({ authority }) => authority))].sort();
  return {
    caption: 'Unpaid by authority and age',
    head: [{ text: 'Authority' }, ...[...bands.map(bandName), 'All'].map((text) => ({ text, numeric: true }))],
    rows: authorities.map((authority) => {
      const own = rows.filter((row) => row.authority === authority);
      const all = addressWith(AGED, { ...programme, authority });
      const cells = bands.map(({ band }) => ({ band, pence: own.find((row) => row.band === band)?.amountPence ?? 0 }));
      return [
        { text: authority, href: all },
        ...cells.map(({ band, pence }) =>
          pence === 0 ? { text: '–', numeric: true } : sumCell(pence, { ...programme, authority, band }),
        ),
        { text: money(sumPence(cells.map(({ pence }) => pence))), numeric: true, href: all },
      ];
    }),
    foot: [
      { text: 'All' },
      ...bands.map(({ band }) => sumCell(sums.get(band) ?? 0, { ...everywhere, band })),
      sumCell(total.amountPence, everywhere),
    ],
  };
}

/** Of which age, in words; null for every age. */
export const ageWords = (band: string | undefined): string | null =>
  band === undefined ? null : band === 'overdue' ? 'Overdue' : `${band.replace('-', ' to ')} days after submission`;
