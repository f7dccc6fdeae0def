import { type ClaimOnDesk, type EvidenceView } from '#claims';
import { type AssuranceItemView } from '#funding';
import { may, type Person } from '#identity';
import { type Actor } from '#platform/database';
import { date, dateTime, money, plural } from '../page/index.js';
import { ASKED_FOR, itemAddress, itemStatus, sampleAddress, WHY } from './words.js';

/** Files named on the page of a drawn claim; the page of the claim's evidence has all of them. */
export const FILES_SHOWN = 20;

/** Who checked what, for the payer's people; an authority is told of neither. */
export interface Around {
  readonly desk: ClaimOnDesk | null;
  readonly people: ReadonlyMap<string, Person>;
  readonly files: readonly EvidenceView[];
}

/** Why this person cannot record what the check came to, in words; null when they can. The use case judges it again. */
export function whyNotRecord(actor: Actor, item: AssuranceItemView, desk: ClaimOnDesk): string | null {
  if (item.state !== 'requested') return 'What the check came to is recorded already, and stays.';
  const answer = may(actor, 'assurance.record', {
    authority: item.authority,
    makers: desk.makers.map(({ id }) => id),
    approvers: desk.approvers,
  });
  return answer.allowed ? null : answer.reason;
}

/** One drawn claim: what is asked for, what came, and what this person can do about it. */
export function itemPage(actor: Actor, item: AssuranceItemView, { desk, people, files }: Around) {
  const waits = item.state === 'requested';
  const whyNot = desk === null ? null : whyNotRecord(actor, item, desk);
  const own = inOrder(item, files);
  return {
    item,
    name: item.invoiceNumber,
    address: itemAddress(item.id),
    version: item.version,
    status: itemStatus(item),
    asked: ASKED_FOR,
    sampleAddress: desk === null ? null : sampleAddress(item.sampleId),
    facts: facts(item, desk, people),
    files: own.slice(0, FILES_SHOWN).map((file) => fileOf(item, file, desk !== null)),
    fileCount: own.length,
    mayAdd: waits && may(actor, 'evidence.add', { authority: item.authority }).allowed,
    evidenceAddress: `/claims/${item.claimId}/evidence`,
    mayRecord: desk !== null && whyNot === null,
    whyNot: waits ? whyNot : null,
  };
}

function facts(item: AssuranceItemView, desk: ClaimOnDesk | null, people: Around['people']) {
  const { recordedAt, recordedBy } = item;
  const by = recordedBy === null ? '' : (people.get(recordedBy)?.name ?? 'MTM');
  return [
    { key: 'Claim', value: item.invoiceNumber, href: `/claims/${item.claimId}` },
    { key: 'Authority', value: desk?.authorityName ?? item.authority },
    { key: 'Approved', value: money(item.amountPence) },
    ...(desk === null ? [] : [{ key: 'Why drawn', value: WHY[item.why] }]),
    { key: 'Evidence asked for', value: date(item.requestedAt) },
    {
      key: 'Added since',
      value:
        item.evidenceCount === 0
          ? 'Nothing yet'
          : `${plural(item.evidenceCount, 'file')}, the last on ${dateTime(item.lastEvidenceAt)}`,
    },
    ...(recordedAt === null ? [] : [{ key: 'Checked', value: `${date(recordedAt)} by ${by}` }]),
    ...(item.reason === null ? [] : [{ key: 'What was found', value: item.reason }]),
    ...(item.adjustmentId === null
      ? []
      : [{ key: 'Taken back', value: 'See the adjustment', href: `/adjustments/${item.adjustmentId}` }]),
  ];
}

const cameAfter = (item: AssuranceItemView, { uploadedAt }: EvidenceView): boolean => uploadedAt >= item.requestedAt;

/** What came for the check is what is looked at, so it stands before what was there; else in the order they were added. */
function inOrder(item: AssuranceItemView, files: readonly EvidenceView[]): EvidenceView[] {
  const held = files.filter(({ removedAt }) => removedAt === null);
  return [...held.filter((file) => cameAfter(item, file)), ...held.filter((file) => !cameAfter(item, file))];
}

/** The payer's people open a file in the browser, as beside the lines of a review; an authority downloads its own. */
const fileOf = (item: AssuranceItemView, file: EvidenceView, payer: boolean) => ({
  name: file.fileName,
  href: `/claims/${item.claimId}/${payer ? 'review/' : ''}evidence/${file.id}`,
  note: [
    file.description ?? '',
    cameAfter(item, file) ? `added on ${date(file.uploadedAt)}, after it was asked for` : 'there before',
  ]
    .filter((part) => part !== '')
    .join(', '),
});

/** The page where something is not borne out: what there is to say of the claim's adjustments so far. */
export const adjustedBefore = ({ claim }: ClaimOnDesk): boolean =>
  claim.adjustments.some(({ state }) => state !== 'cancelled');
