import { Inject, Injectable } from '@nestjs/common';
import { londonDate, sumPence } from '#kernel';
import { requireMay } from '#identity';
import { AuthorityField, TermsStore, WhichProgramme } from '#programme';
import { UnitOfWork, type Actor } from '#platform/database';
import { ArrayField, DateField, IntegerField, PenceField, TextField, validateQuery } from '#platform/validation';
import { OVERDUE } from '../domain/index.js';
import { programmeMeant, termsToday } from '../programme-funding.js';
import { readOpenBands } from './open-claims.js';

const MAX_PENCE = Number.MAX_SAFE_INTEGER;

/** The query of GET /reports/ageing. */
export class AgeingInput {
  @WhichProgramme()
  programme?: string;

  @AuthorityField({ optional: true })
  authority?: string;
}

export class AgeingItem {
  @TextField({ example: 'BRENT' })
  authority: string;

  @TextField({ example: '30-44', description: 'Days since submission, or `overdue`.' })
  band: string;

  @IntegerField({ min: 0 })
  fromDays: number;

  @IntegerField({ min: 0, nullable: true })
  toDays: number | null;

  @IntegerField({ min: 0 })
  claimCount: number;

  @IntegerField({ min: 0, description: 'Of them, on hold.' })
  heldCount: number;

  @PenceField({ max: MAX_PENCE, description: 'Approved, or claimed while it is not approved yet.' })
  amountPence: number;

  @DateField({ nullable: true })
  firstDueOn: string | null;
}

export class AgeingView {
  @TextField({ example: 'EIP2' })
  programme: string;

  @DateField()
  asOf: string;

  @IntegerField({ min: 1, description: 'Days from submission to the due date.' })
  withinDays: number;

  @IntegerField({ min: 0 })
  claimCount: number;

  @PenceField({ max: MAX_PENCE })
  amountPence: number;

  @IntegerField({ min: 0 })
  overdueCount: number;

  @PenceField({ max: MAX_PENCE })
  overduePence: number;

  @ArrayField(() => AgeingItem, { description: 'Every band of every authority that waits for anything.' })
  items: AgeingItem[];
}

export const AGEING_COLUMNS = [
  ...['authority', 'band', 'fromDays', 'toDays', 'claimCount', 'heldCount', 'amountPence', 'firstDueOn'],
] as const;

/** What is submitted and not paid, by authority and age. An authority sees its own. Allowed: `claim.read`. */
@Injectable()
export class AgeingReport {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
  ) {}

  /** Throws malformed, not_found, forbidden. */
  run(actor: Actor, query: unknown): Promise<AgeingView> {
    const input = validateQuery(AgeingInput, query);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'claim.read');
      const programme = await programmeMeant(tx, input.programme);
      const terms = await termsToday(tx, this.terms, programme);
      // Row-level security asks the same of an authority; said here too, its own part of the index is read.
      const own = actor.scope === '*' ? null : actor.scope;
      const items =
        own !== null && (input.authority ?? own) !== own
          ? []
          : await readOpenBands(tx, terms, { programme, authority: input.authority ?? own });
      const overdue = items.filter(({ band }) => band === OVERDUE);
      return {
        programme,
        asOf: londonDate(tx.now),
        withinDays: terms.payment.withinDays,
        ...totals(items),
        overdueCount: totals(overdue).claimCount,
        overduePence: totals(overdue).amountPence,
        items,
      };
    });
  }
}

const totals = (items: readonly AgeingItem[]) => ({
  claimCount: items.reduce((sum, { claimCount }) => sum + claimCount, 0),
  amountPence: sumPence(items.map(({ amountPence }) => amountPence)),
});
