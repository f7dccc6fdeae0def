import { APPROVED, type Invariants } from './invariant.js';

/** Every claim of every population with its lot: docs/assurance.md, The draw. */
const LOTS = `
  SELECT s.id AS sample_id, s.threshold_pence, s.value_percent, p.claim_id, p.authority_code, p.pence,
         sum(p.pence) OVER (PARTITION BY s.id) AS total, p.pence > s.threshold_pence AS above,
         encode(sha256(convert_to(s.seed || E'\\n' || p.claim_id, 'UTF8')), 'hex') COLLATE "C" AS lot
    FROM assurance_sample s JOIN assurance_population p ON p.sample_id = s.id`;

/** What their seeds draw, drawn once more by another way: sums over the order of the lots. */
const DRAWN = `
  WITH lots AS MATERIALIZED (${LOTS}),
  seen AS (
    SELECT *, NOT above AND NOT bool_or(above) OVER one AND row_number() OVER (one ORDER BY lot) = 1 AS first
      FROM lots WINDOW one AS (PARTITION BY sample_id, authority_code)
  ), worth AS (
    SELECT *, sum(CASE WHEN above OR first THEN pence ELSE 0 END) OVER (PARTITION BY sample_id)
              + sum(CASE WHEN above OR first THEN 0 ELSE pence END) OVER (PARTITION BY sample_id ORDER BY lot ROWS UNBOUNDED PRECEDING)
              - CASE WHEN above OR first THEN 0 ELSE pence END AS before
      FROM seen
  )
  SELECT sample_id, claim_id, pence, CASE WHEN above THEN 'above_threshold' WHEN first THEN 'each_authority' ELSE 'value_share' END AS why,
         row_number() OVER (PARTITION BY sample_id ORDER BY above DESC, first DESC, lot) AS place
    FROM worth WHERE above OR first OR before * 100 < total * value_percent`;

/** Samples of approved claims: docs/assurance.md. */
export const ASSURANCE = {
  /** Samples without a claim of an authority, without one above the threshold, or worth less than their share or a tenth. */
  thinSamples: `
    SELECT s.id, p.authority_code AS missing FROM assurance_sample s JOIN assurance_population p ON p.sample_id = s.id
      LEFT JOIN assurance_item i ON i.sample_id = p.sample_id AND i.claim_id = p.claim_id
     GROUP BY 1, 2 HAVING count(i.id) = 0 OR count(*) FILTER (WHERE p.pence > s.threshold_pence AND i.id IS NULL) > 0
    UNION ALL
    SELECT s.id, 'value' FROM assurance_sample s LEFT JOIN assurance_item i ON i.sample_id = s.id
     GROUP BY s.id HAVING coalesce(sum(i.pence), 0) * 100 < s.population_pence * greatest(s.value_percent, 10)
        OR (s.item_count, s.item_pence) IS DISTINCT FROM (count(i.id)::int, sum(i.pence)::bigint)`,

  /** Samples that their seed does not draw again, in that order and for those reasons. */
  unreproducibleSamples: `
    SELECT sample_id, claim_id, i.place, d.place AS drawn, i.why, d.why AS drawn_why FROM assurance_item i FULL JOIN (${DRAWN}) d USING (sample_id, claim_id)
     WHERE (i.place, i.why, i.pence) IS DISTINCT FROM (d.place, d.why, d.pence)`,

  /** Populations other than their hash and figures say, or without a claim that was approved in the period, and is. */
  wrongPopulations: `
    SELECT s.id, s.population_count, count(p.claim_id) AS claims FROM assurance_sample s LEFT JOIN assurance_population p ON p.sample_id = s.id
     GROUP BY s.id HAVING (s.population_count, s.population_pence) IS DISTINCT FROM (count(p.claim_id)::int, sum(p.pence)::bigint)
        OR s.population_sha256 <> encode(sha256(convert_to(string_agg(p.claim_id || ',' || p.authority_code || ',' || p.pence || E'\\n',
             '' ORDER BY p.claim_id::text COLLATE "C"), 'UTF8')), 'hex')
    UNION ALL
    SELECT s.id, s.population_count, -1 FROM assurance_sample s JOIN claim c ON c.programme_code = s.programme_code AND c.state IN ${APPROVED}
       AND c.approved_pence > 0 AND (c.approved_at AT TIME ZONE 'Europe/London')::date BETWEEN s.from_on AND s.to_on
     WHERE s.to_on >= (s.drawn_at AT TIME ZONE 'Europe/London')::date
        OR NOT EXISTS (SELECT FROM assurance_population p WHERE p.sample_id = s.id AND p.claim_id = c.id AND p.pence = c.approved_pence)`,

  /** Drawn claims of which nobody asked the authority for evidence, by letter and on the claim's own timeline. */
  unaskedEvidence: `
    SELECT i.sample_id, i.claim_id FROM assurance_item i
     WHERE NOT EXISTS (SELECT FROM audit_entry e WHERE e.claim_id = i.claim_id AND e.subject_id = i.sample_id::text AND e.action = 'assurance.evidence_requested')
        OR NOT EXISTS (SELECT FROM delivery x WHERE x.notice_key LIKE 'assurance:' || i.sample_id || ':%' AND x.authority_code = i.authority_code)`,

  /** Outcomes by who made or approved the claim, and failed ones that propose nothing though they could, or something else. */
  wrongOutcomes: `
    SELECT i.id, i.state, i.recorded_by, a.id AS adjustment FROM assurance_item i JOIN claim c ON c.id = i.claim_id
      LEFT JOIN adjustment a ON a.id = i.adjustment_id
     WHERE i.state <> 'requested' AND (i.recorded_by = ANY (c.makers) OR i.recorded_by = c.approved_by
        OR (a.id IS NOT NULL AND (i.state <> 'failed' OR a.claim_id <> i.claim_id OR a.proposed_by <> i.recorded_by OR a.reason <> i.reason))
        OR (i.state = 'failed' AND a.id IS NULL AND c.state IN ${APPROVED}
          AND NOT EXISTS (SELECT FROM adjustment o WHERE o.claim_id = c.id AND o.proposed_at <= i.recorded_at)))`,
} as const satisfies Invariants;
