import { type AdjustmentListItem } from '#claims';
import { type QueueItem } from '#funding';
import { type PaymentDetail } from '#payments';
import { claimStatus, date, money, plural } from '../page/index.js';
import { paymentStatus } from './words.js';

/** Payments to an authority as it sees them. */
export function ourPaymentsTable(payments: readonly PaymentDetail[]) {
  return {
    caption: 'Payments',
    head: [
      { text: 'Reference' },
      { text: 'Status' },
      { text: 'Amount', numeric: true },
      { text: 'Paid' },
      { text: 'Remittance advice' },
    ],
    rows: payments.map((payment) => [
      { text: payment.reference, href: `/payments-to-us/${payment.id}`, nowrap: true },
      { ...ourStatus(payment), ...(payment.reason ? { hint: payment.reason } : {}) },
      { text: money(payment.amountPence), numeric: true, hint: plural(payment.claimIds.length, 'claim') },
      { text: date(payment.settledAt) },
      payment.remittanceNumber === null
        ? { text: '' }
        : { text: payment.remittanceNumber, href: `/payments-to-us/${payment.id}/remittance`, hidden: '(PDF)' },
    ]),
    empty: 'MTM has not paid you yet. It pays once DfE has paid MTM, within 60 days of a claim.',
  };
}

/** MTM's two steps before the bank's are one to whom it pays. */
export const ourStatus = ({ state }: Pick<PaymentDetail, 'state'>) =>
  state === 'scheduled' ? { text: 'MTM is paying it', tag: 'light-blue' as const } : paymentStatus(state);

/** What is approved and not yet paid, with when it should come and why it has not. */
export function dueTable(items: readonly QueueItem[]) {
  return {
    caption: 'Approved and not yet paid',
    head: [
      { text: 'Claim' },
      { text: 'Waiting for' },
      { text: 'Amount', numeric: true },
      { text: 'Expected' },
      { text: 'To be paid by' },
    ],
    rows: items.map((item) => [
      { text: item.invoiceNumber, href: `/claims/${item.claimId}`, nowrap: true },
      { text: item.waitingFor, hint: claimStatus({ state: item.state }).text },
      { text: money(item.amountPence), numeric: true },
      {
        text: item.expectedPaymentOn === null ? 'Not known yet' : date(item.expectedPaymentOn),
        hint: item.estimatedFrom,
      },
      { text: date(item.dueOn) },
    ]),
    empty: 'No approved claim waits to be paid.',
  };
}

/** What the next payments are less by: adjustments with something left. Null without any. */
export function owedTable(open: readonly AdjustmentListItem[]) {
  if (open.length === 0) return null;
  return {
    caption: 'To be taken off your next payments',
    head: [{ text: 'Credit note' }, { text: 'Why' }, { text: 'Left', numeric: true }],
    rows: open.map((one) => [
      { text: one.creditNoteNumber ?? one.invoiceNumber, href: `/claims/${one.claimId}`, nowrap: true },
      { text: one.reason },
      { text: money(one.balancePence), numeric: true },
    ]),
    empty: '',
  };
}
