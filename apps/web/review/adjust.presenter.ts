import {
  type AdjustmentListItem,
  type AdjustmentPreview,
  type AdjustmentView,
  type ClaimOnDesk,
  type StandingLineView,
} from '#claims';
import { type AdjustmentState } from '#claims/domain';
import { may, type Person } from '#identity';
import { type Problem } from '#kernel';
import { type Actor } from '#platform/database';
import {
  date,
  days,
  Form,
  linesIn,
  money,
  partIn,
  partOf,
  partsOf,
  placedLines,
  TableFile,
  type StatusTag,
} from '../page/index.js';
import { claimAddress, deskPage, invoicesOf } from './desk.presenter.js';

export const adjustmentAddress = (id: string): string => `/adjustments/${id}`;

const STATES: Readonly<Record<AdjustmentState, StatusTag>> = {
  proposed: { text: 'To be approved', tag: 'light-blue' },
  approved: { text: 'To be recovered', tag: 'yellow' },
  cancelled: { text: 'Cancelled', tag: 'grey' },
  set_off: { text: 'Set off', tag: 'green' },
  repaid: { text: 'Repaid', tag: 'green' },
};

/** What is typed of one line: nothing, that it goes whole, or its right figures. */
export interface TypedLine {
  readonly change: 'keep' | 'whole' | 'part';
  readonly net: string;
  readonly days: string;
}

export interface TypedAdjustment {
  readonly reason: string;
  /** Those to take back, and those at which figures stand all the same. */
  readonly lines: ReadonlyMap<string, TypedLine>;
}

const UNCHANGED: TypedLine = { change: 'keep', net: '', days: '' };

export const NO_ADJUSTMENT: TypedAdjustment = { reason: '', lines: new Map() };

export function typedAdjustment(form: Form, standing: readonly StandingLineView[]): TypedAdjustment {
  const lines = standing.flatMap(({ lineId }): [string, TypedLine][] => {
    const chosen = form.typed(`change.${lineId}`);
    const change = chosen === 'whole' || chosen === 'part' ? chosen : 'keep';
    const typed: TypedLine = { change, net: form.typed(`net.${lineId}`), days: form.typed(`days.${lineId}`) };
    return change === 'keep' && !hasFigures(typed) ? [] : [[lineId, typed]];
  });
  return { reason: form.typed('reason'), lines: new Map(lines) };
}

const hasFigures = ({ net, days: trainerDays }: TypedLine): boolean => `${net}${trainerDays}`.trim() !== '';

/**
 * The same as the use case takes it, and which field each place of it is; what is no amount is a problem of `form`. So are figures at
 * a line that is left or goes whole: without JavaScript their fields are always open, and what was meant would not be taken back.
 */
export function adjustmentInput(form: Form, typed: TypedAdjustment) {
  const fields = new Map<string, string>([['lines', 'lines']]);
  for (const [lineId, line] of typed.lines) {
    if (line.change === 'part' || !hasFigures(line)) continue;
    form.problem(`${line.net.trim() === '' ? 'days' : 'net'}.${lineId}`, 'contradicted', CONTRADICTED[line.change]);
  }
  const changed = [...typed.lines].filter(([, { change }]) => change !== 'keep');
  const lines = changed.map(([lineId, { change }], at) => {
    fields.set(`lines[${at}].netPence`, `net.${lineId}`);
    fields.set(`lines[${at}].trainerDays`, `days.${lineId}`);
    fields.set(`lines[${at}].lineId`, `change.${lineId}`);
    return change === 'whole' ? { lineId } : { lineId, ...figuresOf(form, lineId) };
  });
  // A reason is one line wherever it is printed.
  const reason = form.text('reason')?.replace(/\s+/g, ' ');
  return { input: { ...(reason !== undefined && { reason }), ...(lines.length > 0 && { lines }) }, fields };
}

function figuresOf(form: Form, lineId: string) {
  const netPence = form.pence(`net.${lineId}`);
  const trainerDays = form.text(`days.${lineId}`);
  const wrong = form.problems.some(({ path }) => path === `net.${lineId}`);
  if (netPence === undefined && trainerDays === undefined && !wrong)
    form.problem(`net.${lineId}`, 'required', 'Enter the right net amount, or the right trainer-days.');
  return { ...(netPence !== undefined && { netPence }), ...(trainerDays !== undefined && { trainerDays }) };
}

const CONTRADICTED = {
  keep: 'You gave figures for this line, but chose to leave it. Choose “Take a part back”, or take the figures out.',
  whole:
    'You gave figures for this line, but chose to take all of it back. Choose “Take a part back”, or take the figures out.',
} as const;

/** The same problems at the fields they speak of; what speaks of nothing on the page stands in the summary only. */
export const placedInLines = (errors: readonly Problem[], fields: ReadonlyMap<string, string>): Problem[] =>
  errors.map((error) => {
    const own = /^(reason|net\.|days\.|change\.)/.test(error.path) ? error.path : '';
    return { ...error, path: fields.get(error.path) ?? own };
  });

/** Everything typed as hidden fields, for the page that asks whether it is right. */
export const hiddenAdjustment = ({ reason, lines }: TypedAdjustment): { name: string; value: string }[] => [
  { name: 'reason', value: reason },
  ...[...lines].flatMap(([id, line]) => [
    { name: `change.${id}`, value: line.change },
    ...(line.change === 'part'
      ? [
          { name: `net.${id}`, value: line.net },
          { name: `days.${id}`, value: line.days },
        ]
      : []),
  ]),
];

/** The form: the lines as they stand, those that are gone left out. */
export function adjustPage(
  desk: ClaimOnDesk,
  { standing: lines, asked }: { standing: readonly StandingLineView[]; asked: unknown },
  typed: TypedAdjustment,
) {
  const stands = new Map(lines.map((line) => [line.lineId, line]));
  const standing = placedLines(desk.claim.trainerInvoices).map((invoice) => ({
    ...invoice,
    lines: invoice.lines.filter(({ line }) => stands.has(line.id)),
  }));
  const part = partOf(asked, linesIn(standing));
  const invoices = invoicesOf(desk, [], partIn(standing, part)).map((invoice) => ({
    title: invoice.title,
    lines: invoice.lines.map((line) => {
      const now = stands.get(line.id)!;
      const of = typed.lines.get(line.id) ?? UNCHANGED;
      return {
        ...{ id: line.id, number: line.number, what: line.what, description: line.description },
        stands: `Stands at ${money(now.netPence)} net${now.trainerDays === null ? '' : `, ${days(now.trainerDays)}`}`,
        hasDays: now.trainerDays !== null,
        typed: of,
      };
    }),
  }));
  return {
    ...deskPage(desk),
    part,
    parts: partsOf(standing, part),
    invoices,
    reason: typed.reason,
    adjustments: claimAdjustments(desk),
  };
}

const claimAdjustments = ({ claim }: ClaimOnDesk) =>
  claim.adjustments.map(({ id, state, amountPence, creditNoteNumber }) => ({
    href: adjustmentAddress(id),
    text: [money(amountPence), STATES[state].text.toLowerCase(), creditNoteNumber].filter(Boolean).join(', '),
  }));

/** What a proposal would take back, before it is made. */
export const previewPage = (desk: ClaimOnDesk, preview: AdjustmentPreview, typed: TypedAdjustment) => ({
  ...deskPage(desk),
  amount: money(preview.amountPence),
  reason: typed.reason,
  rows: linesTable(preview.lines),
  categories: preview.categories.map(({ label, reimbursementPence, fundedDays }) => ({
    label,
    amount: money(reimbursementPence),
    days: fundedDays === null || fundedDays === '0' ? '' : days(fundedDays),
  })),
  fields: hiddenAdjustment(typed),
});

const LINE_COLUMNS = [
  ...['lineId', 'description', 'netPenceBefore', 'netPence', 'eligiblePenceBefore', 'eligiblePence'],
  ...['trainerDaysBefore', 'trainerDays', 'consequential'],
];

const linesTable = (lines: AdjustmentPreview['lines']) => ({
  caption: 'Lines',
  head: [
    { text: 'Line' },
    { text: 'Net before', numeric: true },
    { text: 'Net after', numeric: true },
    { text: 'Funded before', numeric: true },
    { text: 'Funded after', numeric: true },
  ],
  rows: lines.map((line) => [
    {
      text: line.description,
      hint: line.consequential
        ? 'Goes with the trainer’s training, of which nothing is left'
        : line.trainerDaysBefore === line.trainerDays
          ? ''
          : `${days(line.trainerDaysBefore)} → ${days(line.trainerDays)}`,
    },
    { text: money(line.netPenceBefore), numeric: true, nowrap: true },
    { text: money(line.netPence), numeric: true, nowrap: true },
    { text: money(line.eligiblePenceBefore), numeric: true, nowrap: true },
    { text: money(line.eligiblePence), numeric: true, nowrap: true },
  ]),
  empty: '',
  file: new TableFile('adjusted-lines', LINE_COLUMNS, lines),
});

/** One adjustment: what it takes back, how far it is, and what this person may do with it. */
export function adjustmentPage(actor: Actor, adjustment: AdjustmentView, people: ReadonlyMap<string, Person>) {
  const name = (id: string | null) => (id === null ? '' : (people.get(id)?.name ?? 'MTM'));
  const { state, authority } = adjustment;
  const approval = may(actor, 'adjustment.approve', { authority, makers: [adjustment.proposedBy] });
  const proposed = state === 'proposed';
  const facts = [
    { key: 'Amount', value: money(adjustment.amountPence) },
    { key: 'Claim', value: adjustment.invoiceNumber, href: claimAddress(adjustment.claimId) },
    { key: 'Reason', value: adjustment.reason },
    { key: 'Proposed', value: `${date(adjustment.proposedAt)} by ${name(adjustment.proposedBy)}` },
    adjustment.approvedAt && {
      key: 'Approved',
      value: `${date(adjustment.approvedAt)} by ${name(adjustment.approvedBy)}`,
    },
    adjustment.creditNoteNumber && { key: 'Credit note', value: adjustment.creditNoteNumber },
    adjustment.cancelReason && { key: 'Cancelled', value: adjustment.cancelReason },
    state === 'proposed' || state === 'cancelled'
      ? null
      : {
          key: 'Recovered',
          value: `${money(adjustment.recoveredPence)}, ${money(adjustment.balancePence)} still to come`,
        },
  ].filter((fact) => fact !== null && fact !== '');
  return {
    adjustment,
    name: `Adjustment of ${adjustment.invoiceNumber}`,
    status: STATES[state],
    version: adjustment.version,
    facts,
    table: linesTable(adjustment.lines),
    setOffs: adjustment.setOffs.map(
      ({ reference, pence, state: of }) => `${money(pence)} of payment ${reference}, ${SET_OFFS[of]}`,
    ),
    repayments: adjustment.repayments.map(
      ({ pence, recordedAt, undoneAt }) =>
        `${money(pence)} on ${date(recordedAt)}${undoneAt ? `, undone on ${date(undoneAt)}` : ''}`,
    ),
    mayApprove: proposed && approval.allowed,
    whyNot: proposed && !approval.allowed ? approval.reason : null,
    mayCancel: proposed && may(actor, 'adjustment.cancel', { authority }).allowed,
    address: adjustmentAddress(adjustment.id),
  };
}

const SET_OFFS = { in_payment: 'being paid', settled: 'settled', freed: 'freed again' } as const;

/** The list, newest first. */
export const adjustmentsTable = (
  items: readonly AdjustmentListItem[],
  of: { people: ReadonlyMap<string, Person>; authorities: ReadonlyMap<string, string> },
) => ({
  caption: 'Adjustments',
  captionHidden: true,
  sortable: true,
  head: [
    { text: 'Claim', sort: 'none' },
    { text: 'Authority', sort: 'none' },
    { text: 'Amount', sort: 'none', numeric: true },
    { text: 'Still to come', sort: 'none', numeric: true },
    { text: 'Proposed', sort: 'none' },
    { text: 'Status', sort: 'none' },
  ],
  rows: items.map((item) => [
    { text: item.invoiceNumber, href: adjustmentAddress(item.id), hint: item.reason },
    { text: of.authorities.get(item.authority) ?? item.authority },
    { text: money(item.amountPence), numeric: true, nowrap: true, sortValue: item.amountPence },
    { text: money(item.balancePence), numeric: true, nowrap: true, sortValue: item.balancePence },
    { text: date(item.proposedAt), sortValue: item.proposedAt, hint: of.people.get(item.proposedBy)?.name },
    STATES[item.state],
  ]),
  empty: 'No adjustment is in this list. One is proposed from the page of an approved claim.',
});

export const stateChoices = (wanted: string | undefined) => [
  { value: '', text: 'All', selected: wanted === undefined },
  ...Object.entries(STATES).map(([value, { text }]) => ({ value, text, selected: value === wanted })),
];
