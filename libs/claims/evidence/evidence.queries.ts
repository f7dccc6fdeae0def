import type { Tx } from '#platform/database';
import type { FlagCode } from '../domain/index.js';

const EVIDENCE_FLAGS = ['evidence_missing', 'evidence_reused'] as const satisfies readonly FlagCode[];
export type EvidenceFlag = (typeof EVIDENCE_FLAGS)[number];
export const isEvidenceFlag = (code: FlagCode): code is EvidenceFlag =>
  (EVIDENCE_FLAGS as readonly FlagCode[]).includes(code);

/**
 * Flags of claims by what supports them, in one statement; a claim without any is not in the answer.
 * `evidence_missing`: a trainer invoice has no file of its own, and the claim none for the whole.
 * `evidence_reused`: the same content supports another claim, of those the actor may see (row-level security: an
 * authority is told of its own only). Removed files neither support nor reuse.
 */
export async function evidenceFlags(tx: Tx, claimIds: readonly string[]): Promise<Map<string, Set<EvidenceFlag>>> {
  if (claimIds.length === 0) return new Map();
  const rows = await tx.query<{ id: string; missing: boolean; reused: boolean }>(
    `SELECT c.id,
            EXISTS (SELECT FROM trainer_invoice i
                     WHERE i.claim_id = c.id
                       AND NOT EXISTS (SELECT FROM evidence e
                                        WHERE e.claim_id = c.id AND e.removed_at IS NULL
                                          AND (e.trainer_invoice_id IS NULL OR e.trainer_invoice_id = i.id))) AS missing,
            EXISTS (SELECT FROM evidence e
                      JOIN evidence other ON other.sha256 = e.sha256 AND other.claim_id <> c.id AND other.removed_at IS NULL
                     WHERE e.claim_id = c.id AND e.removed_at IS NULL) AS reused
       FROM unnest($1::uuid[]) AS c(id)`,
    [claimIds],
  );
  const flags = rows.map(({ id, missing, reused }): [string, Set<EvidenceFlag>] => [
    id,
    new Set<EvidenceFlag>([
      ...(missing ? (['evidence_missing'] as const) : []),
      ...(reused ? (['evidence_reused'] as const) : []),
    ]),
  ]);
  return new Map(flags.filter(([, found]) => found.size > 0));
}
