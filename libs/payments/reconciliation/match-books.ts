import { ACCOUNTS, bankCharge, postJournals, reverseJournals, suspense, type Journal } from '#ledger';
import { type Tx } from '#platform/database';

/** A match as the books are told of it. */
export interface BookedMatch {
  id: string;
  kind: string;
  /** Signed as its line. */
  pence: number;
  /** What the bank calls the line. */
  reference: string;
}

const eventOf = ({ id, kind }: Pick<BookedMatch, 'id' | 'kind'>): string => `bank_match.${kind}:${id}`;

/** Charges and what nobody has explained: each match is a journal of its own. Others are booked by what they show. */
export async function bookPlainMatches(tx: Tx, programme: string, matches: readonly BookedMatch[]): Promise<void> {
  const journals = matches.flatMap((match): Journal[] => {
    const of = { event: eventOf(match), programme, funder: '', reference: match.reference };
    if (match.kind === 'bank_charge') return [bankCharge({ ...of, amountPence: -match.pence })];
    return match.kind === 'suspense' ? [unexplained(of, match.pence)] : [];
  });
  await postJournals(tx, journals);
}

/** Reverses what `bookPlainMatches` posted. */
export async function unbookPlainMatches(
  tx: Tx,
  matches: readonly Pick<BookedMatch, 'id' | 'kind'>[],
  reason: string,
): Promise<void> {
  const plain = matches.filter(({ kind }) => kind === 'bank_charge' || kind === 'suspense');
  await reverseJournals(tx, plain.map(eventOf), reason);
}

const unexplained = (of: Omit<Parameters<typeof suspense>[0], 'direction' | 'amountPence'>, pence: number): Journal =>
  suspense({ ...of, direction: pence > 0 ? 'in' : 'out', amountPence: Math.abs(pence) });

interface Part {
  id: string;
  pence: number;
  round: number;
  reference: string;
  event: string | null;
}

/**
 * What a line shows of a payment, a return or a receipt that is not there in full yet has moved at the bank and settles nothing:
 * until the rest comes it lies in suspense, so that the books have what the statement has. Brings the journals of these
 * parts to what the matches and states say now, of the payments and receipts named.
 */
export async function bookParts(
  tx: Tx,
  programme: string,
  of: { paymentIds: readonly string[]; receiptIds: readonly string[] },
): Promise<void> {
  const parts = await tx.query<Part>(PARTS, [of.paymentIds, of.receiptIds]);
  const over = parts.filter(({ event }) => event !== null).map(({ event }) => event!);
  await reverseJournals(tx, over, 'No longer a part that waits for the rest.');
  const waiting = parts.filter(({ event }) => event === null);
  await postJournals(
    tx,
    waiting.map(({ id, round, pence, reference }) =>
      unexplained({ event: `bank_match.part:${id}:${round}`, programme, funder: '', reference }, pence),
    ),
  );
}

/**
 * Of matches that are not the whole of their target: those that wait and are not booked, and those that are booked and wait no
 * longer. The round is how often the payment was settled by then: a part can wait more than once.
 */
const PARTS = `
  WITH touched AS (
    SELECT m.id, m.pence, p.reference, p.settled_count AS round,
           m.ended_at IS NULL AND p.state = CASE m.kind WHEN 'payment' THEN 'scheduled' ELSE 'settled' END AS waits
      FROM bank_match m JOIN payment p ON p.id = m.payment_id
     WHERE m.payment_id = ANY ($1::uuid[]) AND abs(m.pence) < p.amount_pence
    UNION ALL
    SELECT m.id, m.pence, r.bank_reference, 0, m.ended_at IS NULL AND r.state = 'recorded'
      FROM bank_match m JOIN funding_receipt r ON r.id = m.receipt_id
     WHERE m.receipt_id = ANY ($2::uuid[]) AND m.pence < r.amount_pence
  ), booked AS (
    SELECT t.id, j.event FROM touched t CROSS JOIN generate_series(0, 1) AS back
      JOIN journal j ON j.event = 'bank_match.part:' || t.id || ':' || (t.round - back)
     WHERE NOT EXISTS (SELECT 1 FROM journal u WHERE u.reverses = j.id)
  )
  SELECT t.id, t.pence, t.round, t.reference, b.event FROM touched t LEFT JOIN booked b USING (id)
   WHERE t.waits = (b.event IS NULL) ORDER BY t.id`;

/** The accounts that together are what the statements say. */
export const AT_THE_BANK = [ACCOUNTS.bank, ACCOUNTS.restrictedCash] as const;
