import { type Invariants } from './invariant.js';

/** The trail: docs/domain.md, What always holds, 5. Its hashes are verified elsewhere, since that takes reading all of it. */
export const TRAIL = {
  /** Claims whose version or state is not what their trail tells: every version has one entry, the last state is the state. */
  untoldChanges: `
    SELECT c.id, c.state, c.version, t.versions, t.state AS told
      FROM claim c LEFT JOIN LATERAL (
        SELECT array_agg((e.after ->> 'version')::int ORDER BY e.seq) FILTER (WHERE e.after ? 'version') AS versions,
               (array_agg(e.after ->> 'state' ORDER BY e.seq DESC) FILTER (WHERE e.after ? 'state'))[1] AS state
          FROM audit_entry e WHERE e.claim_id = c.id AND e.subject_type = 'claim') t ON true
     WHERE t.state IS DISTINCT FROM c.state
        OR t.versions IS DISTINCT FROM (SELECT array_agg(v) FROM generate_series(1, c.version) AS v)`,

  /** Requests, receipts and runs that are in another state than their trail tells last. */
  untoldStates: `
    WITH told AS (
      SELECT DISTINCT ON (subject_type, subject_id) subject_type, subject_id, after ->> 'state' AS state FROM audit_entry
       WHERE subject_type IN ('funding_request', 'funding_receipt', 'payment_run') AND after ? 'state'
       ORDER BY subject_type, subject_id, chain, seq DESC
    ), is_now AS (
      SELECT 'funding_request' AS subject_type, id::text AS subject_id, state FROM funding_request
      UNION ALL SELECT 'funding_receipt', id::text, state FROM funding_receipt
      UNION ALL SELECT 'payment_run', id::text, state FROM payment_run
    )
    SELECT n.*, t.state AS told FROM is_now n LEFT JOIN told t USING (subject_type, subject_id) WHERE t.state IS DISTINCT FROM n.state`,

  /** Chains with a gap, or a head that is not their last entry. */
  brokenChains: `
    SELECT h.chain, h.seq, e.entries, e.last FROM audit_head h
      FULL JOIN (SELECT chain, count(*) AS entries, max(seq) AS last FROM audit_entry GROUP BY 1) e USING (chain)
      LEFT JOIN audit_entry l ON l.chain = h.chain AND l.seq = h.seq
     WHERE h.seq IS DISTINCT FROM coalesce(e.last, 0) OR h.seq IS DISTINCT FROM coalesce(e.entries, 0) OR (h.seq > 0 AND l.hash IS DISTINCT FROM h.hash)`,
} as const satisfies Invariants;
