import { type NameOf } from '#identity';
import { type LeftOut, type PaymentPreview, type RunListItem, type RunPreview } from '#payments';
import { date, money, plural } from '../page/index.js';
import { runStatus } from './words.js';

/** The list of payment runs. */
export function runsTable(runs: readonly RunListItem[], nameOf: NameOf) {
  return {
    caption: 'Payment runs',
    captionHidden: true,
    head: [
      { text: 'Run' },
      { text: 'Status' },
      { text: 'Total', numeric: true },
      { text: 'Payments', numeric: true },
      { text: 'Prepared' },
    ],
    rows: runs.map((run) => [
      { text: run.number, href: `/payments/${run.id}`, nowrap: true },
      runStatus(run.state),
      { text: money(run.totalPence), numeric: true },
      { text: String(run.paymentCount), numeric: true, hint: plural(run.claimCount, 'claim') },
      { text: date(run.preparedAt), hint: nameOf(run.preparedBy) },
    ]),
    empty: 'There is no payment run like this. Once claims are funded, prepare a run to pay them.',
  };
}

/** What is taken off; a dash for nothing. */
const less = (pence: number): string => (pence === 0 ? '–' : money(-pence));
const before = ({ amountPence, setOffPence }: PaymentPreview): number => amountPence + setOffPence;

/** What a run would pay each authority, with what is taken off and the account it goes to. */
export function previewTable(preview: RunPreview, authorityOf: NameOf) {
  return {
    caption: 'What would be paid',
    head: [
      { text: 'Authority' },
      { text: 'Claims', numeric: true },
      { text: 'Set off', numeric: true },
      { text: 'To be paid', numeric: true },
      { text: 'Into the account' },
    ],
    rows: preview.payments.map((payment) => [
      { text: authorityOf(payment.authority) },
      {
        text: money(before(payment)),
        href: `/claims?state=funded&authority=${payment.authority}`,
        hidden: `of ${authorityOf(payment.authority)}`,
        numeric: true,
        hint: plural(payment.claimIds.length, 'claim'),
      },
      {
        text: less(payment.setOffPence),
        numeric: true,
        ...(payment.setOffPence === 0 ? {} : { hint: plural(payment.adjustmentIds.length, 'adjustment') }),
      },
      { text: money(payment.amountPence), numeric: true },
      payment.amountPence === 0
        ? { text: 'Nothing to pay', hint: 'All of it is set off, so the bank is not asked' }
        : { text: payment.accountName, hint: `ending ${payment.lastFour}` },
    ]),
    foot: [
      { text: 'Together' },
      { text: money(preview.payments.reduce((all, one) => all + before(one), 0)), numeric: true },
      { text: less(preview.payments.reduce((all, { setOffPence }) => all + setOffPence, 0)), numeric: true },
      { text: money(preview.totalPence), numeric: true },
      { text: '' },
    ],
    empty: '',
  };
}

/** Authorities that a run leaves out, each with the reason. */
export function leftOutTable(leftOut: readonly LeftOut[], authorityOf: NameOf) {
  return {
    caption: 'Left out, and why',
    head: [{ text: 'Authority' }, { text: 'Funded', numeric: true }, { text: 'Why it is not paid now' }],
    rows: leftOut.map(({ authority, amountPence, message }) => [
      { text: authorityOf(authority) },
      { text: money(amountPence), numeric: true },
      { text: message },
    ]),
    empty: '',
  };
}

export const PREVIEW_COLUMNS = [
  ...[
    'authority',
    'authorityName',
    'claimsPence',
    'setOffPence',
    'amountPence',
    'claimCount',
    'accountName',
    'lastFour',
  ],
  ...['leftOut', 'reason'],
];

/** The same as rows of a file: those paid, then those left out. */
export const previewRows = ({ payments, leftOut }: RunPreview, authorityOf: NameOf): object[] => [
  ...payments.map((payment) => ({
    ...payment,
    authorityName: authorityOf(payment.authority),
    claimsPence: before(payment),
    claimCount: payment.claimIds.length,
    leftOut: false,
    reason: null,
  })),
  ...leftOut.map(({ authority, amountPence, message }) => ({
    ...{ authority, authorityName: authorityOf(authority), claimsPence: amountPence, setOffPence: 0, amountPence: 0 },
    ...{ claimCount: null, accountName: null, lastFour: null, leftOut: true, reason: message },
  })),
];
