import {
  ACCOUNTS,
  claimsFunded,
  claimUnfunded,
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

const confirmedEvent = (receiptId: string): string => `funding_receipt.confirmed:${receiptId}`;

/** A receipt confirmed, and the claims that this funded. */
export async function bookConfirmation(
  tx: Tx,
  of: Of,
  receipt: { id: string; amountPence: number; reference: string },
  funded: { claimCount: number; pence: number },
): Promise<void> {
  const { amountPence, reference } = receipt;
  const journals: Journal[] = [receiptConfirmed({ ...of, event: confirmedEvent(receipt.id), amountPence, reference })];
  if (funded.pence > 0) {
    const event = `claims.funded:${receipt.id}`;
    journals.push(claimsFunded({ ...of, event, amountPence: funded.pence, claimCount: funded.claimCount }));
  }
  await postJournals(tx, journals);
}

/** A confirmed receipt reversed: its money never came. What it funded is booked back by `bookUnfunded`. */
export async function bookReversal(tx: Tx, receiptId: string, reason: string): Promise<void> {
  await reverseJournals(tx, [confirmedEvent(receiptId)], reason);
}

/** Funding taken back by the act `endedBy`: of one claim, or of however many at once, as they were funded. */
export async function bookUnfunded(
  tx: Tx,
  of: Of & { endedBy: string },
  taken: { claimId: string | null; claimCount: number; pence: number },
): Promise<void> {
  const { programme, funder, endedBy } = of;
  const { claimId, claimCount, pence: amountPence } = taken;
  if (amountPence === 0) return;
  if (claimId !== null) {
    const event = `claim.unfunded:${claimId}:${endedBy}`;
    await postJournals(tx, [claimUnfunded({ programme, funder, event, amountPence, claimId })]);
    return;
  }
  await postJournals(tx, [
    {
      event: `claims.unfunded:${endedBy}`,
      kind: 'claims_unfunded',
      programme,
      description: `Funding of ${claimCount} ${claimCount === 1 ? 'claim' : 'claims'} taken back`,
      postings: [
        { account: ACCOUNTS.receivable(funder), amountPence },
        { account: ACCOUNTS.receivedInAdvance(funder), amountPence: -amountPence },
      ],
    },
  ]);
}
