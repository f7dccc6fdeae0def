import type pg from 'pg';

/** What always holds of claims (docs/domain.md), asked of all of them at once: each column counts what breaks it. */
const PROOF = `
  WITH drawn AS (
    SELECT l.authority_code, l.category, sum(l.funded_days) FILTER (WHERE c.state IN ('submitted', 'reviewed')) AS reserved,
           sum(l.funded_days) FILTER (WHERE c.state NOT IN ('submitted', 'reviewed')) AS used
      FROM claim c JOIN trainer_invoice i ON i.claim_id = c.id AND i.live
      JOIN trainer_invoice_line l ON l.trainer_invoice_id = i.id AND l.kind = 'training'
     GROUP BY 1, 2)
  SELECT (SELECT count(*) FROM claim)::int AS claims,
    (SELECT count(*) FROM (SELECT FROM trainer_invoice GROUP BY claim_id HAVING count(*) <> 1) AS x)::int AS "claims without one invoice",
    (SELECT count(*) FROM (SELECT FROM trainer_invoice_line GROUP BY trainer_invoice_id HAVING count(*) <> 2) AS x)::int AS "invoices without two lines",
    (SELECT count(*) FROM allocation WHERE reserved_days + used_days > allotted_days)::int AS "overdrawn allocations",
    (SELECT count(*) FROM drawn d FULL JOIN allocation a USING (authority_code, category)
      WHERE coalesce(d.reserved, 0) <> coalesce(a.reserved_days, 0) OR coalesce(d.used, 0) <> coalesce(a.used_days, 0))::int AS "allocations that differ from their claims",
    (SELECT count(*) FROM (SELECT FROM trainer_invoice WHERE live GROUP BY authority_code, number_key, trainer_key HAVING count(*) > 1) AS x)::int AS "invoices claimed twice",
    (SELECT count(*) FROM trainer_invoice i JOIN claim c ON c.id = i.claim_id
      WHERE i.live <> (c.state IN ('submitted', 'reviewed', 'approved', 'funded', 'scheduled', 'paid', 'reconciled')))::int AS "invoices live without their claim",
    (SELECT count(*) FROM (SELECT FROM claim JOIN number_series s USING (programme_code, authority_code)
      WHERE invoice_number IS NOT NULL GROUP BY authority_code, s.last HAVING count(DISTINCT invoice_number) <> s.last) AS x)::int AS "series with gaps",
    (SELECT count(*) FROM claim c JOIN LATERAL (SELECT sum(eligible_pence) AS eligible, sum(above_rate_pence) AS above
        FROM trainer_invoice_line l WHERE l.claim_id = c.id) AS l ON true
      WHERE c.calculation IS NOT NULL AND (c.above_rate_pence <> l.above OR c.total_pence NOT BETWEEN l.eligible / 2 AND l.eligible / 2 + 2))::int AS "totals that differ from their lines",
    (SELECT count(*) FROM claim WHERE approved_pence > total_pence OR approved_by = ANY (makers))::int AS "wrong approvals"`;

/** Throws when the generated claims could not have come about: figures of them would say nothing. */
export async function prove(client: pg.Client, count: number): Promise<void> {
  const { rows } = await client.query<Record<string, number>>(PROOF);
  const { claims, ...broken } = rows[0]!;
  const wrong = Object.entries(broken).filter(([, found]) => found !== 0);
  if (claims !== count || wrong.length > 0) {
    throw new Error(
      `the generated claims are wrong: ${claims} of ${count}; ${wrong.map((one) => one.join(': ')).join(', ')}`,
    );
  }
}
