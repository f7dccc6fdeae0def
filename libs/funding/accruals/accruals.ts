import { Inject, Injectable } from '@nestjs/common';
import { londonDate } from '#kernel';
import { draftsAsOf } from '#claims';
import { deliveredBy, knowsCategories, reimbursementByCategory, type ClaimBody } from '#claims/domain';
import { requireMay } from '#identity';
import { instantOf, requireAsOf } from '#ledger';
import { categoryOf, TermsStore, type ProgrammeTerms } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { validateQuery } from '#platform/validation';
import { accrualLines, byStage, type Accrued } from '../domain/index.js';
import { programmeMeant, termsToday } from '../programme-funding.js';
import { AccrualsInput, type AccrualsView } from './accruals.view.js';
import { accruedClaims, draftsAt } from './standing.js';

/** Drafts calculated at once: bounds memory, however many there are. */
const AT_ONCE = 500;

/**
 * What had been delivered and was not paid at any instant, by authority and category and by how far it had come. As the
 * service knew it by then (docs/ledger.md, Accruals). Allowed: `ledger.read`.
 */
@Injectable()
export class Accruals {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
  ) {}

  /** Throws malformed, not_found, forbidden. */
  run(actor: Actor, query: unknown): Promise<AccrualsView> {
    const { asOf, programme: named } = validateQuery(AccrualsInput, query);
    requireAsOf(asOf);
    return this.uow.readSnapshot(actor, async (tx) => {
      requireMay(actor, 'ledger.read');
      const programme = await programmeMeant(tx, named);
      const at = await instantOf(tx, asOf);
      const amounts = [...(await accruedClaims(tx, programme, at)), ...(await this.delivered(tx, programme, at))];
      const terms = await termsToday(tx, this.terms, programme);
      const lines = accrualLines(amounts).map((line) => ({
        ...line,
        label: categoryOf(terms, line.category)?.label ?? line.category,
      }));
      return { asOf: at.toISOString(), programme, lines, totals: byStage(amounts) };
    });
  }

  /** Of drafts and returned claims, what was delivered by then, calculated under the terms of then. */
  private async delivered(tx: Tx, programme: string, at: Date): Promise<Accrued[]> {
    const drafts = await draftsAt(tx, programme, at);
    if (drafts.length === 0) return [];
    const day = londonDate(at);
    const terms = (await this.terms.upTo(tx, programme, day)).map((stored) => stored.terms);
    const found: Accrued[] = [];
    for (let first = 0; first < drafts.length; first += AT_ONCE) {
      const part = drafts.slice(first, first + AT_ONCE);
      const bodies = await draftsAsOf(
        tx,
        part.map(({ id }) => id),
        at,
      );
      for (const { id, authority } of part) found.push(...accrued(authority, bodies.get(id)!, day, terms));
    }
    return found;
  }
}

/** `terms`: those of the day, then those before them; a draft may be in a category that only older ones have. */
function accrued(authority: string, body: ClaimBody, day: string, terms: readonly ProgrammeTerms[]): Accrued[] {
  const delivered = deliveredBy(body, day);
  const known = delivered && terms.find((candidate) => knowsCategories(delivered, candidate));
  if (!known) return [];
  return Object.entries(reimbursementByCategory(delivered, known)).map(([category, pence]) => ({
    ...{ authority, category, stage: 'delivered' as const, pence },
  }));
}
