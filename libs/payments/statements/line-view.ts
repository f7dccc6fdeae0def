import { type Tx } from '#platform/database';
import { suggestionsFor } from '../reconciliation/suggestions-for.js';
import type { LineState, StatementLineView } from './line.view.js';

const SELECT = `SELECT l.id, l.seq, l.booked_on AS "bookedOn", l.value_on AS "valueOn", l.amount_pence AS "amountPence", l.currency, l.reference,
    l.bank_reference AS "bankReference", l.end_to_end_id AS "endToEndId", l.counterparty,
    right(coalesce(l.counterparty_account ->> 'iban', l.counterparty_account ->> 'accountNumber', l.counterparty_account ->> 'id'), 4)
      AS "counterpartyLastFour",
    l.remittance, l.narrative, l.transaction_code AS "transactionCode", l.return_reason AS "returnReason", l.matched_pence AS "matchedPence", l.state,
    coalesce(m.matches, '[]') AS matches
  FROM bank_line l LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object('id', m.id, 'kind', m.kind, 'targetId', m.target_id, 'amountPence', m.pence, 'how', m.how,
                                      'matchedBy', m.matched_by) ORDER BY m.id) AS matches
      FROM bank_match m WHERE m.line_id = l.id AND m.ended_at IS NULL) m ON true`;

/**
 * Lines of a statement after one of them, in the bank's order: with what they are matched to, and ideas for those that are not.
 * Of one state, it looks through as many lines as are asked for and answers those that are: fewer, perhaps.
 */
export async function linesAfter(
  tx: Tx,
  of: { statementId: string; after: number; limit: number; state: LineState | null },
): Promise<StatementLineView[]> {
  const stored = of.state === null ? 'true' : of.state === 'matched' ? `l.state = 'matched'` : `l.state <> 'matched'`;
  const rows = await tx.query<StatementLineView>(
    `${SELECT} WHERE l.statement_id = $1 AND l.seq > $2 AND ${stored} ORDER BY l.seq LIMIT $3`,
    [of.statementId, of.after, of.limit],
  );
  return withIdeas(tx, rows);
}

/** One line, as it is in the transaction. */
export async function lineViewOf(tx: Tx, lineId: string): Promise<StatementLineView> {
  const rows = await tx.query<StatementLineView>(`${SELECT} WHERE l.id = $1`, [lineId]);
  return (await withIdeas(tx, rows))[0]!;
}

async function withIdeas(tx: Tx, rows: readonly StatementLineView[]): Promise<StatementLineView[]> {
  const open = rows.filter(({ state }) => state !== 'matched').map(({ id }) => id);
  const ideas = await suggestionsFor(tx, open);
  return rows.map((row) => {
    const suggestions = ideas.get(row.id) ?? [];
    return { ...row, suggestions, state: suggestions.length > 0 ? 'suggested' : row.state };
  });
}
