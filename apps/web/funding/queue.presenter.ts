import { type QueueItem } from '#funding';
import { date, money, plural, type StatusTag } from '../page/index.js';

export const QUEUE_CSV = [
  ...['position', 'claimId', 'authority', 'invoiceNumber', 'amountPence', 'state', 'dueOn', 'ageDays', 'waitingFor'],
  ...['expectedPaymentOn', 'estimatedFrom'],
] as const;

export const QUEUE_STATES = [
  { value: '', text: 'All' },
  { value: 'approved', text: 'Approved, waiting for money' },
  { value: 'funded', text: 'Funded, not in a run' },
  { value: 'scheduled', text: 'In a payment run' },
];

/** The queue as people read it: place, age, due date, why it waits, when the money should come. */
export function queueTable(items: readonly QueueItem[], of: { today: string; filtered: boolean }) {
  return {
    caption: 'Payment queue',
    captionHidden: true,
    empty: of.filtered
      ? 'No claim on its way to be paid matches these filters.'
      : 'Nothing waits to be paid. Approved claims come here until they are paid.',
    head: [
      { text: 'Claim' },
      { text: 'Place', numeric: true },
      { text: 'Authority' },
      { text: 'Amount', numeric: true },
      { text: 'Age' },
      { text: 'To be paid by' },
      { text: 'Waiting for' },
      { text: 'Money expected' },
    ],
    rows: items.map((item) => [
      { text: item.invoiceNumber, href: `/claims/${item.claimId}`, nowrap: true },
      { text: item.position === null ? '–' : String(item.position), numeric: true },
      { text: item.authority },
      { text: money(item.amountPence), numeric: true },
      { text: plural(item.ageDays, 'day'), nowrap: true },
      { text: date(item.dueOn), ...(item.dueOn < of.today ? { hint: 'Overdue' } : {}) },
      { text: item.waitingFor },
      { text: date(item.expectedPaymentOn) || 'Not known yet', hint: sentenceCase(item.estimatedFrom) },
    ]),
  };
}

const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export interface MoneyIn {
  amountPence: number;
  unallocatedPence: number;
  fundedClaimIds: readonly string[];
}

/**
 * What a receipt funds, and what waits after it and why: the claims are funded in queue order, whole, and none overtakes
 * (docs/domain.md, Getting paid).
 */
export function fundingOutcome(
  receipt: MoneyIn,
  around: { funded: readonly QueueItem[]; waiting: readonly QueueItem[] },
  named: boolean,
) {
  const count = receipt.fundedClaimIds.length;
  const left = receipt.unallocatedPence;
  const first = around.waiting.find(({ waitingFor }) => !isHeld(waitingFor));
  return {
    sentence:
      count === 0
        ? `${money(receipt.amountPence)} would fund no claim now.`
        : `${money(receipt.amountPence)} would fund ${plural(count, 'claim')}${left > 0 ? `, and ${money(left)} would be left` : ' and nothing would be left'}.`,
    fundedTable: {
      caption: 'What it would fund',
      head: [{ text: 'Claim' }, { text: 'Authority' }, { text: 'Amount', numeric: true }, { text: 'To be paid by' }],
      rows: around.funded.map((item) => [
        { text: item.invoiceNumber, href: `/claims/${item.claimId}`, nowrap: true },
        { text: item.authority },
        { text: money(item.amountPence), numeric: true },
        { text: date(item.dueOn) },
      ]),
    },
    more: count > around.funded.length ? `and ${plural(count - around.funded.length, 'more claim')}` : '',
    waitingTable: {
      caption: 'What still waits, and why',
      empty: 'Nothing: every approved claim would be funded.',
      head: [{ text: 'Claim' }, { text: 'Authority' }, { text: 'Amount', numeric: true }, { text: 'Why it waits' }],
      rows: around.waiting.map((item) => [
        { text: item.invoiceNumber, href: `/claims/${item.claimId}`, nowrap: true },
        { text: item.authority },
        { text: money(item.amountPence), numeric: true },
        { text: whyItWaits(item, first, left, named) },
      ]),
    },
  };
}

export const OUTCOME_CSV = [
  ...['outcome', 'claimId', 'authority', 'invoiceNumber', 'amountPence', 'dueOn', 'whyItWaits'],
] as const;

/** The same as rows of a file: what is funded, in its order, then what waits. */
export function outcomeRows(
  receipt: MoneyIn,
  around: { funded: readonly QueueItem[]; waiting: readonly QueueItem[] },
  named: boolean,
): object[] {
  const first = around.waiting.find(({ waitingFor }) => !isHeld(waitingFor));
  const why = (item: QueueItem) => whyItWaits(item, first, receipt.unallocatedPence, named);
  return [
    ...around.funded.map((item) => ({ ...item, outcome: 'funded', whyItWaits: null })),
    ...around.waiting.map((item) => ({ ...item, outcome: 'waits', whyItWaits: why(item) })),
  ];
}

const isHeld = (waitingFor: string): boolean => waitingFor.includes('hold');

function whyItWaits(item: QueueItem, first: QueueItem | undefined, left: number, named: boolean): string {
  if (isHeld(item.waitingFor)) return 'It is on hold';
  if (item !== first) return `None overtakes: ${first?.invoiceNumber ?? 'an earlier one'} comes first`;
  if (left > 0 && named && left >= item.amountPence) return 'What is left is kept for the claims of the request';
  return left > 0 ? `${money(left)} left is less than its ${money(item.amountPence)}` : 'No money would be left';
}

const RECEIPT_TAGS = {
  recorded: { text: 'Waiting for a second person', tag: 'yellow' },
  confirmed: { text: 'Confirmed', tag: 'green' },
  reversed: { text: 'Reversed', tag: 'grey' },
} as const satisfies Record<string, StatusTag>;

const REQUEST_TAGS = {
  draft: { text: 'Draft', tag: 'grey' },
  submitted: { text: 'Asked for', tag: 'light-blue' },
  part_paid: { text: 'Part paid', tag: 'turquoise' },
  paid: { text: 'Paid', tag: 'green' },
  withdrawn: { text: 'None of its claims is left', tag: 'grey' },
  cancelled: { text: 'Cancelled', tag: 'grey' },
} as const satisfies Record<string, StatusTag>;

export const receiptTag = (state: keyof typeof RECEIPT_TAGS): StatusTag => RECEIPT_TAGS[state];
export const requestTag = (state: keyof typeof REQUEST_TAGS): StatusTag => REQUEST_TAGS[state];

/** The choices of a filter by state. */
export const tagChoices = (tags: 'receipt' | 'request', chosen: string | undefined) => [
  { value: '', text: 'All', selected: !chosen },
  ...Object.entries(tags === 'receipt' ? RECEIPT_TAGS : REQUEST_TAGS).map(([value, { text }]) => ({
    value,
    text,
    selected: value === chosen,
  })),
];
