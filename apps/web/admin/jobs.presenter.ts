import { type DeliveryView, type DocumentJobView, type FailedJobView } from '#documents';
import { dateTime, plural } from '../page/index.js';

export const JOB_CSV_COLUMNS = ['id', 'kind', 'number', 'authority', 'state', 'attempts', 'lastError', 'at'] as const;

interface JobWords {
  readonly what: string;
  readonly tag: { readonly text: string; readonly tag: 'red' | 'yellow' };
  /** What it means and what to do about it. */
  readonly advice: string;
}

const WORDS = {
  document: {
    what: 'PDF',
    tag: { text: 'Not made', tag: 'red' },
    advice: 'The PDF could not be made. Read the reason, then try again.',
  },
  failed: {
    what: 'E-mail',
    tag: { text: 'Not sent', tag: 'red' },
    advice: 'The mail server did not take it, so nobody has it. Put right what the reason says, then try again.',
  },
  unconfirmed: {
    what: 'E-mail',
    tag: { text: 'Unconfirmed', tag: 'yellow' },
    advice: 'It may have arrived. Ask whoever should have it first; send it again only if it has not.',
  },
} as const satisfies Record<string, JobWords>;

/** What happened to a job, in words. */
export const jobWords = ({ kind, state }: Pick<FailedJobView, 'kind' | 'state'>): JobWords =>
  kind === 'document' ? WORDS.document : WORDS[state];

/** Work that did not go through, with where something is done about it. */
export const jobsTable = (jobs: readonly FailedJobView[]) => ({
  caption: 'Work that needs somebody',
  captionHidden: true,
  empty: 'Nothing has failed, and every e-mail is confirmed. There is nothing to do here.',
  head: [{ text: 'What' }, { text: 'State' }, { text: 'Authority' }, { text: 'Reason' }, { text: 'Last tried' }],
  rows: jobs.map((job) => {
    const words = jobWords(job);
    return [
      { text: `${words.what}: ${job.number}`, href: `/jobs/${job.kind}/${job.id}` },
      words.tag,
      { text: job.authority },
      { text: job.lastError ?? 'Not known', hint: plural(job.attempts, 'attempt') },
      { text: dateTime(job.at) },
    ];
  }),
});

const STATES: Readonly<Record<DeliveryView['state'], string>> = {
  queued: 'Waits to be sent',
  sending: 'Is being sent',
  sent: 'Sent',
  unconfirmed: 'Unconfirmed: everything went out and no answer came',
  failed: 'Not sent',
};

const DOCUMENT_STATES: Readonly<Record<DocumentJobView['state'], string>> = {
  pending: 'Waits to be made',
  stored: 'Made',
  failed: 'Not made',
};

/** A document's facts as rows of a summary list. */
export const documentRows = (document: DocumentJobView): { key: string; value: string }[] => [
  { key: 'Document', value: document.number },
  { key: 'State', value: DOCUMENT_STATES[document.state] },
  { key: 'Attempts', value: String(document.attempts) },
  { key: 'Reason', value: document.lastError ?? 'None' },
];

/** An e-mail's facts as rows of a summary list. */
export const deliveryRows = (delivery: DeliveryView): { key: string; value: string }[] => [
  { key: 'About', value: delivery.number ?? delivery.notice ?? 'A notice' },
  { key: 'To', value: delivery.audience === 'payer' ? 'MTM' : `${delivery.authority}’s contact` },
  { key: 'State', value: STATES[delivery.state] },
  { key: 'Attempts', value: String(delivery.attempts) },
  { key: 'Reason', value: delivery.lastError ?? 'None' },
  { key: 'Made', value: dateTime(delivery.createdAt) },
  ...(delivery.sentAt === null ? [] : [{ key: 'Sent', value: dateTime(delivery.sentAt) }]),
];
