import {
  claimsFunded,
  claimsUnfunded,
  owedMoneyUsed,
  postJournals,
  receiptConfirmed,
  reverseJournals,
  type Journal,
} from '#ledger';
import { type Tx } from '#platform/database';

/** What the books are told of funding (docs/ledger.md, Postings). Each event is posted once however often it is told. */
interface Of {
  programme: string;
  /** The funder's short name. */
  funder: string;
}

/** What one act of funding took out of one receipt. */
export interface Taken {
  receiptId: string;
  source: 'funder' | 'recovered';
  /** Of the request that recovered money was used by. */
  requestNumber: string | null;
  claimCount: number;
  pence: number;
}

const confirmedEvent = (receiptId: string): string => `funding_receipt.confirmed:${receiptId}`;

/** A receipt of the funder's confirmed, and the claims that this funded. */
export async function bookConfirmation(
  tx: Tx,
  of: Of,
  receipt: { id: string; amountPence: number; reference: string },
  taken: readonly Taken[],
): Promise<void> {
  const { amountPence, reference } = receipt;
  const confirmed = receiptConfirmed({ ...of, event: confirmedEvent(receipt.id), amountPence, reference });
  await postJournals(tx, [confirmed, ...fundedJournals(of, receipt.id, taken)]);
}

/** Claims funded by recovered money alone, as far as this act goes: nothing came to the bank. */
export async function bookRecoveredUse(tx: Tx, of: Of, fundedBy: string, taken: readonly Taken[]): Promise<void> {
  await postJournals(tx, fundedJournals(of, fundedBy, taken));
}

/** The funder's money was received in advance, recovered money is owed to it: each goes out of where it is. */
function fundedJournals(of: Of, fundedBy: string, taken: readonly Taken[]): Journal[] {
  const claimCount = taken.reduce((sum, one) => sum + one.claimCount, 0);
  const amountPence = taken.reduce((sum, { source, pence }) => (source === 'funder' ? sum + pence : sum), 0);
  const funders =
    amountPence > 0 ? [claimsFunded({ ...of, event: `claims.funded:${fundedBy}`, amountPence, claimCount })] : [];
  const recovered = taken.filter(({ source, pence }) => source === 'recovered' && pence > 0);
  const used = recovered.map(({ receiptId, requestNumber, pence }) =>
    owedMoneyUsed({
      ...of,
      event: `recovered_money.used:${receiptId}:${fundedBy}`,
      amountPence: pence,
      requestNumber: requestNumber!,
    }),
  );
  return [...funders, ...used];
}

/** A confirmed receipt reversed: its money never came. What it funded is booked back by `bookUnfunded`. */
export async function bookReversal(tx: Tx, receiptId: string, reason: string): Promise<void> {
  await reverseJournals(tx, [confirmedEvent(receiptId)], reason);
}

/** Funding taken back by the act `endedBy`: of one claim, or of however many at once, as they were funded. */
export async function bookUnfunded(
  tx: Tx,
  of: Of & { endedBy: string },
  taken: { claimId: string | null; claimCount: number; fundersPence: number; recoveredPence: number },
): Promise<void> {
  const { programme, funder, endedBy } = of;
  if (taken.fundersPence + taken.recoveredPence === 0) return;
  const event = taken.claimId === null ? `claims.unfunded:${endedBy}` : `claim.unfunded:${taken.claimId}:${endedBy}`;
  await postJournals(tx, [claimsUnfunded({ programme, funder, event, ...taken })]);
}
