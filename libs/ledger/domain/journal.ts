import { InvalidValue, pence, sumPence, type Pence } from '#kernel';

/** One line of a journal. Debits are positive, credits negative; never zero. */
export interface Posting {
  account: string;
  amountPence: Pence;
  /** The authority it concerns, where it concerns one. */
  authority?: string;
}

/** What a feature tells the books happened. Booked at the instant of its transaction, on London's date. */
export interface Journal {
  /** Names what happened, once and for all (`claim.approved:<id>:<invoice>`): a replay finds it and posts nothing. */
  event: string;
  /** What sort of event, snake_case: `claim_approved`. */
  kind: string;
  /** Programme code. */
  programme: string;
  /** A few words with numbers and codes; no names, no semicolon. */
  description: string;
  claimId?: string;
  /** At least two, coming to nothing, at most one authority named. */
  postings: readonly Posting[];
}

/** Throws InvalidValue for a journal that does not balance, or that nobody could read later: a defect in who made it. */
export function requireSound(journal: Journal): void {
  const { event, postings } = journal;
  const wrong = (what: string) => new InvalidValue(`the journal "${event}" ${what}`);
  if (postings.length < 2) throw wrong('has fewer than two postings');
  if (postings.some(({ amountPence }) => pence(amountPence) === 0)) throw wrong('has a posting of nothing');
  if (postings.some(({ account }) => !isAccountName(account))) throw wrong('names an account that cannot be');
  const total = sumPence(postings.map(({ amountPence }) => amountPence));
  if (total !== 0) throw wrong(`does not balance: it is out by ${total} pence`);
  authorityOf(journal);
}

/** The one authority the postings name, or null. Throws InvalidValue when they name two. */
export function authorityOf({ event, postings }: Journal): string | null {
  const named = new Set(postings.flatMap(({ authority }) => (authority === undefined ? [] : [authority])));
  if (named.size > 1) throw new InvalidValue(`the journal "${event}" names two authorities; make it one journal each`);
  return [...named][0] ?? null;
}

const ACCOUNT = /^(assets|liabilities|equity|income|expenses)(:[A-Za-z0-9_/.&-]+( [A-Za-z0-9_/.&-]+)*)+$/;

export const isAccountName = (name: string): boolean => name.length <= 200 && ACCOUNT.test(name);
