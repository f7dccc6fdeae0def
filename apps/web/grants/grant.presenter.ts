import { type GrantEntryView, type GrantOverviewRow, type GrantQuarterView, type GrantView } from '#grants';
import { barRows, date, money, plural, type AddressAt } from '../page/index.js';

const numeric = (text: string) => ({ text, numeric: true });
const heads = (...texts: string[]) => texts.map(numeric);

/** An amount below zero reads as less, above as more: a sign alone is easily overlooked. */
export function varianceText(pence: number | null): string {
  if (pence === null) return '';
  if (pence === 0) return 'As expected';
  return pence > 0 ? `${money(pence)} more` : `${money(-pence)} less`;
}

/** What is over or missing at the end of the grant. */
export function outlook(grant: Pick<GrantView, 'forecastUnderspendPence'>): string {
  const left = grant.forecastUnderspendPence;
  if (left === 0) return 'As forecast, the grant is spent exactly.';
  return left > 0
    ? `As forecast, ${money(left)} is not needed.`
    : `As forecast, the post costs ${money(-left)} more than the grant: the authority’s own money.`;
}

/** All grants as a table. */
export function overviewTable(rows: readonly GrantOverviewRow[], at: AddressAt) {
  return {
    caption: 'Grants by authority',
    captionHidden: true,
    empty: 'No authority has a grant of this programme.',
    head: [
      { text: 'Authority' },
      ...heads('Grant', 'Spent', 'Expected', 'Left', 'Variance so far', 'At the end'),
      { text: 'To be recorded' },
    ],
    rows: rows.map((row) => [
      { text: row.name, href: at(`/${row.authority}`) },
      { ...numeric(money(row.amountPence)), ...(row.receivedOn === null ? { hint: 'Not received yet' } : {}) },
      ...[row.spentPence, row.forecastPence, row.leftPence].map((pence) => numeric(money(pence))),
      numeric(varianceText(row.variancePence)),
      numeric(endText(row.forecastUnderspendPence)),
      { text: row.awaitedQuarters === 0 ? 'Nothing' : plural(row.awaitedQuarters, 'quarter') },
    ]),
  };
}

const endText = (pence: number): string =>
  pence === 0 ? 'All spent' : pence > 0 ? `${money(pence)} over` : `${money(-pence)} short`;

const STATES: Readonly<Record<GrantQuarterView['state'], string>> = {
  recorded: 'Recorded',
  awaited: 'Spending to be recorded',
  current: 'Running',
  coming: 'To come',
};

/** `October to December 2018` as `Oct–Dec 2018`, for the axis of a chart. */
export const shortQuarter = (label: string): string => label.replace(/^(\w{3})\w* to (\w{3})\w* (\d{4})$/, '$1–$2 $3');

/** A quarter a bar: what was spent, or, until it is recorded, what it is expected to cost. */
export function quartersChart({ quarters }: Pick<GrantView, 'quarters'>, sentence: string) {
  return barRows(
    sentence,
    quarters.map((one) => {
      const known = one.state === 'recorded';
      const value = known ? one.spentPence : one.spentPence + one.forecastPence;
      return {
        label: shortQuarter(one.label),
        value,
        text: `${money(value)} ${known ? 'spent' : 'expected'}`,
        kind: !known ? 'other' : (one.variancePence ?? 0) > 0 ? 'warning' : 'usual',
      } as const;
    }),
  );
}

/** The quarters as a table, no wider than the page; whoever may edit goes from a quarter to its forecast and reason. */
export function quartersTable({ quarters }: Pick<GrantView, 'quarters'>, mayEdit: boolean, at: AddressAt) {
  return {
    caption: 'Spent against expected, by quarter',
    empty: 'The grant has no quarters.',
    head: [
      { text: 'Quarter' },
      ...heads('Share of the grant', 'Forecast entered', 'Spent', 'Still expected', 'Variance'),
      { text: 'Why' },
    ],
    rows: quarters.map((one) => [
      {
        text: one.label,
        hint: one.heldDays === 0 && one.state === 'awaited' ? 'Post vacant' : STATES[one.state],
        ...(mayEdit ? { href: at(`/quarters/${one.quarter}`), hidden: 'forecast and reason' } : {}),
      },
      ...[one.sharePence, one.enteredForecastPence, one.spentPence, one.forecastPence].map((pence) =>
        numeric(pence === null ? 'None' : money(pence)),
      ),
      numeric(varianceText(one.variancePence)),
      { text: one.varianceReason ?? (needsReason(one) ? 'Not given yet' : '') },
    ]),
  };
}

const needsReason = ({ variancePence }: GrantQuarterView): boolean => variancePence !== null && variancePence !== 0;

/** What goes from one financial year to the next. */
export function yearsTable({ years, underspend }: Pick<GrantView, 'years' | 'underspend'>) {
  return {
    caption: 'Carried forward, by financial year',
    empty: 'The grant has no financial year.',
    head: [
      { text: 'Year' },
      ...heads('Brought forward', 'Share', 'Spent', 'Expected'),
      ...(underspend === 'returned_at_year_end' ? heads('To be returned') : []),
      numeric('Carried forward'),
    ],
    rows: years.map((year) => [
      { text: year.label },
      ...[year.broughtForwardPence, year.sharePence, year.spentPence, year.forecastPence].map((p) => numeric(money(p))),
      ...(underspend === 'returned_at_year_end' ? [numeric(money(year.returnedPence))] : []),
      numeric(money(year.carriedForwardPence)),
    ]),
  };
}

/** Post, receipt, holders, conditions. */
export function facts(grant: GrantView) {
  const { receipt, holders, posts, post, underspend } = grant;
  const held = holders.map(({ startsOn, endsOn }) =>
    endsOn === null ? `since ${date(startsOn)}` : `${date(startsOn)} to ${date(endsOn)}`,
  );
  return [
    { key: 'Post', value: posts.find(({ code }) => code === post)?.label ?? 'Not decided yet' },
    { key: 'Held', value: held.length > 0 ? held.join('; ') : 'Nobody is recorded' },
    {
      key: 'Received',
      value: receipt ? `${money(receipt.amountPence)} on ${date(receipt.receivedOn)}` : 'Not received yet',
    },
    ...(receipt?.reason ? [{ key: 'Why another amount', value: receipt.reason }] : []),
    {
      key: 'Underspend',
      value: underspend === 'carried_forward' ? 'Is carried forward' : 'Is returned at the end of each financial year',
    },
  ];
}

/** Entries that look like a cost of a claim, each beside the claim. */
export function findingsTable(grant: Pick<GrantView, 'flags'>, entries: readonly GrantEntryView[], at: AddressAt) {
  return {
    caption: 'Costs that may be in a claim too',
    empty: 'No cost recorded here looks like one in a claim.',
    head: [{ text: 'Spending' }, { text: 'Quarter' }, { text: 'Amount', numeric: true }, { text: 'Claim' }],
    rows: grant.flags.flatMap(({ entryId, claimId }) => {
      const entry = entries.find(({ id }) => id === entryId);
      if (!entry) return [];
      return [
        [
          { text: entry.description, href: at('/entries', { quarter: entry.quarter }) },
          { text: entry.quarter },
          numeric(money(entry.amountPence)),
          { text: 'Look at the claim', href: `/claims/${claimId}`, hidden: `for ${entry.description}` },
        ],
      ];
    }),
  };
}

/** Spending, newest first. A corrected entry stays, and says so. */
export function entriesTable(
  entries: readonly GrantEntryView[],
  { mayEdit, filtered, at }: { mayEdit: boolean; filtered: boolean; at: AddressAt },
) {
  return {
    caption: 'Spending',
    captionHidden: true,
    empty: filtered ? 'Nothing is recorded for this quarter.' : 'No spending is recorded yet.',
    head: [
      { text: 'What for' },
      { text: 'Quarter' },
      { text: 'Amount', numeric: true },
      { text: 'Date' },
      { text: 'Supplier and reference' },
      { text: 'What to know' },
      ...(mayEdit ? [{ text: 'Change' }] : []),
    ],
    rows: entries.map((entry) => [
      { text: entry.description },
      { text: entry.quarter, nowrap: true },
      numeric(money(entry.amountPence)),
      { text: date(entry.incurredOn) },
      { text: [entry.supplier, entry.supplierReference].filter(Boolean).join(', ') },
      noteOf(entry),
      ...(mayEdit ? [changeOf(entry, at)] : []),
    ]),
  };
}

function noteOf(entry: GrantEntryView) {
  if (entry.replacedBy !== null) return { text: 'Corrected: counts no more' };
  const [flag] = entry.flags;
  if (flag) return { text: 'May be in a claim too', href: `/claims/${flag.claimId}` };
  return { text: entry.reason === null ? '' : `Corrects another: ${entry.reason}` };
}

const changeOf = (entry: GrantEntryView, at: AddressAt) =>
  entry.replacedBy === null
    ? { text: 'Correct', href: at('/entries/new', { replaces: entry.id }), hidden: entry.description }
    : { text: '' };

/** Financial years of which a quarter has begun: only those have a statement. */
export const begunYears = ({ years, quarters }: Pick<GrantView, 'years' | 'quarters'>) =>
  years.filter(({ year }) =>
    quarters.some(({ from, state }) => state !== 'coming' && from >= `${year}-04-01` && from < `${year + 1}-04-01`),
  );
