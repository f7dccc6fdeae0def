import { type PaymentStatusView, type StatusFilePreview, type StatusFileView } from '#payments';
import { date, plural } from '../page/index.js';
import { remedyOf } from './words.js';

type Outcome = PaymentStatusView['outcome'];

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  settled: 'Made',
  accepted: 'Accepted',
  pending: 'Waiting',
  rejected: 'Refused',
  cancelled: 'Cancelled',
  partial: 'In part',
  unknown: 'Not known',
};

const EFFECTS: Readonly<Record<PaymentStatusView['effect'], readonly [done: string, would: string]>> = {
  applied: [
    'Recorded as refused; its claims are funded again',
    'Would be recorded as refused; its claims are funded again',
  ],
  noted: ['Nothing had to change', 'Nothing would change'],
  too_late: [
    'Nothing: a statement shows it as paid, or it is over',
    'Nothing: a statement shows it as paid, or it is over',
  ],
  unknown: ['Nothing: it is no payment of the run', 'Nothing: it is no payment of the run'],
};

export function reportsTable(files: readonly StatusFileView[]) {
  return {
    caption: 'The bank’s reports on payment runs',
    captionHidden: true,
    head: [
      { text: 'Loaded' },
      { text: 'Status' },
      { text: 'Run' },
      { text: 'Payments', numeric: true },
      { text: 'Refused', numeric: true },
    ],
    rows: files.map((file) => [
      {
        text: date(file.loadedAt),
        href: `/bank/reports/${file.id}`,
        hidden: file.messageId ?? file.fileSha256.slice(0, 8),
      },
      file.state === 'read' ? { text: 'Read', tag: 'green' as const } : { text: 'In quarantine', tag: 'red' as const },
      { text: file.paymentRun ?? '' },
      { text: String(file.statusCount), numeric: true },
      { text: String(file.appliedCount), numeric: true },
    ]),
    empty: 'No report was loaded yet. Not every bank sends them.',
  };
}

interface Told {
  endToEndId: string;
  status: string | null;
  outcome: Outcome;
  reasonCode: string | null;
  effect: PaymentStatusView['effect'];
}

/** What a report says of each payment and what that did, or would do. */
export function statusesTable(statuses: readonly Told[], which: 'done' | 'would') {
  return {
    caption: 'What the bank says of each payment',
    head: [
      { text: 'Payment' },
      { text: 'The bank says' },
      { text: which === 'done' ? 'What it changed' : 'What loading it changes' },
    ],
    rows: statuses.map((one) => [
      { text: one.endToEndId },
      {
        text: OUTCOMES[one.outcome],
        hint: [one.status, one.reasonCode].filter((text) => text !== null).join(', '),
      },
      { text: EFFECTS[one.effect][which === 'done' ? 0 : 1] },
    ]),
    empty: 'It speaks of no payment.',
  };
}

const MOST_SHOWN = 200;

/** A report before it is loaded. */
export function reportPreview({ refusal, paymentRun, statuses, appliedCount }: StatusFilePreview) {
  return {
    good: refusal === null,
    sentence:
      refusal === null
        ? `It is about run ${paymentRun}. Loading it records ${appliedCount === 0 ? 'no payment' : plural(appliedCount, 'payment')} as refused.`
        : `This file cannot be read as it is, so nothing would change. ${refusal.message}`,
    where: refusal?.where ?? null,
    remedy: refusal === null ? null : remedyOf(refusal.code),
    statuses: refusal === null ? statusesTable(statuses.slice(0, MOST_SHOWN), 'would') : null,
    more: Math.max(0, statuses.length - MOST_SHOWN),
  };
}

export const REPORT_COLUMNS = [
  ...['loadedAt', 'state', 'messageId', 'paymentRun', 'groupStatus', 'statusCount', 'appliedCount', 'reasonCode'],
  ...['reason', 'reasonWhere', 'fileSha256', 'id'],
];
/** Of a report that is not loaded yet: `effect` is what loading it does. */
export const PREVIEW_COLUMNS = ['endToEndId', 'status', 'outcome', 'reasonCode', 'effect', 'paymentId'];
export const STATUS_COLUMNS = ['seq', 'endToEndId', 'status', 'outcome', 'reasonCode', 'effect', 'paymentId'];
