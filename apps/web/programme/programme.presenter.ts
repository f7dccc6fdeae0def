import { type AuditEntryView } from '#audit';
import { type NameOf } from '#identity';
import { type Rounding } from '#kernel';
import { warningDays, type ProgrammeTerms, type ProgrammeVersions } from '#programme';
import { date, days, money, TableFile } from '../page/index.js';

interface Period {
  readonly from: string | null;
  readonly to: string | null;
}
interface Row {
  key: string;
  value: string;
}

/** `from 1 April 2018 to 31 March 2019`; both days belong to it. */
export function periodWords({ from, to }: Period): string {
  if (from === null && to === null) return 'Always';
  if (from === null) return `Until ${date(to)}`;
  return to === null ? `From ${date(from)}` : `${date(from)} to ${date(to)}`;
}

const SHARES: Readonly<Record<string, string>> = { '1/1': 'All of it', '1/2': 'Half of it' };
const shareWords = ({ numerator, denominator }: { numerator: number; denominator: number }): string =>
  SHARES[`${numerator}/${denominator}`] ?? `${numerator}/${denominator} of it`;

const ROUNDINGS: Readonly<Record<Rounding, string>> = {
  half_up: 'to the nearest, a half upwards',
  half_even: 'to the nearest, a half to the even side',
  down: 'downwards',
};

/** Who is who, and how money flows. */
export function partiesRows({ funder, payer, payment, numberPrefix }: ProgrammeTerms): Row[] {
  const when = payment.paidOnReceiptFromFunder
    ? `Within ${payment.withinDays} days of submission, once the money has come from ${funder.shortName}`
    : `Within ${payment.withinDays} days of submission`;
  const traded = payer.tradingName === null ? '' : `, trading as ${payer.tradingName}`;
  const warned = warningDays({ payment } as ProgrammeTerms);
  return [
    { key: 'Funded by', value: `${funder.name} (${funder.shortName})` },
    { key: 'Claimed from', value: `${payer.legalName}${traded} (${payer.shortName}), ${payer.address.join(', ')}` },
    { key: 'Its number', value: `${payer.identifier.label} ${payer.identifier.value}` },
    { key: 'Invoices go to', value: payer.invoiceEmail },
    { key: 'Paid', value: when },
    { key: 'Warnings of an unpaid claim', value: `${warned.join(', ')} days after it was submitted` },
    { key: 'Numbers begin with', value: numberPrefix },
  ];
}

/** What can be claimed, by date. */
export function eligibilityRows({ eligibility, vatRecovery }: ProgrammeTerms): Row[] {
  const { bookedAfter, deliveredAfter, deliveredBy, claimBy } = eligibility;
  return [
    { key: 'Booked', value: `After ${date(bookedAfter)}` },
    {
      key: 'Delivered',
      value: `After ${date(deliveredAfter)}${deliveredBy ? `, at the latest on ${date(deliveredBy)}` : ''}`,
    },
    { key: 'Claimed', value: claimBy ? `At the latest on ${date(claimBy)}` : 'No last day is set' },
    { key: 'VAT', value: `Not claimed: the authority recovers it itself, by ${vatRecovery}` },
  ];
}

const RATE_COLUMNS = ['code', 'label', 'pencePerTrainerDay', 'fundedDaysPerTrainerDay', 'from', 'to'];

export const ratesTable = ({ dayRates }: ProgrammeTerms) => ({
  caption: 'Day rates',
  empty: 'There are no day rates.',
  head: [
    { text: 'Rate' },
    { text: 'Funded for a trainer’s day', numeric: true },
    { text: 'Drawn from the allocation', numeric: true },
    { text: 'For delivery' },
  ],
  rows: dayRates.map((rate) => [
    { text: rate.label },
    { text: money(rate.pencePerTrainerDay), numeric: true },
    { text: days(rate.fundedDaysPerTrainerDay), numeric: true },
    { text: periodWords(rate) },
  ]),
  file: new TableFile('day-rates', RATE_COLUMNS, dayRates),
});

export const categoriesTable = ({ categories, dayRates, allocations }: ProgrammeTerms) => ({
  caption: 'What is reimbursed',
  empty: 'There are no categories.',
  head: [{ text: 'Category' }, { text: 'Reimbursed' }, { text: 'Of' }, { text: 'Out of' }],
  rows: categories.map((category) => {
    const share = { text: shareWords(category.share) };
    if (category.kind === 'at_cost') {
      return [{ text: category.label }, share, { text: 'What it cost, without a cap' }, { text: 'No allocation' }];
    }
    const rates = category.rates.map((code) => dayRates.find((rate) => rate.code === code)?.label ?? code);
    return [
      { text: category.label },
      share,
      { text: `What it cost, up to: ${[...new Set(rates)].join(', ')}` },
      { text: allocations[category.allocation]?.label ?? category.allocation },
    ];
  }),
  file: new TableFile(
    'categories',
    ['code', 'label', 'kind', 'share.numerator', 'share.denominator', 'rates', 'allocation'],
    categories,
  ),
});

export const allocationsTable = ({ allocations }: ProgrammeTerms) => ({
  caption: 'Allocations',
  empty: 'There are no allocations.',
  head: [{ text: 'Allocation' }, { text: 'Days' }],
  rows: Object.values(allocations).map((one) => [
    { text: one.label },
    {
      text:
        one.kind === 'per_authority'
          ? `${days(one.daysPerAuthority)} for each authority`
          : `At most ${days(one.maximumDays)} shared out, of which ${days(one.reserveDays)} in reserve`,
    },
  ]),
  file: new TableFile(
    'allocations',
    ['code', 'label', 'kind', 'daysPerAuthority', 'maximumDays', 'reserveDays'],
    Object.entries(allocations).map(([code, one]) => ({ code, ...one })),
  ),
});

export const vatTable = ({ vatRates }: ProgrammeTerms) => ({
  caption: 'VAT a trainer’s invoice may carry',
  empty: 'There are no rates.',
  head: [{ text: 'Rate', numeric: true }, { text: 'For invoices dated' }],
  rows: vatRates.map((rate) => [{ text: `${rate.percent}%`, numeric: true }, { text: periodWords(rate) }]),
  file: new TableFile('vat-rates', ['percent', 'from', 'to'], vatRates),
});

export const roundingRows = ({ rounding }: ProgrammeTerms): Row[] => [
  { key: 'Funded cost, to the penny', value: ROUNDINGS[rounding.fundedCost] },
  { key: 'Funded days, to the thousandth', value: ROUNDINGS[rounding.fundedDays] },
  { key: 'Reimbursement, to the penny', value: ROUNDINGS[rounding.reimbursement] },
];

interface Loaded {
  version?: number;
  loadedBy?: string;
  confirmedBy?: string;
}

/** Ids of those who answer for versions, to be looked up. */
export const peopleOf = (entries: readonly AuditEntryView[]): string[] =>
  entries.flatMap(({ after }) => {
    const { loadedBy, confirmedBy } = (after ?? {}) as Loaded;
    return [loadedBy, confirmedBy].filter((id) => id !== undefined);
  });

/** The versions with their dates, and, for those who read the trail, who brought them in. */
export function versionsTable(
  { code, versions, terms }: ProgrammeVersions,
  trail: { entries: readonly AuditEntryView[]; nameOf: NameOf } | null,
) {
  const who = (version: number): string => {
    const entry = trail?.entries.find(({ after }) => (after as Loaded | null)?.version === version);
    const { loadedBy, confirmedBy } = (entry?.after ?? {}) as Loaded;
    if (!trail || loadedBy === undefined || confirmedBy === undefined) return 'Came with the service';
    return `${trail.nameOf(loadedBy)}, confirmed by ${trail.nameOf(confirmedBy)}`;
  };
  return {
    caption: 'Versions',
    empty: '',
    head: [{ text: 'Version' }, { text: 'In force from' }, { text: 'Loaded' }, ...(trail ? [{ text: 'By' }] : [])],
    rows: versions.map((one) => [
      {
        text: `Version ${one.version}`,
        href: `/programme/${code}?version=${one.version}`,
        hint: [one.current ? 'in force today' : '', one.version === terms.version ? 'shown here' : '']
          .filter(Boolean)
          .join(', '),
      },
      { text: date(one.inForceFrom) },
      { text: date(one.loadedAt) },
      ...(trail ? [{ text: who(one.version) }] : []),
    ]),
    file: new TableFile(
      'versions',
      ['version', 'inForceFrom', 'current', 'loadedAt', ...(trail ? ['by'] : [])],
      versions.map((one) => ({ ...one, by: who(one.version) })),
    ),
  };
}
