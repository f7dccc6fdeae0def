import { Inject, Injectable } from '@nestjs/common';
import { londonDate } from '#kernel';
import { readAllocations, TermsStore, type LockedAllocation, type StoredTerms } from '#programme';
import { type Tx } from '#platform/database';
import { bodyOf, loadClaim, type ClaimRecord } from './claim-record.js';
import { type ClaimView } from './claim.view.js';
import { claimView } from './present-claim.js';
import { assess, isEditable, type Assessment, type ClaimBody } from './domain/index.js';
import { readFlags } from './flags.queries.js';
import { gatherFacts } from './gather-facts.js';

/** A body calculated under the terms in force now. */
export interface Assessed extends Assessment {
  terms: StoredTerms;
}

/** What every use case of claims shares: calculating a body here and now, and showing a claim to whoever asks. */
@Injectable()
export class ClaimReader {
  constructor(@Inject(TermsStore) readonly terms: TermsStore) {}

  /** Calculates a body today. `allocations` are the caller's when it has locked them; `claimId` null for a new body. */
  async assess(
    tx: Tx,
    body: ClaimBody,
    claimId: string | null,
    allocations?: readonly LockedAllocation[],
  ): Promise<Assessed> {
    const today = londonDate(tx.now);
    const terms = await this.terms.inForce(tx, body.programme, today);
    const known = allocations ?? (await readAllocations(tx, body.programme, body.authority));
    const facts = await gatherFacts(tx, { body, claimId, today, allocations: known });
    return { ...assess(body, terms.terms, facts), terms };
  }

  /** The claim as the actor may see it. A draft or returned claim is calculated as of now, any other as it was frozen. */
  async view(tx: Tx, claim: ClaimRecord): Promise<ClaimView> {
    const flags = (await readFlags(tx, [claim.id])).get(claim.id) ?? [];
    if (claim.calculation === null || claim.terms_id === null || isEditable(claim.state)) {
      const { calculation, terms } = await this.assess(tx, bodyOf(claim), claim.id);
      return claimView(claim, { calculation, terms: terms.terms, flags });
    }
    const { terms } = await this.terms.byId(tx, claim.terms_id);
    return claimView(claim, { calculation: claim.calculation, terms, flags });
  }

  /** The claim as it stands after a step, in the same transaction. */
  async viewAfter(tx: Tx, id: string): Promise<ClaimView> {
    return this.view(tx, await loadClaim(tx, id, 'look'));
  }
}
