import { type Invariants } from './invariant.js';

/** The grant each authority has from the funder directly: docs/grants.md. */
export const GRANTS = {
  /** Grants of which more is spent than there is, or other than their entries that nothing replaces come to. */
  wrongGrants: `
    SELECT g.programme_code, g.authority_code, g.spent_pence, e.pence FROM grant_award g
      LEFT JOIN (SELECT programme_code, authority_code, sum(amount_pence) AS pence FROM grant_entry e
                  WHERE NOT EXISTS (SELECT FROM grant_entry r WHERE r.replaces = e.id) GROUP BY 1, 2) e USING (programme_code, authority_code)
     WHERE g.spent_pence <> coalesce(e.pence, 0) OR g.spent_pence > coalesce(g.received_pence, g.worked_out_pence)`,
} as const satisfies Invariants;
