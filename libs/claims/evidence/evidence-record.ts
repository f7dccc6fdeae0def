import { notFound } from '#kernel';
import type { Tx } from '#platform/database';
import { kinds } from '#platform/validation';
import type { ClaimState } from '../domain/index.js';
import { EvidenceEntity } from './evidence.entity.js';
import type { EvidenceView } from './evidence.input.js';

/** As much of a claim as its evidence needs. */
export interface ClaimOfEvidence {
  id: string;
  authority_code: string;
  state: ClaimState;
}

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
export async function findEvidence(tx: Tx, claimId: string, id: string): Promise<EvidenceEntity> {
  const found = isId(claimId) && isId(id) ? await tx.manager.findOneBy(EvidenceEntity, { id, claimId }) : null;
  if (!found) throw notFound('file');
  return found;
}

/** A file, and the trainer invoice it is no longer of. */
export interface LosingInvoice {
  id: string;
  sha256: string;
  trainerInvoiceId: string;
}

/** Files of the trainer invoices that an edit is about to drop: the file stays with the claim, its link goes. */
export const evidenceLosingInvoice = (tx: Tx, claimId: string, kept: readonly string[]): Promise<LosingInvoice[]> =>
  tx.query<LosingInvoice>(
    `SELECT id, sha256, trainer_invoice_id AS "trainerInvoiceId" FROM evidence
      WHERE claim_id = $1 AND trainer_invoice_id <> ALL ($2::uuid[]) ORDER BY id`,
    [claimId, kept],
  );

export const toView = (file: EvidenceEntity): EvidenceView => ({
  id: file.id,
  claimId: file.claimId,
  trainerInvoiceId: file.trainerInvoiceId,
  fileName: file.fileName,
  description: file.description,
  mediaType: file.mediaType,
  declaredOtherwise: file.declaredOtherwise,
  size: file.size,
  sha256: file.sha256,
  uploadedBy: file.uploadedBy,
  uploadedAt: file.uploadedAt.toISOString(),
  removedAt: file.removedAt?.toISOString() ?? null,
  removedBy: file.removedBy,
  removedReason: file.removedReason,
});
