import { type FormListItem, type PutAwayForm } from '#claims';
import { dateTime, listLinks } from '../page/index.js';
import { formAddress } from './task-list.presenter.js';

const LIST = '/claim-forms';

const standsAs = ({ claimId, claimState }: Pick<FormListItem, 'claimId' | 'claimState'>): string =>
  claimState === 'returned' ? 'Returned: you correct it' : claimId ? 'Draft' : 'Being typed';

const byWhom = ({ by }: FormListItem['saved']): string | undefined => (by.name ? `by ${by.name}` : undefined);

/** Claims in preparation as a table. */
export const formRows = (items: readonly FormListItem[]) => ({
  caption: 'Claims in preparation',
  captionHidden: true,
  head: [
    { text: 'Trainers' },
    { text: 'Trainer invoices', numeric: true },
    { text: 'Stands as' },
    { text: 'Last saved' },
  ],
  rows: items.map((item) => [
    { text: item.title, href: formAddress(item.id) },
    { text: String(item.invoiceCount), numeric: true },
    { text: standsAs(item) },
    { text: dateTime(item.saved.at), hint: byWhom(item.saved) },
  ]),
  empty: 'Nothing is in preparation. Start a new claim when a trainer has invoiced you.',
});

/** Those put away, each with the way to take it out again: not while another form of the same claim is open. */
export const putAwayRows = (items: readonly PutAwayForm[]) =>
  items.map((item) => ({
    title: item.title,
    invoices: item.invoiceCount,
    standsAs: standsAs(item),
    at: dateTime(item.putAway.at),
    by: byWhom(item.putAway) ?? null,
    undo: item.openForm === null ? formAddress(item.id, 'undo-discard') : null,
    openForm: item.openForm === null ? null : formAddress(item.openForm),
  }));

/** What both lists lead to. */
export function listsLinks(items: readonly FormListItem[], filters: Record<string, string>, nextCursor: string | null) {
  const { next, first } = listLinks(LIST, filters, nextCursor);
  const there = (link: string | null): string | null => link && `${link}#put-away`;
  return {
    csv: items.length > 0 ? `${LIST}/download` : null,
    putAway: { next: there(next), first: there(first), csv: `${LIST}/put-away/download` },
  };
}

const COLUMNS = ['id', 'programme', 'authority', 'trainers', 'trainerInvoices', 'claimId', 'claimState'] as const;
/** Columns of the lists as files; who did it last is named where it is one of the authority's own people. */
export const FORM_CSV = [...COLUMNS, 'savedAt', 'savedBy'] as const;
export const PUT_AWAY_CSV = [...COLUMNS, 'putAwayAt', 'putAwayBy'] as const;

const csvItem = ({ title, invoiceCount, ...item }: Omit<FormListItem, 'saved'>) => ({
  ...item,
  trainers: title,
  trainerInvoices: invoiceCount,
});

/** One claim in preparation as a row of the file. */
export const formCsv = ({ saved, ...item }: FormListItem) => ({
  ...csvItem(item),
  savedAt: saved.at,
  savedBy: saved.by.name,
});

export const putAwayCsv = ({ putAway, ...item }: PutAwayForm) => ({
  ...csvItem(item),
  putAwayAt: putAway.at,
  putAwayBy: putAway.by.name,
});
