import { notFound } from '#kernel';
import type { Tx } from '#platform/database';
import { kinds } from '#platform/validation';
import type { ClaimState } from '../domain/index.js';
import type { EvidenceView } from './evidence.input.js';

/** As much of a claim as its evidence needs. */
export interface ClaimOfEvidence {
  id: string;
  authority_code: string;
  state: ClaimState;
}

export interface EvidenceRecord {
  id: string;
  authority_code: string;
  claim_id: string;
  trainer_invoice_id: string | null;
  file_name: string;
  description: string | null;
  media_type: string;
  declared_otherwise: boolean;
  size: number;
  sha256: string;
  storage_key: string;
  uploaded_by: string;
  uploaded_at: Date;
  removed_by: string | null;
  removed_at: Date | null;
  removed_reason: string | null;
}

export const EVIDENCE_COLUMNS = `id, authority_code, claim_id, trainer_invoice_id, file_name, description, media_type,
  declared_otherwise, size, sha256, storage_key, uploaded_by, uploaded_at, removed_by, removed_at, removed_reason`;

/** The database would answer a malformed id with a defect; nobody has such a claim or file. */
const isId = (id: string): boolean => kinds.uuid().check(id) === null;

/** The claim, its row held until commit when it is to be `lock`ed. Throws not_found, also for another authority's. */
export async function claimOfEvidence(tx: Tx, claimId: string, lock: 'lock' | 'look'): Promise<ClaimOfEvidence> {
  const [claim] = isId(claimId)
    ? await tx.query<ClaimOfEvidence>(
        `SELECT id, authority_code, state FROM claim WHERE id = $1${lock === 'lock' ? ' FOR UPDATE' : ''}`,
        [claimId],
      )
    : [];
  if (!claim) throw notFound('claim');
  return claim;
}

/** One file of a claim. Throws not_found. */
export async function findEvidence(tx: Tx, claimId: string, id: string): Promise<EvidenceRecord> {
  const [record] =
    isId(claimId) && isId(id)
      ? await tx.query<EvidenceRecord>(`SELECT ${EVIDENCE_COLUMNS} FROM evidence WHERE id = $1 AND claim_id = $2`, [
          id,
          claimId,
        ])
      : [];
  if (!record) throw notFound('file');
  return record;
}

export const toView = (record: EvidenceRecord): EvidenceView => ({
  id: record.id,
  claimId: record.claim_id,
  trainerInvoiceId: record.trainer_invoice_id,
  fileName: record.file_name,
  description: record.description,
  mediaType: record.media_type,
  declaredOtherwise: record.declared_otherwise,
  size: record.size,
  sha256: record.sha256,
  uploadedBy: record.uploaded_by,
  uploadedAt: record.uploaded_at.toISOString(),
  removedAt: record.removed_at?.toISOString() ?? null,
  removedBy: record.removed_by,
  removedReason: record.removed_reason,
});
