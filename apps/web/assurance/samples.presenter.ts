import { type AssuranceItemView, type SampleView } from '#funding';
import { type Person } from '#identity';
import { date, dateTime, money, plural } from '../page/index.js';
import { itemAddress, itemStatus, sampleAddress, WHY } from './words.js';

type People = ReadonlyMap<string, Person>;

/** Columns of the lists as files: the same as the API's. */
export const SAMPLE_COLUMNS = [
  ...['id', 'programme', 'seed', 'from', 'to', 'thresholdPence', 'valuePercent', 'populationCount', 'populationPence'],
  ...['populationSha256', 'itemCount', 'itemPence', 'requestedCount', 'passedCount', 'failedCount', 'drawnBy'],
  'drawnAt',
];
export const POPULATION_COLUMNS = ['claimId', 'authority', 'amountPence'];
export const ITEM_COLUMNS = [
  ...['id', 'sampleId', 'place', 'claimId', 'authority', 'invoiceNumber', 'amountPence', 'why', 'state', 'requestedAt'],
  ...['evidenceCount', 'lastEvidenceAt', 'reason', 'recordedBy', 'recordedAt', 'adjustmentId'],
];

const periodOf = ({ from, to }: Pick<SampleView, 'from' | 'to'>): string => `${date(from)} to ${date(to)}`;

/** All samples, newest first. */
export const samplesTable = (items: readonly SampleView[], people: People) => ({
  caption: 'Samples',
  captionHidden: true,
  empty: 'No sample was drawn yet. MTM finance draws one of the claims approved in a month or a quarter that is over.',
  head: [
    { text: 'Claims approved' },
    { text: 'Drawn' },
    { text: 'Claims', numeric: true },
    { text: 'Worth', numeric: true },
    { text: 'Not checked yet', numeric: true },
    { text: 'Passed', numeric: true },
    { text: 'Not borne out', numeric: true },
  ],
  rows: items.map((sample) => [
    { text: periodOf(sample), href: sampleAddress(sample.id), hint: sample.programme },
    { text: date(sample.drawnAt), hint: people.get(sample.drawnBy)?.name },
    { text: `${sample.itemCount} of ${sample.populationCount}`, numeric: true },
    { text: money(sample.itemPence), numeric: true, hint: `of ${money(sample.populationPence)}` },
    ...[sample.requestedCount, sample.passedCount, sample.failedCount].map((count) => ({
      text: String(count),
      numeric: true,
    })),
  ]),
});

/** One sample: how it stands, and all that an auditor needs to draw it again. */
export function samplePage(sample: SampleView, people: People) {
  const { requestedCount, passedCount, failedCount, itemCount } = sample;
  return {
    sample,
    period: periodOf(sample),
    sentence:
      requestedCount === 0
        ? `All ${plural(itemCount, 'claim')} are checked: ${passedCount} passed, ${failedCount} not borne out.`
        : `${requestedCount} of ${plural(itemCount, 'claim')} ${requestedCount === 1 ? 'is' : 'are'} not checked yet; ${passedCount} passed, ${failedCount} not borne out.`,
    facts: [
      { key: 'Programme', value: sample.programme },
      { key: 'Claims approved', value: periodOf(sample) },
      { key: 'Threshold', value: `Every claim above ${money(sample.thresholdPence)}` },
      { key: 'Share', value: `At least ${sample.valuePercent}% of the value` },
      { key: 'Seed', value: sample.seed },
      {
        key: 'Drawn from',
        value: `${plural(sample.populationCount, 'claim')} worth ${money(sample.populationPence)}`,
      },
      { key: 'Drawn', value: `${plural(itemCount, 'claim')} worth ${money(sample.itemPence)}` },
      {
        key: 'When',
        value: `${dateTime(sample.drawnAt)} by ${people.get(sample.drawnBy)?.name ?? 'MTM'}`,
      },
      { key: 'SHA-256 of what it was drawn from', value: sample.populationSha256 },
    ],
  };
}

/** Drawn claims. `everybody` adds whose each is, for those who see more than their own, and why it was drawn. */
export function itemsTable(items: readonly AssuranceItemView[], of: { everybody: boolean; empty: string }) {
  const { everybody, empty } = of;
  return {
    caption: 'Drawn claims',
    captionHidden: true,
    empty,
    head: [
      { text: 'Claim' },
      ...(everybody ? [{ text: 'Authority' }] : []),
      { text: 'Approved', numeric: true },
      ...(everybody ? [{ text: 'Why drawn' }] : []),
      { text: 'Asked for' },
      { text: 'Files since', numeric: true },
      { text: 'Status' },
    ],
    rows: items.map((item) => [
      { text: item.invoiceNumber, href: itemAddress(item.id), nowrap: true },
      ...(everybody ? [{ text: item.authority }] : []),
      { text: money(item.amountPence), numeric: true },
      ...(everybody ? [{ text: WHY[item.why], hint: `Place ${item.place}` }] : []),
      { text: date(item.requestedAt) },
      { text: String(item.evidenceCount), numeric: true, hint: date(item.lastEvidenceAt) },
      itemStatus(item),
    ]),
  };
}
