import { Inject, Injectable } from '@nestjs/common';
import { formatDays } from '#kernel';
import { requireMay } from '#identity';
import { TermsStore } from '#programme';
import { UnitOfWork, type Actor } from '#platform/database';
import { listQuery, page, type Page } from '#platform/http';
import { kinds } from '#platform/validation';
import { loadClaim } from '../claim-record.js';
import { canAdjust } from '../domain/index.js';
import { AdjustmentFilters } from './adjustment.input.js';
import { ADJUSTMENT_COLUMNS, loadAdjustment, type AdjustmentRow } from './adjustment-record.js';
import { type AdjustmentListItem, type AdjustmentView, type StandingLineView } from './adjustment.view.js';
import { adjustmentListItem, adjustmentView } from './present-adjustment.js';
import { standingClaim } from './standing-lines.js';

/** Reads of adjustments; an authority sees its own. */
@Injectable()
export class AdjustmentQueries {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
  ) {}

  /** Newest first. Throws malformed, forbidden. */
  list(actor: Actor, query: unknown): Promise<Page<AdjustmentListItem>> {
    return this.found(actor, query, false);
  }

  /** Those approved of which something is left that is in no payment yet, newest first. Throws malformed, forbidden. */
  owed(actor: Actor, query: unknown): Promise<Page<AdjustmentListItem>> {
    return this.found(actor, query, true);
  }

  private found(actor: Actor, query: unknown, owed: boolean): Promise<Page<AdjustmentListItem>> {
    const { filters, page: wanted } = listQuery(AdjustmentFilters, query, [kinds.uuid()]);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'adjustment.read');
      const rows = await tx.query<AdjustmentRow>(
        `SELECT ${ADJUSTMENT_COLUMNS} FROM adjustment a JOIN claim c ON c.id = a.claim_id
          WHERE ($1::text IS NULL OR a.state = $1) AND ($2::text IS NULL OR a.authority_code = $2)
            AND ($3::text IS NULL OR a.programme_code = $3) AND ($4::uuid IS NULL OR a.claim_id = $4)
            AND ($5::uuid IS NULL OR a.id < $5) AND (NOT $6::boolean OR (a.state = 'approved' AND a.amount_pence > a.taken_pence))
          ORDER BY a.id DESC LIMIT $7`,
        [
          ...[filters.state ?? null, filters.authority ?? null, filters.programme ?? null, filters.claimId ?? null],
          ...[wanted.after?.[0] ?? null, owed, wanted.limit + 1],
        ],
      );
      return page(rows.map(adjustmentListItem), wanted.limit, (last) => [last.id]);
    });
  }

  /** The lines of an approved claim as they stand; none of another claim. Throws not_found, forbidden. */
  standing(actor: Actor, claimId: string): Promise<StandingLineView[]> {
    return this.uow.read(actor, async (tx) => {
      const claim = await loadClaim(tx, claimId, 'look');
      requireMay(actor, 'adjustment.read', { authority: claim.authority_code });
      if (!canAdjust(claim.state)) return [];
      const { terms } = await this.terms.byId(tx, claim.terms_id!);
      const { lines } = await standingClaim(tx, claim, terms);
      return lines.map(({ id, path, netPence, eligiblePence, trainerDays }) => ({
        ...{ lineId: id, path, netPence, eligiblePence },
        trainerDays: trainerDays === null ? null : formatDays(trainerDays),
      }));
    });
  }

  /** Throws not_found, also for another authority's; forbidden. */
  one(actor: Actor, id: string): Promise<AdjustmentView> {
    return this.uow.read(actor, async (tx) => {
      const row = await loadAdjustment(tx, id);
      requireMay(actor, 'adjustment.read', { authority: row.authority_code });
      const claim = await loadClaim(tx, row.claim_id, 'look');
      const { terms } = await this.terms.byId(tx, claim.terms_id!);
      return adjustmentView(tx, row, terms);
    });
  }
}
