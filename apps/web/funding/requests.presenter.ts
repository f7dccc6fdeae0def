import {
  type RequestableItem,
  type RequestClaimItem,
  type RequestListItem,
  type RequestPreview,
  type RequestView,
  type ScheduleLine,
} from '#funding';
import { claimStatus, date, dateTime, money, plural } from '../page/index.js';
import { requestTag } from './queue.presenter.js';

export const REQUEST_CSV = [
  ...['id', 'number', 'programme', 'state', 'totalPence', 'recoveredPence', 'requestedPence', 'claimCount'],
  ...['createdAt', 'submittedAt', 'cancelReason'],
] as const;
export const REQUESTABLE_CSV = ['claimId', 'authority', 'invoiceNumber', 'amountPence', 'dueOn'] as const;
export const REQUEST_CLAIM_CSV = ['claimId', 'authority', 'invoiceNumber', 'amountPence', 'state'] as const;
export const BY_AUTHORITY_CSV = ['authority', 'claimCount', 'amountPence'] as const;
export const SCHEDULE_CSV = ['authority', 'category', 'label', 'claimCount', 'amountPence'] as const;

/** What a request is called: its number, once it has one. */
export const requestName = ({ number, createdAt }: Pick<RequestListItem, 'number' | 'createdAt'>): string =>
  number ?? `Draft of ${date(createdAt)}`;

export function requestsTable(items: readonly RequestListItem[], filtered: boolean) {
  return {
    caption: 'Funding requests',
    captionHidden: true,
    empty: filtered
      ? 'No request matches these filters.'
      : 'Nothing has been asked for yet. Make a request of the approved claims.',
    head: [
      { text: 'Request' },
      { text: 'Status' },
      { text: 'Claims', numeric: true },
      { text: 'Their total', numeric: true },
      { text: 'Asked for', numeric: true },
      { text: 'Submitted' },
    ],
    rows: items.map((item) => [
      { text: requestName(item), href: `/funding/requests/${item.id}`, nowrap: true },
      requestTag(item.state),
      { text: item.claimCount.toLocaleString('en-GB'), numeric: true },
      { text: money(item.totalPence), numeric: true },
      { text: money(item.requestedPence), numeric: true },
      { text: date(item.submittedAt) || 'Not yet' },
    ]),
  };
}

type Names = (userId: string) => string;

export function requestSummary(request: RequestView, funder: string, nameOf: Names) {
  const rows: [string, string | null][] = [
    ['Claims', `${plural(request.claimCount, 'claim')}, ${money(request.totalPence)} in all`],
    [
      'Paid for by recovered money',
      request.recoveredPence === 0
        ? null
        : `${money(request.recoveredPence)}: what authorities gave back pays for so much`,
    ],
    [`Asked of ${funder}`, money(request.requestedPence)],
    ['Prepared', `${dateTime(request.createdAt)} by ${nameOf(request.createdBy)}`],
    [
      'Submitted',
      request.submittedAt === null || request.submittedBy === null
        ? null
        : `${dateTime(request.submittedAt)} by ${nameOf(request.submittedBy)}`,
    ],
    ['Cancelled because', request.cancelReason],
  ];
  return rows.flatMap(([key, value]) => (value === null ? [] : [{ key, value }]));
}

export function requestClaimsTable(items: readonly RequestClaimItem[]) {
  return {
    caption: 'Claims of this request',
    empty: 'No claim is in this request any more.',
    head: [{ text: 'Claim' }, { text: 'Authority' }, { text: 'Amount', numeric: true }, { text: 'Status' }],
    rows: items.map((item) => [
      { text: item.invoiceNumber, href: `/claims/${item.claimId}`, nowrap: true },
      { text: item.authority },
      { text: money(item.amountPence), numeric: true },
      claimStatus({ state: item.state }),
    ]),
  };
}

export function scheduleTable(lines: readonly ScheduleLine[]) {
  return {
    caption: 'Schedule for the funder',
    empty: 'There is nothing on the schedule.',
    head: [
      { text: 'Authority' },
      { text: 'Category' },
      { text: 'Claims', numeric: true },
      { text: 'Amount', numeric: true },
    ],
    rows: lines.map((line) => [
      { text: line.authority ?? 'All' },
      { text: line.label },
      { text: line.authority === null ? '' : line.claimCount.toLocaleString('en-GB'), numeric: true },
      { text: money(line.amountPence), numeric: true },
    ]),
  };
}

/** How the claims of a request are chosen. */
export const WAYS = ['all', 'authority', 'hand'] as const;
export type Way = (typeof WAYS)[number];

/** A choice of claims as the use case takes it, and what of the page's query it was made of. */
export interface Choice {
  body: { programme?: string; authority?: string; claimIds?: string[] };
  /** Hidden fields that say the same. */
  fields: { name: string; value: string }[];
}

export function choiceOf(form: {
  text(name: string): string | undefined;
  all(name: string): readonly string[];
}): Choice {
  const programme = form.text('programme');
  const which = form.text('which') ?? 'all';
  const authority = which === 'authority' ? (form.text('authority')?.toUpperCase() ?? '') : undefined;
  const claimIds = which === 'hand' ? [...form.all('claimIds')] : undefined;
  const body = {
    ...(programme === undefined ? {} : { programme }),
    ...(authority === undefined ? {} : { authority }),
    ...(claimIds === undefined ? {} : { claimIds }),
  };
  const fields = [
    { name: 'which', value: which },
    ...(programme === undefined ? [] : [{ name: 'programme', value: programme }]),
    ...(authority === undefined ? [] : [{ name: 'authority', value: authority }]),
    ...(claimIds ?? []).map((value) => ({ name: 'claimIds', value })),
  ];
  return { body, fields };
}

/** The address of a preview's file: of the same choice. */
export const previewFile = (fields: Choice['fields']): string =>
  `/funding/requests/preview/download?${new URLSearchParams(fields.map(({ name, value }): [string, string] => [name, value])).toString()}`;

/** What the funder would be asked for, in a sentence, and by authority. */
export function previewOf(
  preview: RequestPreview,
  byAuthority: readonly { authority: string; claimCount: number; amountPence: number }[],
  funder: string,
) {
  const { claimCount, totalPence, recoveredPence, requestedPence } = preview;
  const recovered =
    recoveredPence === 0
      ? ''
      : ` ${money(recoveredPence)} of it is paid for by money that authorities gave back, so ${funder} is asked for ${money(requestedPence)}.`;
  return {
    sentence: `${plural(claimCount, 'claim')}, ${money(totalPence)} in all.${recovered}`,
    requested: money(requestedPence),
    table: {
      caption: 'By authority',
      head: [{ text: 'Authority' }, { text: 'Claims', numeric: true }, { text: 'Amount', numeric: true }],
      rows: byAuthority.map((row) => [
        { text: row.authority },
        { text: row.claimCount.toLocaleString('en-GB'), numeric: true },
        { text: money(row.amountPence), numeric: true },
      ]),
      foot: [
        { text: 'All' },
        { text: claimCount.toLocaleString('en-GB'), numeric: true },
        { text: money(totalPence), numeric: true },
      ],
    },
  };
}

/** Claims to tick, with what stands beside each. */
export const tickable = (items: readonly RequestableItem[], ticked: readonly string[]) =>
  items.map((item) => ({
    id: item.claimId,
    name: item.invoiceNumber,
    authority: item.authority,
    amount: money(item.amountPence),
    due: date(item.dueOn),
    ticked: ticked.includes(item.claimId),
  }));
