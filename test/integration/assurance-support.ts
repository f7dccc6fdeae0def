import type pg from 'pg';
import { v7 as uuid } from 'uuid';

/**
 * A sample with one claim of Brent's, behind everybody's back: samples are drawn of days that are over. The ids, by the
 * collection of the API they are in.
 */
export async function plantDrawnClaim(
  admin: pg.Client,
  claimId: string,
  seed: string,
): Promise<Record<string, string>> {
  const [sample, item] = [uuid(), uuid()];
  await admin.query(`SET session_replication_role = replica;
    INSERT INTO assurance_sample (id, programme_code, seed, from_on, to_on, threshold_pence, value_percent, population_count, population_pence,
      population_sha256, item_count, item_pence, drawn_by, drawn_at)
    VALUES ('${sample}', 'EIP2', '${seed}', '2018-03-01', '2018-03-31', 0, 10, 1, 1, repeat('0', 64), 1, 1, '${sample}', now());
    INSERT INTO assurance_item (id, sample_id, claim_id, authority_code, place, why, pence, requested_at)
    VALUES ('${item}', '${sample}', '${claimId}', 'BRENT', 1, 'each_authority', 1, now());
    SET session_replication_role = origin`);
  return { 'assurance-samples': sample, 'assurance-items': item };
}
