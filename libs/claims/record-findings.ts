import { Inject, Injectable } from '@nestjs/common';
import { conflict, londonDate, malformed } from '#kernel';
import { appendAudit } from '#audit';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { honourVersion, validateInput, type ExpectedVersion } from '#platform/validation';
import { requireNotHeld } from './change-state.js';
import { ClaimReader } from './claim-reader.js';
import { loadClaim, makersWith, type ClaimRecord } from './claim-record.js';
import { type ClaimView } from './claim.view.js';
import { canRecordFindings, FINDING_STATES } from './domain/index.js';
import {
  FindingsInput,
  proofsInTrail,
  recordDistinct,
  requirePastProofs,
  saveFindings,
  unknownInvoices,
} from './findings.js';

/**
 * MTM finance records a proof of payment, or that invoices are distinct, apart from the review: what a reviewed claim still
 * lacks need not send it back. No step of its life: the state stays. Who records is a maker, as a reviewer is.
 */
@Injectable()
export class RecordFindings {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(ClaimReader) private readonly reader: ClaimReader,
  ) {}

  /**
   * Throws malformed (also for nothing to record, and for an invoice that is not in the claim), not_found, forbidden, stale,
   * conflict `state_conflict`, `claim_held`, refused `payment_proof_in_future`.
   */
  async run(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<ClaimView> {
    const input = validateInput(FindingsInput, body ?? {});
    requireSome(input);
    return this.uow.run(actor, async (tx) => {
      const claim = await loadClaim(tx, id, 'lock');
      requireMay(actor, 'claim.record_findings', { authority: claim.authority_code });
      honourVersion(version, claim.version);
      requireRecordable(claim);
      const problems = unknownInvoices(claim, input);
      if (problems.length > 0) throw malformed(problems);
      requirePastProofs(input, londonDate(tx.now));
      await saveFindings(tx, input);
      await markMaker(tx, claim);
      await tell(tx, claim, input);
      return this.reader.viewAfter(tx, id);
    });
  }
}

function requireSome({ paymentProof = [], distinct = [] }: FindingsInput): void {
  if (paymentProof.length + distinct.length > 0) return;
  const message = 'Name at least one trainer invoice, in paymentProof or in distinct.';
  throw malformed([{ path: '', code: 'required', message }]);
}

function requireRecordable(claim: ClaimRecord): void {
  if (!canRecordFindings(claim.state)) {
    const states = FINDING_STATES.join(' or ');
    throw conflict(
      'state_conflict',
      `Findings can be recorded only while a claim is ${states}. Read it again to see where it is now.`,
    );
  }
  requireNotHeld(claim);
}

async function markMaker(tx: Tx, claim: ClaimRecord): Promise<void> {
  await tx.execute('UPDATE claim SET makers = $2, version = version + 1, updated_at = $3 WHERE id = $1', [
    claim.id,
    makersWith(claim, tx.actor),
    tx.now,
  ]);
}

/** The claim's own trail first, then the programme's: the order in which a review takes the trails' heads too. */
async function tell(tx: Tx, claim: ClaimRecord, input: FindingsInput): Promise<void> {
  const { before, after } = proofsInTrail(claim, input);
  await appendAudit(tx, {
    chain: claim.authority_code,
    action: 'claim.findings_recorded',
    subjectType: 'claim',
    subjectId: claim.id,
    claimId: claim.id,
    before: { version: claim.version, ...before },
    after: { version: claim.version + 1, ...after },
  });
  await recordDistinct(tx, claim, input);
}
