import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { malformed, notFound } from '#kernel';
import { appendAudit, appendAudits, type AuditRecord } from '#audit';
import { requireMay } from '#identity';
import { requireParticipant } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { requireVersion, type ExpectedVersion } from '#platform/validation';
import { readClaimBody } from './claim-body.input.js';
import { ClaimReader } from './claim-reader.js';
import { bodyOf, loadClaim, type ClaimRecord } from './claim-record.js';
import { insertDrafts, invoiceKey, replaceDraft } from './claim-store.js';
import { type ClaimView } from './claim.view.js';
import { editConflict } from './change-state.js';
import { isEditable, type ClaimBody } from './domain/index.js';
import { type LosingInvoice } from './evidence/evidence-record.js';

/** Drafts are saved with their problems; only submission insists on none. */
@Injectable()
export class SaveDraft {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(ClaimReader) private readonly reader: ClaimReader,
  ) {}

  /** A new draft. Throws malformed, not_found (not the actor's authority), forbidden. */
  async create(actor: Actor, body: unknown): Promise<ClaimView> {
    const claim = readClaimBody(body);
    return this.uow.run(actor, async (tx) => {
      const id = await storeDraft(tx, this.reader, claim);
      return this.reader.viewAfter(tx, id);
    });
  }

  /**
   * Replaces a draft or returned claim; what it said before is kept as a revision. Throws malformed, not_found, forbidden,
   * stale `version_stale`, conflict `state_conflict`.
   */
  async replace(actor: Actor, id: string, body: unknown, expected: ExpectedVersion): Promise<ClaimView> {
    const next = readClaimBody(body);
    return this.uow.run(actor, async (tx) => {
      const claim = await loadClaim(tx, id, 'lock');
      requireMay(actor, 'claim.draft', { authority: claim.authority_code });
      requireSameOwner(claim, next);
      requireVersion(expected, claim.version);
      await storeDraftAgain(tx, this.reader, claim, next);
      return this.reader.viewAfter(tx, id);
    });
  }
}

/** A new draft and its trail, in the caller's transaction; gives its id. Throws not_found, forbidden. */
export async function storeDraft(tx: Tx, reader: ClaimReader, body: ClaimBody): Promise<string> {
  await requireParticipant(tx, body.programme, body.authority);
  requireMay(tx.actor, 'claim.draft', { authority: body.authority });
  const id = uuid();
  const { calculation } = await reader.assess(tx, body, id);
  await insertDrafts(tx, [{ id, body, ...figures(calculation) }]);
  await appendAudit(tx, {
    chain: body.authority,
    action: 'claim.drafted',
    subjectType: 'claim',
    subjectId: id,
    claimId: id,
    after: { state: 'draft', version: 1, totalPence: calculation.totalPence, bodySha256: bodyHash(body) },
  });
  return id;
}

/** What a claim, locked by the caller, says from now on, and its trail. Throws conflict `state_conflict`. */
export async function storeDraftAgain(tx: Tx, reader: ClaimReader, claim: ClaimRecord, next: ClaimBody): Promise<void> {
  if (!isEditable(claim.state)) throw editConflict();
  const { id, version } = claim;
  const { calculation } = await reader.assess(tx, next, id);
  const before = bodyOf(claim);
  const known = new Map(claim.invoices.map((item) => [invoiceKey(item.trainerName, item.number), item.id]));
  const losing = await replaceDraft(
    tx,
    { id, body: next, ...figures(calculation) },
    { version, body: before, invoices: known },
  );
  await appendAudit(tx, {
    chain: claim.authority_code,
    action: 'claim.edited',
    subjectType: 'claim',
    subjectId: id,
    claimId: id,
    before: { version, totalPence: claim.total_pence, bodySha256: bodyHash(before) },
    after: { version: version + 1, totalPence: calculation.totalPence, bodySha256: bodyHash(next) },
  });
  await appendAudits(
    tx,
    losing.map((file) => unlinked(claim, file)),
  );
}

/** A file of a trainer invoice that the edit took out is from now on the whole claim's. */
const unlinked = (claim: ClaimRecord, { id, sha256, trainerInvoiceId }: LosingInvoice): AuditRecord => ({
  chain: claim.authority_code,
  action: 'evidence.unlinked',
  subjectType: 'evidence',
  subjectId: id,
  claimId: claim.id,
  before: { sha256, trainerInvoiceId },
  after: { sha256, trainerInvoiceId: null },
});

const figures = (calculation: { totalPence: number; aboveRatePence: number }) => ({
  totalPence: calculation.totalPence,
  aboveRatePence: calculation.aboveRatePence,
});

/** A claim stays with its programme and authority; one for another authority is not there for its officer. */
function requireSameOwner(claim: ClaimRecord, next: ClaimBody): void {
  if (next.authority !== claim.authority_code) throw notFound('claim of this authority');
  if (next.programme === claim.programme_code) return;
  const message = 'A claim cannot move to another programme. Start a new claim there.';
  throw malformed([{ path: 'programme', code: 'not_one_of', message }]);
}

/** What the trail keeps of a body: it names people, so the trail holds its hash and the claim its words. */
export const bodyHash = (body: ClaimBody): string => createHash('sha256').update(JSON.stringify(body)).digest('hex');
