import { sumPence, type Pence } from '#kernel';
import { ACCOUNTS } from './accounts.js';
import { requireSound, type Journal, type Posting } from './journal.js';

/**
 * Every posting of docs/ledger.md, "Postings", from what happened to its journal. Each names its event so that
 * happening twice posts once. Amounts are pence and positive. Throw InvalidValue for what cannot balance.
 */
type Context = Pick<Journal, 'event' | 'programme'> & { funder: string };

interface Entry {
  kind: string;
  description: string;
  claimId?: string;
  postings: readonly (Posting | null)[];
}

function journal({ event, programme }: Context, { postings, ...entry }: Entry): Journal {
  const sound = {
    event,
    programme,
    ...entry,
    postings: postings.filter((one) => one !== null && one.amountPence !== 0),
  };
  requireSound(sound as Journal);
  return sound as Journal;
}

const debit = (account: string, amountPence: Pence, authority?: string): Posting => ({
  account,
  amountPence,
  ...(authority === undefined ? {} : { authority }),
});
const credit = (account: string, amountPence: Pence, authority?: string): Posting =>
  debit(account, -amountPence, authority);

/** Pence by category code. */
export type ByCategory = Readonly<Record<string, Pence>>;

const totalOf = (categories: ByCategory): Pence => sumPence(Object.values(categories));

const byCategory = (categories: ByCategory, authority: string, sign: 1 | -1): Posting[] =>
  Object.keys(categories)
    .sort()
    .map((code) => debit(ACCOUNTS.reimbursement(code), sign * categories[code]!, authority));

export interface ApprovedClaim {
  claimId: string;
  authority: string;
  invoiceNumber: string;
  programme: string;
  funder: string;
  categories: ByCategory;
}

/** The event of a claim's approval: what rejecting it afterwards reverses. */
export const claimApprovedEvent = (claimId: string, invoiceNumber: string): string =>
  `claim.approved:${claimId}:${invoiceNumber}`;

/** Dr reimbursement expense (category) / Cr LA payable; Dr receivable / Cr grant income. */
export function claimApproved(claim: ApprovedClaim): Journal {
  const { claimId, authority, invoiceNumber, programme, funder, categories } = claim;
  const total = totalOf(categories);
  return journal(
    { event: claimApprovedEvent(claimId, invoiceNumber), programme, funder },
    {
      kind: 'claim_approved',
      description: `Claim approved, invoice ${invoiceNumber}`,
      claimId,
      postings: [
        ...byCategory(categories, authority, 1),
        credit(ACCOUNTS.payable(authority), total, authority),
        debit(ACCOUNTS.receivable(funder), total),
        credit(ACCOUNTS.grantIncome(funder), total),
      ],
    },
  );
}

/** Dr restricted cash / Cr received in advance. `reference` is the receipt's, as the bank gave it. */
export const receiptConfirmed = (of: Context & { amountPence: Pence; reference: string }): Journal =>
  journal(of, {
    kind: 'receipt_confirmed',
    description: `${words(of.funder)} paid, ${words(of.reference)}`,
    postings: [
      debit(ACCOUNTS.restrictedCash, of.amountPence),
      credit(ACCOUNTS.receivedInAdvance(of.funder), of.amountPence),
    ],
  });

/** One journal for one act of funding, however many claims: Dr received in advance / Cr receivable. */
export const claimsFunded = (of: Context & { amountPence: Pence; claimCount: number }): Journal =>
  journal(of, {
    kind: 'claims_funded',
    description: `${counted(of.claimCount)} funded`,
    postings: [
      debit(ACCOUNTS.receivedInAdvance(of.funder), of.amountPence),
      credit(ACCOUNTS.receivable(of.funder), of.amountPence),
    ],
  });

/**
 * Funding taken back, of one claim or of however many at once: Dr receivable / Cr received in advance, and Cr owed to the funder
 * for what recovered money had paid. The rest of its act of funding stands.
 */
export const claimsUnfunded = (
  of: Context & { claimId: string | null; claimCount: number; fundersPence: Pence; recoveredPence: Pence },
): Journal =>
  journal(of, {
    ...(of.claimId === null
      ? { kind: 'claims_unfunded', description: `Funding of ${counted(of.claimCount)} taken back` }
      : { kind: 'claim_unfunded', description: 'Funding of a claim taken back', claimId: of.claimId }),
    postings: [
      debit(ACCOUNTS.receivable(of.funder), of.fundersPence + of.recoveredPence),
      credit(ACCOUNTS.receivedInAdvance(of.funder), of.fundersPence),
      credit(ACCOUNTS.owed(of.funder), of.recoveredPence),
    ],
  });

/** One payment to one authority, seen on the statement: Dr LA payable / Cr restricted cash. */
export const paymentSettled = (of: Context & { authority: string; amountPence: Pence; reference: string }): Journal =>
  journal(of, {
    kind: 'payment_settled',
    description: `Paid, ${words(of.reference)}`,
    postings: [
      debit(ACCOUNTS.payable(of.authority), of.amountPence, of.authority),
      credit(ACCOUNTS.restrictedCash, of.amountPence),
    ],
  });

/** Too much was approved: Dr LA payable / Cr reimbursement expense; Dr grant income / Cr owed to the funder. */
export function adjustmentApproved(
  of: Context & { authority: string; creditNoteNumber: string; claimId: string; categories: ByCategory },
): Journal {
  const total = totalOf(of.categories);
  return journal(of, {
    kind: 'adjustment_approved',
    description: `Adjustment approved, credit note ${of.creditNoteNumber}`,
    claimId: of.claimId,
    postings: [
      debit(ACCOUNTS.payable(of.authority), total, of.authority),
      ...byCategory(of.categories, of.authority, -1),
      debit(ACCOUNTS.grantIncome(of.funder), total),
      credit(ACCOUNTS.owed(of.funder), total),
    ],
  });
}

/** An authority pays an adjustment's balance back: Dr restricted cash / Cr LA payable. */
export const repaid = (of: Context & { authority: string; amountPence: Pence; reference: string }): Journal =>
  journal(of, {
    kind: 'repaid',
    description: `Repaid, ${words(of.reference)}`,
    postings: [
      debit(ACCOUNTS.restrictedCash, of.amountPence),
      credit(ACCOUNTS.payable(of.authority), of.amountPence, of.authority),
    ],
  });

/** Recovered money funds a request's claims: Dr owed to the funder / Cr receivable. */
export const owedMoneyUsed = (of: Context & { amountPence: Pence; requestNumber: string }): Journal =>
  journal(of, {
    kind: 'owed_money_used',
    description: `Recovered money used, request ${of.requestNumber}`,
    postings: [debit(ACCOUNTS.owed(of.funder), of.amountPence), credit(ACCOUNTS.receivable(of.funder), of.amountPence)],
  });

/** The bank's charges are the payer's own. */
export const bankCharge = (of: Context & { amountPence: Pence; reference: string }): Journal =>
  journal(of, {
    kind: 'bank_charge',
    description: `Bank charge, ${words(of.reference)}`,
    postings: [debit(ACCOUNTS.bankCharges, of.amountPence), credit(ACCOUNTS.bank, of.amountPence)],
  });

/** Money on the statement that nobody has explained yet; `in` is a credit of the bank's, `out` a debit. Explaining it reverses this. */
export function suspense(of: Context & { direction: 'in' | 'out'; amountPence: Pence; reference: string }): Journal {
  const sign = of.direction === 'in' ? 1 : -1;
  return journal(of, {
    kind: 'suspense',
    description: `Unexplained money ${of.direction}, ${words(of.reference)}`,
    postings: [debit(ACCOUNTS.restrictedCash, sign * of.amountPence), credit(ACCOUNTS.suspense, sign * of.amountPence)],
  });
}

const counted = (claims: number): string => `${claims} ${claims === 1 ? 'claim' : 'claims'}`;

/**
 * A reference that somebody typed, within what a description takes: neither control characters nor what starts a comment. Cut
 * between characters: half of one is no text that the database takes.
 */
const words = (reference: string): string =>
  Array.from(reference.replace(/[\p{Cc};|\s]+/gu, ' ').trim())
    .slice(0, 140)
    .join('') || 'no reference';
