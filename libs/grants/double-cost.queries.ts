import { type Tx } from '#platform/database';
import { looksLikeSameCost } from './domain/index.js';
import { type GrantFlagView } from './grant.view.js';
import { type GrantKey } from './grant-record.js';

interface Candidate {
  entry_id: string;
  amount: number;
  entry_key: string | null;
  entry_date: string | null;
  claim_id: string;
  number_key: string;
  issued_on: string;
  net: number;
  gross: number;
}

const MESSAGE =
  'This looks like a trainer invoice of a claim: two of supplier’s reference, date and amount agree. A cost is in the grant or in a claim, never in both.';

/**
 * Entries that look like a trainer invoice in a live claim of the same authority. Asked whenever an entry is shown, since
 * the claim may come after it. Without `entryIds` of the whole grant; entries that were replaced count no more.
 */
export async function doubleCosts(
  tx: Tx,
  key: GrantKey,
  entryIds: readonly string[] | null = null,
): Promise<GrantFlagView[]> {
  // Two marks of three agree, so one of reference and date does: each is looked up by itself, the rule decides.
  const rows = await tx.query<Candidate>(
    `WITH entry AS (
       SELECT id, authority_code, amount_pence, reference_key, incurred_on FROM grant_entry e
        WHERE programme_code = $1 AND authority_code = $2 AND ($3::uuid[] IS NULL OR id = ANY ($3))
          AND NOT EXISTS (SELECT FROM grant_entry r WHERE r.replaces = e.id)
     ), pair AS (
       SELECT e.id AS entry_id, i.id FROM entry e
         JOIN trainer_invoice i ON i.authority_code = e.authority_code AND i.number_key = e.reference_key AND i.live
       UNION
       SELECT e.id, i.id FROM entry e
         JOIN trainer_invoice i ON i.authority_code = e.authority_code AND i.issued_on = e.incurred_on AND i.live
     )
     SELECT e.id AS entry_id, e.amount_pence AS amount, e.reference_key AS entry_key, e.incurred_on AS entry_date,
            i.claim_id, i.number_key, i.issued_on, sum(l.net_pence)::bigint AS net,
            sum(l.net_pence + l.vat_pence)::bigint AS gross
       FROM pair p JOIN entry e ON e.id = p.entry_id JOIN trainer_invoice i ON i.id = p.id
       JOIN trainer_invoice_line l ON l.trainer_invoice_id = i.id
      GROUP BY e.id, e.amount_pence, e.reference_key, e.incurred_on, i.id
      ORDER BY e.id, i.id`,
    [key.programme, key.authority, entryIds],
  );
  const flags = rows.filter(isSame).map(flagOf);
  return [...new Map(flags.map((flag) => [`${flag.entryId} ${flag.claimId}`, flag])).values()];
}

const isSame = (row: Candidate): boolean =>
  looksLikeSameCost(
    { referenceKey: row.entry_key, date: row.entry_date, amountPence: row.amount },
    { referenceKey: row.number_key, date: row.issued_on, netPence: row.net, grossPence: row.gross },
  );

const flagOf = ({ entry_id, claim_id }: Candidate): GrantFlagView => ({
  code: 'cost_in_claim',
  message: MESSAGE,
  entryId: entry_id,
  claimId: claim_id,
});
