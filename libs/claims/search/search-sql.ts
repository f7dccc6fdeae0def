/** As a row of the key begins, as bytes: a range, which row-level security lets an index answer where it does not let LIKE. */
const beginsWith = (key: string, given: string): string =>
  `${key} ~>=~ ${given}::text AND ${key} ~<~ (${given}::text || chr(1114111))`;

/**
 * Ids, newest first: $1 exact words, $2 and $3 beginnings of a trainer's name and number, $4 pence, $5 how many, $6 an authority or
 * null for all. Each way is a range of an index within one authority, read no further than the limit, whatever else there is.
 * An amount is what was claimed, or what was approved where that is less: lists show the latter.
 */
export const SEARCH = `WITH whose AS (SELECT code FROM authority WHERE $6::text IS NULL OR code = $6), found AS (
       SELECT id FROM claim WHERE invoice_number = upper($1)
       UNION (SELECT id FROM claim WHERE authority_reference = $1 AND ($6::text IS NULL OR authority_code = $6) ORDER BY id DESC LIMIT $5)
       UNION (SELECT id FROM claim WHERE purchase_order = $1 AND ($6::text IS NULL OR authority_code = $6) ORDER BY id DESC LIMIT $5)
       UNION SELECT f.id FROM whose w CROSS JOIN LATERAL (SELECT t.claim_id AS id FROM trainer_invoice t
         WHERE t.authority_code = w.code AND ${beginsWith('t.trainer_key', '$2')} LIMIT $5) f WHERE $2::text IS NOT NULL
       UNION SELECT f.id FROM whose w CROSS JOIN LATERAL (SELECT t.claim_id AS id FROM trainer_invoice t
         WHERE t.authority_code = w.code AND ${beginsWith('t.number_key', '$3')} LIMIT $5) f WHERE $3::text IS NOT NULL
       UNION SELECT f.id FROM whose w CROSS JOIN LATERAL (SELECT c.id FROM claim c
         WHERE c.authority_code = w.code AND c.total_pence = $4 ORDER BY c.id DESC LIMIT $5) f WHERE $4::bigint IS NOT NULL
       UNION SELECT f.id FROM whose w CROSS JOIN LATERAL (SELECT c.id FROM claim c
         WHERE c.authority_code = w.code AND c.approved_pence = $4 AND c.approved_pence < c.total_pence
         ORDER BY c.id DESC LIMIT $5) f WHERE $4::bigint IS NOT NULL
     ) SELECT id FROM found ORDER BY id DESC LIMIT $5`;
