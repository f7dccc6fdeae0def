import { may, type NameOf } from '#identity';
import { type PaymentDetail, type PaymentParts, type RunView } from '#payments';
import { type ClaimState } from '#claims/domain';
import { type Actor } from '#platform/database';
import { claimStatus, date, dateTime, money, TableFile } from '../page/index.js';
import { paymentStatus } from './words.js';

/** One payment with what it is made of. To an authority the run and its bank lines are not there. */
export function paymentPage(
  actor: Actor,
  payment: PaymentDetail,
  of: { parts: PaymentParts; authorityOf: NameOf; run: RunView | null },
) {
  const { parts, run } = of;
  return {
    payment,
    status: paymentStatus(payment.state, run?.state),
    summary: summary(payment, of),
    claims: claimsTable(parts, run === null ? 'Your reference' : 'Authority’s reference'),
    setOffs: setOffsTable(parts),
    lines: linesTable(parts),
    mayRefuse:
      payment.state === 'scheduled' &&
      run?.state === 'approved' &&
      payment.amountPence > 0 &&
      parts.lines.length === 0 &&
      may(actor, 'payment.refuse').allowed,
    hasRemittance: payment.remittanceNumber !== null,
    next: nextStep(payment, run),
  };
}

function summary(payment: PaymentDetail, { authorityOf, run }: { authorityOf: NameOf; run: RunView | null }) {
  const account = payment.amountPence === 0 ? null : `${payment.accountName}, account ending ${payment.lastFour}`;
  const rows: [key: string, value: string | null, href?: string | null][] = [
    ['Authority', authorityOf(payment.authority)],
    ['Amount', money(payment.amountPence)],
    ['Into the account', account],
    ['Reference on the bank statement', payment.reference],
    ['End-to-end id in the bank file', run && payment.endToEndId],
    ['Run', run && run.number, run && `/payments/${run.id}`],
    ['Paid', dateTime(payment.settledAt) || null],
    ['Remittance advice', payment.remittanceNumber],
    ['Ended', dateTime(payment.endedAt) || null],
    ['Reason', payment.reason],
  ];
  return rows.flatMap(([key, value, href = null]) => (value === null ? [] : [{ key, value, href }]));
}

function nextStep({ state, amountPence }: PaymentDetail, run: RunView | null): string | null {
  if (state === 'settled') return null;
  if (state !== 'scheduled') return 'Its claims are funded again, and are paid by another payment.';
  if (run?.state === 'prepared') return 'The run waits for an approver. Until then the bank is not asked for anything.';
  return amountPence === 0 ? null : 'The bank was asked for it. It is paid once a bank statement shows it.';
}

function claimsTable({ claims }: PaymentParts, reference: string) {
  return {
    caption: 'Claims it pays',
    head: [{ text: 'Claim' }, { text: reference }, { text: 'Status' }, { text: 'Amount', numeric: true }],
    rows: claims.map((claim) => [
      { text: claim.invoiceNumber, href: `/claims/${claim.id}`, nowrap: true },
      { text: claim.authorityReference ?? '' },
      claimStatus({ state: claim.state as ClaimState }),
      { text: money(claim.amountPence), numeric: true },
    ]),
    foot: [
      { text: 'Together' },
      { text: '' },
      { text: '' },
      { text: money(claims.reduce((sum, { amountPence }) => sum + amountPence, 0)), numeric: true },
    ],
    empty: 'No claim.',
  };
}

/** Null where nothing is set off. */
function setOffsTable({ setOffs }: PaymentParts) {
  if (setOffs.length === 0) return null;
  return {
    caption: 'Taken off for what was paid too much before',
    head: [{ text: 'Credit note' }, { text: 'Amount', numeric: true }],
    rows: setOffs.map(({ creditNoteNumber, claimId, amountPence }) => [
      { text: creditNoteNumber, href: `/claims/${claimId}` },
      { text: money(-amountPence), numeric: true },
    ]),
    empty: '',
    file: new TableFile('set-offs', ['creditNoteNumber', 'amountPence', 'claimId'], setOffs),
  };
}

/** Null where no statement shows anything of it. */
function linesTable({ lines }: PaymentParts) {
  if (lines.length === 0) return null;
  return {
    caption: 'On bank statements',
    head: [{ text: 'Day' }, { text: 'What' }, { text: 'Amount', numeric: true }],
    rows: lines.map(({ bookedOn, statementId, lineId, kind, amountPence }) => [
      { text: date(bookedOn), href: `/bank/${statementId}/lines/${lineId}` },
      { text: kind === 'payment' ? 'Paid' : 'Came back' },
      { text: money(amountPence), numeric: true },
    ]),
    empty: '',
    file: new TableFile('bank-lines', ['bookedOn', 'kind', 'amountPence', 'statementId', 'lineId'], lines),
  };
}

/** Payments of every run, for MTM. */
export function allPaymentsTable(payments: readonly PaymentDetail[], authorityOf: NameOf) {
  return {
    caption: 'Payments',
    captionHidden: true,
    head: [
      { text: 'Reference' },
      { text: 'Authority' },
      { text: 'Status' },
      { text: 'Amount', numeric: true },
      { text: 'Paid' },
    ],
    rows: payments.map((payment) => [
      { text: payment.reference, href: `/payments/${payment.runId}/${payment.id}`, nowrap: true },
      { text: authorityOf(payment.authority) },
      { ...paymentStatus(payment.state), ...(payment.reason ? { hint: payment.reason } : {}) },
      { text: money(payment.amountPence), numeric: true },
      { text: date(payment.settledAt) },
    ]),
    empty: 'There is no payment like this.',
  };
}

/** The claims of a payment as a file. */
export const CLAIM_COLUMNS = ['invoiceNumber', 'authority', 'authorityReference', 'state', 'amountPence', 'id'];
