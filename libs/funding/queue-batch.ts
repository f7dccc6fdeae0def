/** Where a claim stands in the queue; texts as the database writes them, so that nothing of an instant is lost. */
export interface QueueKey {
  due: string;
  submitted: string;
  id: string;
}

export interface Walk {
  programme: string;
  /** Remainders, the oldest first: together a line of pence, of which each claim takes the next stretch. */
  money: readonly { id: string; pence: number }[];
  /** Pence of that line that claims before this batch took. */
  spent: number;
  /** How many claims the act has funded before this batch. */
  place: number;
  /** Only the claims of this request; null for the whole queue. */
  within: string | null;
  /** The claims of a request up to one of them, which the act has funded already though their state does not show it yet. */
  skipped: { requestId: string; upTo: QueueKey } | null;
  after: QueueKey | null;
}

type Given = (value: unknown) => string;

/**
 * One batch of the queue as one statement: the next claims in order, how many of them the money covers whole, and those either
 * stored as slices or listed. A claim takes the pence from `since` to `upto`, and from each receipt what of that stretch is its
 * own. Claims that are to be stored are locked first, so that nobody holds or rejects them meanwhile.
 */
export function batchStatement(
  walk: Walk,
  limit: number | null,
  into: { fundedBy: string } | { claimIds: unknown },
  now: Date,
): { text: string; parameters: unknown[] } {
  const parameters: unknown[] = [];
  const given: Given = (value) => `$${parameters.push(value)}`;
  const stored = 'fundedBy' in into;
  const total = walk.money.reduce((sum, { pence }) => sum + pence, 0);
  const text = `WITH batch AS (
      ${nextClaims(walk, limit, given)}${stored ? ' FOR UPDATE OF c' : ''}
    ), running AS (
      SELECT b.*, row_number() OVER queue AS at, (${given(walk.spent)}::bigint + sum(b.approved_pence) OVER queue)::bigint AS upto
        FROM batch b WINDOW queue AS (ORDER BY b.due_on, b.submitted_at, b.id ROWS UNBOUNDED PRECEDING)
    ), fitted AS (
      SELECT r.*, r.upto - r.approved_pence AS since FROM running r
       WHERE r.upto <= ${given(total)}::bigint AND r.upto - r.approved_pence < ${given(total)}::bigint
    )${stored ? `, slices AS (${slices(walk, into.fundedBy, now, given)})` : ''}
    SELECT (SELECT count(*) FROM batch)::int AS read, (SELECT count(*) FROM fitted)::int AS fitted, last.upto AS pence,
           last.due_on::text AS due, last.submitted_at::text AS submitted, last.id,
           ${stored ? 'NULL' : '(SELECT json_agg(f.id ORDER BY f.at) FROM fitted f)'} AS ids
      FROM (SELECT 1) AS one LEFT JOIN LATERAL (SELECT * FROM fitted f ORDER BY f.at DESC LIMIT 1) last ON true`;
  return { text, parameters };
}

const rowOf = ({ due, submitted, id }: QueueKey, given: Given): string =>
  `(${given(due)}::date, ${given(submitted)}::timestamptz, ${given(id)}::uuid)`;

function nextClaims(walk: Walk, limit: number | null, given: Given): string {
  const { within, skipped, after } = walk;
  const conditions = [`c.programme_code = ${given(walk.programme)}`, `c.state = 'approved'`, 'c.held_at IS NULL'];
  if (after) conditions.push(`(c.due_on, c.submitted_at, c.id) > ${rowOf(after, given)}`);
  if (skipped) {
    conditions.push(`NOT ((c.due_on, c.submitted_at, c.id) <= ${rowOf(skipped.upTo, given)} AND EXISTS (
      SELECT 1 FROM funding_request_claim s WHERE s.claim_id = c.id AND s.live AND s.request_id = ${given(skipped.requestId)}))`);
  }
  const of = within
    ? `JOIN funding_request_claim q ON q.claim_id = c.id AND q.live AND q.request_id = ${given(within)}`
    : '';
  return `SELECT c.id, c.authority_code, c.due_on, c.submitted_at, c.approved_pence FROM claim c ${of}
       WHERE ${conditions.join(' AND ')} ORDER BY c.due_on, c.submitted_at, c.id LIMIT ${given(limit)}::bigint`;
}

/** A claim of nothing takes no pence, so it is told apart: it gets a slice of nothing of the receipt it stands at. */
function slices({ money, place }: Walk, fundedBy: string, now: Date, given: Given): string {
  let since = 0;
  const stretches = money.map(({ id, pence }) => ({ id, since, upto: (since += pence) }));
  const column = (name: 'id' | 'since' | 'upto') => given(stretches.map((stretch) => stretch[name]));
  return `INSERT INTO funding_slice (funded_by, place, seq, claim_id, authority_code, receipt_id, pence, at)
      SELECT ${given(fundedBy)}::uuid, ${given(place)}::int + f.at, row_number() OVER (PARTITION BY f.at ORDER BY r.since), f.id, f.authority_code,
             r.id, least(f.upto, r.upto) - greatest(f.since, r.since), ${given(now)}::timestamptz
        FROM fitted f
        JOIN unnest(${column('id')}::uuid[], ${column('since')}::bigint[], ${column('upto')}::bigint[]) AS r (id, since, upto)
          ON (r.since < f.upto AND r.upto > f.since) OR (f.since = f.upto AND r.since <= f.since AND r.upto > f.since)`;
}
