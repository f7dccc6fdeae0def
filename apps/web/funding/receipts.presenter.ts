import { type ReceiptListItem, type ReceiptView } from '#funding';
import { date, dateTime, money, plural } from '../page/index.js';
import { receiptTag } from './queue.presenter.js';

export const RECEIPT_CSV = [
  ...['id', 'programme', 'state', 'source', 'amountPence', 'unallocatedPence', 'releasedPence', 'receivedOn'],
  ...['bankReference', 'fundingRequestId', 'recordedAt', 'confirmedAt', 'reversedAt', 'reverseReason'],
] as const;

export function receiptsTable(items: readonly ReceiptListItem[], filtered: boolean) {
  return {
    caption: 'Receipts',
    captionHidden: true,
    empty: filtered
      ? 'No receipt matches.'
      : 'No money has been recorded yet. Record a receipt when the funder’s money is in the bank.',
    head: [
      { text: 'Bank reference' },
      { text: 'Status' },
      { text: 'Received on' },
      { text: 'Amount', numeric: true },
      { text: 'Funds no claim yet', numeric: true },
    ],
    rows: items.map((item) => [
      { text: item.bankReference, href: `/funding/receipts/${item.id}` },
      receiptTag(item.state),
      { text: date(item.receivedOn) },
      { text: money(item.amountPence), numeric: true },
      { text: item.state === 'confirmed' ? money(item.unallocatedPence) : '–', numeric: true },
    ]),
  };
}

export function receiptSummary(receipt: ReceiptView, requestName: string | null, nameOf: (userId: string) => string) {
  const by = (at: string | null, who: string | null) =>
    at === null || who === null ? null : `${dateTime(at)} by ${nameOf(who)}`;
  const confirmed = receipt.state === 'confirmed';
  const rows: [key: string, value: string | null, href?: string][] = [
    ['Amount', money(receipt.amountPence)],
    ['Received on', date(receipt.receivedOn)],
    ['Bank reference', receipt.bankReference],
    ['Where it came from', receipt.source === 'recovered' ? 'Money that authorities gave back' : null],
    [
      'Names the request',
      requestName,
      receipt.fundingRequestId === null ? undefined : `/funding/requests/${receipt.fundingRequestId}`,
    ],
    ['Recorded', by(receipt.recordedAt, receipt.recordedBy)],
    ['Confirmed', by(receipt.confirmedAt, receipt.confirmedBy)],
    ['Evidence', receipt.evidence],
    ['Funded by its confirmation', confirmed ? plural(receipt.fundedClaimIds.length, 'claim') : null],
    ['Funds no claim yet', confirmed ? money(receipt.unallocatedPence) : null],
    ['Used by a later request', receipt.releasedPence === 0 ? null : money(receipt.releasedPence)],
    ['Reversed', by(receipt.reversedAt, receipt.reversedBy)],
    ['Reversed because', receipt.reverseReason],
  ];
  return rows.flatMap(([key, value, href]) => (value === null ? [] : [{ key, value, href }]));
}

/** What confirming funded, once it has. */
export const afterConfirmation = (receipt: ReceiptView): string =>
  receipt.fundedClaimIds.length === 0
    ? `It funds no claim yet: ${money(receipt.unallocatedPence)} waits for the next one it covers.`
    : `It funded ${plural(receipt.fundedClaimIds.length, 'claim')}; ${money(receipt.unallocatedPence)} is left. They can be paid now.`;
