import { Inject, Injectable } from '@nestjs/common';
import { DomainError, londonDate } from '#kernel';
import { may } from '#identity';
import { readAllocations, TermsStore, type LockedAllocation, type ProgrammeTerms, type StoredTerms } from '#programme';
import { type Tx } from '#platform/database';
import { adjustmentsOfClaim } from './adjustments/present-adjustment.js';
import { bodyOf, loadClaim, type ClaimRecord, type ClaimRow } from './claim-record.js';
import { type ClaimView } from './claim.view.js';
import { claimView } from './present-claim.js';
import { assess, isEditable, knowsCategories, type Assessment, type ClaimBody } from './domain/index.js';
import { readFlags } from './flags.queries.js';
import { gatherFacts } from './gather-facts.js';
import { PaymentForecast, type PaymentExpectation } from './payment-forecast.js';

/** A body calculated, and the terms it was calculated under. */
export interface Assessed extends Assessment {
  terms: StoredTerms;
}

/** What every use case of claims shares: calculating a body here and now, and showing a claim to whoever asks. */
@Injectable()
export class ClaimReader {
  constructor(
    @Inject(TermsStore) readonly terms: TermsStore,
    @Inject(PaymentForecast) private readonly payments: PaymentForecast,
  ) {}

  /** Calculates a body today. `claimId` null for a new one. Throws malformed for a category the programme does not have. */
  async assess(tx: Tx, body: ClaimBody, claimId: string | null): Promise<Assessed> {
    const terms = await this.terms.inForce(tx, body.programme, londonDate(tx.now));
    return this.assessUnder(tx, terms, { body, claimId });
  }

  /**
   * Calculates a draft or returned claim today. `allocations` are the caller's when it has locked them. Newer terms may
   * have lost a category that the draft was written with: then its figures are those of the latest terms that had it, and
   * a problem (`rate_not_allowed`) says that the line cannot be claimed any more, so that it can still be read.
   */
  async assessDraft(tx: Tx, claim: ClaimRecord, allocations?: readonly LockedAllocation[]): Promise<Assessed> {
    const of = { body: bodyOf(claim), claimId: claim.id, allocations };
    const [inForce, ...earlier] = await this.terms.upTo(tx, claim.programme_code, londonDate(tx.now));
    try {
      return await this.assessUnder(tx, inForce, of);
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== 'malformed') throw error;
      const terms = earlier.find((candidate) => knowsCategories(of.body, candidate.terms));
      if (!terms) throw error;
      const { lines, calculation } = await this.assessUnder(tx, terms, of);
      const gone = error.problems.map((problem) => ({ ...problem, code: 'rate_not_allowed' }));
      return { lines, terms, calculation: { ...calculation, problems: [...gone, ...calculation.problems] } };
    }
  }

  private async assessUnder(tx: Tx, terms: StoredTerms, of: Of): Promise<Assessed> {
    const { body, claimId } = of;
    const allocations = of.allocations ?? (await readAllocations(tx, body.programme, body.authority));
    const facts = await gatherFacts(tx, { body, claimId, today: londonDate(tx.now), allocations });
    return { ...assess(body, terms.terms, facts), terms };
  }

  /** The claim as the actor may see it. A draft or returned claim is calculated as of now, any other as it was frozen. */
  async view(tx: Tx, claim: ClaimRecord): Promise<ClaimView> {
    const flags = (await readFlags(tx, [claim.id])).get(claim.id) ?? [];
    const { scope } = tx.actor;
    const seesOthers = may(tx.actor, 'flag.read_mtm').allowed;
    if (claim.calculation === null || claim.terms_id === null || isEditable(claim.state)) {
      const { calculation, terms } = await this.assessDraft(tx, claim);
      const today = { ...claim, total_pence: calculation.totalPence };
      return claimView(today, {
        calculation,
        terms: terms.terms,
        flags,
        scope,
        seesOthers,
        adjustments: [],
        expected: undefined,
      });
    }
    const { terms } = await this.terms.byId(tx, claim.terms_id);
    const expected = (await this.expectations(tx, [{ row: claim, terms }])).get(claim.id);
    const adjustments = claim.approved_at === null ? [] : await adjustmentsOfClaim(tx, claim.id);
    const { calculation } = claim;
    return claimView(claim, { calculation, terms, flags, scope, seesOthers, adjustments, expected });
  }

  /** When claims should be paid, by their ids. */
  expectations(
    tx: Tx,
    claims: readonly { row: ClaimRow; terms: ProgrammeTerms }[],
  ): Promise<ReadonlyMap<string, PaymentExpectation>> {
    return this.payments.of(
      tx,
      claims.map(({ row, terms }) => ({
        ...{ id: row.id, programme: row.programme_code, state: row.state, held: row.held_at !== null },
        terms,
      })),
    );
  }

  /** The claim as it stands after a step, in the same transaction. */
  async viewAfter(tx: Tx, id: string): Promise<ClaimView> {
    return this.view(tx, await loadClaim(tx, id, 'look'));
  }
}

interface Of {
  body: ClaimBody;
  claimId: string | null;
  allocations?: readonly LockedAllocation[] | undefined;
}
