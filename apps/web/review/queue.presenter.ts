import { MOST_COUNTED, type ClaimListItem, type Waiting } from '#claims';
import { daysBetween } from '#kernel';
import { type Person } from '#identity';
import { addressWith, claimStatus, date, money, plural } from '../page/index.js';
import { claimAddress } from './desk.presenter.js';

/** The piles of the work queue, in the order in which a claim comes by them. */
export const PILES = ['review', 'approve', 'held', 'returned'] as const;
export type Pile = (typeof PILES)[number];

const PILE_TEXTS: Readonly<Record<Pile, { text: string; count: keyof Waiting; empty: string }>> = {
  review: {
    text: 'To review',
    count: 'submitted',
    empty: 'No claim waits for review here. Look at “Everybody’s”, or come back when one is submitted.',
  },
  approve: {
    text: 'To approve',
    count: 'reviewed',
    empty: 'No claim waits for approval here. Claims come here once they are reviewed.',
  },
  held: { text: 'On hold', count: 'held', empty: 'No claim is on hold.' },
  returned: {
    text: 'Returned',
    count: 'returned',
    empty: 'No claim is with its authority for correction.',
  },
};

/** Every due date comes before this, the last day a date can name: with it a list is in the order of its due dates. */
const ANY_DAY = '2099-12-31';

export interface Asked {
  readonly pile: Pile;
  /** `all`, `mine`, `nobody`, or a user's id. */
  readonly who: string;
  readonly authority: string | undefined;
}

/** What the address asks for; without a word of it what this person most likely wants. */
export function askedOf(filters: Readonly<Record<string, string>>, roles: readonly string[]): Asked {
  const wanted = PILES.find((pile) => pile === filters['show']);
  const first: Pile = !roles.includes('mtm_finance') && roles.includes('mtm_approver') ? 'approve' : 'review';
  return { pile: wanted ?? first, who: filters['who'] ?? 'all', authority: filters['authority'] };
}

/** Whose, as the list of claims asks it. */
export function deskOf({ who, authority }: Asked, userId: string): Record<string, string> {
  const whose: Record<string, string> =
    who === 'all' ? {} : who === 'nobody' ? { assigned: 'false' } : { assignedTo: who === 'mine' ? userId : who };
  return authority === undefined ? whose : { ...whose, authority };
}

/** The query of the list of claims for a pile, the most urgent first. */
export function claimsQuery(asked: Asked, userId: string): Record<string, string> {
  const of: Record<Pile, Record<string, string>> = {
    review: { state: 'submitted', hold: 'false', dueBy: ANY_DAY },
    approve: { state: 'reviewed', hold: 'false', dueBy: ANY_DAY },
    held: { hold: 'true', dueBy: ANY_DAY },
    returned: { state: 'returned' },
  };
  return { ...of[asked.pile], ...deskOf(asked, userId) };
}

const counted = (count: number): string => (count >= MOST_COUNTED ? `${MOST_COUNTED - 1}+` : String(count));

/** The piles as links, with how much is in each. */
export function pileLinks(asked: Asked, waiting: Waiting, filters: Readonly<Record<string, string>>) {
  const kept = Object.fromEntries(Object.entries(filters).filter(([name]) => ['who', 'authority'].includes(name)));
  return PILES.map((pile) => ({
    text: `${PILE_TEXTS[pile].text} (${counted(waiting[PILE_TEXTS[pile].count])})`,
    href: addressWith('/queue', { show: pile, ...kept }),
    current: pile === asked.pile,
  }));
}

/** How the due date stands today: the words come first, colour does not come at all. */
export function dueText(dueOn: string | null, today: string): string {
  if (dueOn === null) return '';
  const left = daysBetween(today, dueOn);
  if (left < 0) return `overdue by ${plural(-left, 'day')}`;
  return left === 0 ? 'due today' : `${plural(left, 'day')} left`;
}

const STEP: Readonly<Record<Pile, string | null>> = {
  review: 'review',
  approve: 'approve',
  held: null,
  returned: null,
};

interface Of {
  readonly asked: Asked;
  readonly today: string;
  readonly userId: string;
  readonly people: ReadonlyMap<string, Person>;
  readonly authorities: ReadonlyMap<string, string>;
}

/** One row of the queue: `sort` values are what the columns are ordered by. */
function queueRow(claim: ClaimListItem, of: Of) {
  const step = STEP[of.asked.pile];
  const assigned = claim.assignedTo === null ? null : (of.people.get(claim.assignedTo)?.name ?? 'Somebody');
  const what = [...new Set(claim.flags.map(({ code }) => FLAG_WORDS[code] ?? code))];
  return {
    id: claim.id,
    name: claim.invoiceNumber ?? 'Draft claim',
    href: step ? claimAddress(claim.id, step) : claimAddress(claim.id),
    version: claim.version,
    status: of.asked.pile === 'held' ? claimStatus({ state: claim.state }).text : '',
    authority: of.authorities.get(claim.authority) ?? claim.authority,
    reference: claim.authorityReference,
    amount: money(claim.approvedPence ?? claim.totalPence),
    pence: claim.approvedPence ?? claim.totalPence,
    submitted: date(claim.submittedAt),
    submittedSort: claim.submittedAt ?? '',
    due: date(claim.dueOn),
    dueSort: claim.dueOn ?? ANY_DAY,
    dueText: dueText(claim.dueOn, of.today),
    reason: claim.hold?.reason ?? '',
    flags: what,
    assigned,
    mine: claim.assignedTo === of.userId,
    assignHref: claimAddress(claim.id, 'assign'),
  };
}

const FLAG_WORDS: Readonly<Record<string, string>> = {
  above_funded_rate: 'above the funded rate',
  trainer_not_paid: 'no proof of payment',
  evidence_missing: 'evidence missing',
  reclaimed_after_rejection: 'rejected before',
  evidence_reused: 'evidence used before',
  trainer_invoice_at_other_authority: 'invoice at another authority',
  trainer_double_booked: 'trainer double booked',
};

export const queueRows = (claims: readonly ClaimListItem[], of: Of) => claims.map((claim) => queueRow(claim, of));

/** The claim to decide next, the most urgent: one press of Tab behind what was said of the last one. Null where nothing is decided. */
export function nextOf({ pile }: Asked, rows: readonly { name: string; href: string }[]) {
  const [first] = rows;
  return first && STEP[pile] ? { text: `Next claim: ${first.name}`, href: first.href } : null;
}

/** Why the table is empty and what to do. */
export const emptyText = ({ pile }: Asked): string => PILE_TEXTS[pile].empty;

export const pileTitle = ({ pile }: Asked): string => PILE_TEXTS[pile].text;

/** Whose claims can be asked for: everybody's, one's own, nobody's, a colleague's. */
export const whoChoices = (asked: Asked, colleagues: readonly Person[], userId: string) =>
  [
    { value: 'all', text: 'Everybody’s' },
    { value: 'mine', text: 'Mine' },
    { value: 'nobody', text: 'Nobody’s yet' },
    ...colleagues.filter(({ id }) => id !== userId).map(({ id, name }) => ({ value: id, text: name })),
  ].map((choice) => ({ ...choice, selected: choice.value === asked.who }));

export const authorityChoices = (authorities: ReadonlyMap<string, string>, wanted: string | undefined) => [
  { value: '', text: 'All authorities', selected: wanted === undefined },
  ...[...authorities].map(([value, text]) => ({ value, text, selected: value === wanted })),
];
