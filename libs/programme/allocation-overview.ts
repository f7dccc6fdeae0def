import { Inject, Injectable } from '@nestjs/common';
import { daysOfNumeric, formatDays, londonDate, malformed, notFound } from '#kernel';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { listQuery, page, type Page } from '#platform/http';
import { BooleanField, CodeField, kinds } from '#platform/validation';
import { AllocationMoveEntity } from './allocation-move.entity.js';
import { toMoveView, type MoveView } from './allocation.queries.js';
import { loadAuthority } from './authority.queries.js';
import { AuthorityField, WhichProgramme } from './code-fields.js';
import { TermsStore } from './terms-store.js';

const CATEGORY = /^[a-z][a-z0-9_]{0,39}$/;

class AllocationFilters {
  @WhichProgramme()
  programme?: string;

  @AuthorityField({ optional: true })
  authority?: string;

  @CodeField(CATEGORY, { optional: true, example: 'targeted' })
  category?: string;

  @BooleanField({ optional: true, description: 'Only those of which a tenth or less is left.' })
  low?: boolean;
}

class OfProgramme {
  @WhichProgramme()
  programme?: string;
}

/** One authority's days in one category; decimal texts. allotted = first + moved; left = allotted − reserved − used. */
export interface AllocationRow {
  programme: string;
  authority: string;
  name: string;
  category: string;
  label: string;
  firstDays: string;
  movedDays: string;
  allottedDays: string;
  reservedDays: string;
  usedDays: string;
  leftDays: string;
}

/** All authorities' days in one category, and the programme's reserve of it. */
export interface CategoryTotals {
  category: string;
  label: string;
  allottedDays: string;
  reservedDays: string;
  usedDays: string;
  leftDays: string;
  reserveDays: string;
}

/** A change of what is drawn from an allocation, and the claim it came by. */
export interface DrawView {
  kind: 'reserved' | 'used' | 'released' | 'unused';
  days: string;
  /** ISO 8601. */
  at: string;
  claimId: string;
  /** The number of the claim's invoice now; null while it has none. */
  invoiceNumber: string | null;
}

interface Row {
  programme: string;
  authority: string;
  name: string;
  category: string;
  allotted: string;
  reserved: string;
  used: string;
  moved: string;
}

/** Allocations side by side, and what drew on them. */
@Injectable()
export class AllocationOverview {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
  ) {}

  /** Every authority's allocations that the actor may see, by authority and category. Throws malformed, forbidden. */
  list(actor: Actor, query: unknown): Promise<Page<AllocationRow>> {
    const { filters, page: wanted } = listQuery(AllocationFilters, query, [kinds.text(), kinds.text()]);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'allocation.read');
      const programme = await programmeOf(tx, filters.programme, filters.authority);
      const [afterAuthority = '', afterCategory = ''] = (wanted.after ?? []) as string[];
      const rows = await tx.query<Row>(
        `SELECT a.programme_code AS programme, a.authority_code AS authority, p.name, a.category,
                a.allotted_days::text AS allotted, a.reserved_days::text AS reserved, a.used_days::text AS used,
                (SELECT coalesce(sum(CASE WHEN m.to_authority = a.authority_code THEN m.days ELSE -m.days END), 0)::text
                   FROM allocation_move m WHERE m.programme_code = a.programme_code AND m.category = a.category
                    AND (m.from_authority = a.authority_code OR m.to_authority = a.authority_code)) AS moved
           FROM allocation a JOIN authority p ON p.code = a.authority_code
          WHERE a.programme_code = $1 AND ($2::text IS NULL OR a.authority_code = $2) AND ($3::text IS NULL OR a.category = $3)
            AND (NOT $4::boolean OR (a.allotted_days - a.reserved_days - a.used_days) * 10 <= a.allotted_days)
            AND (a.authority_code, a.category) > ($5, $6)
          ORDER BY a.authority_code, a.category LIMIT $7`,
        [
          ...[programme, filters.authority ?? null, filters.category ?? null, filters.low ?? false],
          ...[afterAuthority, afterCategory, wanted.limit + 1],
        ],
      );
      const labels = await this.labels(tx, programme);
      const items = rows.map((row) => ({ ...figures(row), label: labels[row.category] ?? row.category }));
      return page(items, wanted.limit, (last) => [last.authority, last.category]);
    });
  }

  /** What of each category is allotted, drawn, left and in reserve, over all that the actor may see. */
  totals(actor: Actor, named?: string): Promise<CategoryTotals[]> {
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'allocation.read');
      const programme = await programmeOf(tx, named);
      const rows = await tx.query<Omit<Row, 'moved'> & { reserve: string }>(
        `SELECT a.category, sum(a.allotted_days)::text AS allotted, sum(a.reserved_days)::text AS reserved,
                sum(a.used_days)::text AS used, coalesce(max(p.reserve_days), 0)::text AS reserve
           FROM allocation a LEFT JOIN allocation_pool p USING (programme_code, category)
          WHERE a.programme_code = $1 GROUP BY a.category ORDER BY a.category`,
        [programme],
      );
      const labels = await this.labels(tx, programme);
      return rows.map(({ category, reserve, ...row }) => ({
        category,
        label: labels[category] ?? category,
        ...drawn(row),
        reserveDays: formatDays(daysOfNumeric(reserve)),
      }));
    });
  }

  /** The programme that goes without saying, or the one named. Throws malformed when there are several and none is named. */
  programme(actor: Actor, named?: string): Promise<string> {
    return this.uow.read(actor, (tx) => programmeOf(tx, named));
  }

  /** What drew on one category of an authority, and gave back, newest first. Throws malformed, not_found, forbidden. */
  draws(actor: Actor, authority: string, category: string, query: unknown): Promise<Page<DrawView>> {
    const { filters, page: wanted } = listQuery(OfProgramme, query, [kinds.instant(), kinds.text()]);
    const [at = null, id = null] = (wanted.after ?? []) as (string | null)[];
    return this.uow.read(actor, async (tx) => {
      await loadAuthority(tx, authority);
      requireMay(actor, 'allocation.read', { authority });
      const programme = await programmeOf(tx, filters.programme, authority);
      const [allocation] = await tx.query<{ id: string }>(
        'SELECT id FROM allocation WHERE programme_code = $1 AND authority_code = $2 AND category = $3',
        [programme, authority, category],
      );
      if (!allocation) throw notFound('allocation in this category');
      const rows = await tx.query<Omit<DrawView, 'at'> & { at: Date; id: string }>(
        `SELECT e.id::text AS id, e.kind, e.days::text AS days, e.at, e.claim_id AS "claimId", c.invoice_number AS "invoiceNumber"
           FROM allocation_entry e LEFT JOIN claim c ON c.id = e.claim_id
          WHERE e.allocation_id = $1 AND e.claim_id IS NOT NULL
            AND ($2::timestamptz IS NULL OR (e.at, e.id) < ($2, $3::bigint))
          ORDER BY e.at DESC, e.id DESC LIMIT $4`,
        [allocation.id, at, id, wanted.limit + 1],
      );
      const { items, nextCursor } = page(rows, wanted.limit, (last) => [last.at.toISOString(), last.id]);
      return { items: items.map(drawView), nextCursor };
    });
  }

  /**
   * Every move that the actor may see, newest first: an authority's own, the payer's all; of one programme when it is named. Throws
   * malformed, forbidden.
   */
  moves(actor: Actor, query: unknown): Promise<Page<MoveView & { label: string }>> {
    const { filters, page: wanted } = listQuery(OfProgramme, query, [kinds.uuid()]);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'allocation.read');
      const select = tx.manager.createQueryBuilder(AllocationMoveEntity, 'm').orderBy('m.id', 'DESC');
      const [before] = (wanted.after ?? []) as string[];
      if (before !== undefined) select.andWhere('m.id < :before', { before });
      if (filters.programme !== undefined) select.andWhere('m.programmeCode = :programme', filters);
      const rows = await select.limit(wanted.limit + 1).getMany();
      const labels = await this.labelsOf(tx, rows);
      const items = rows.map((row) => ({ ...toMoveView(row), label: labels(row) }));
      return page(items, wanted.limit, (last) => [last.id]);
    });
  }

  /** One move. Throws not_found, also for a move between others; forbidden. */
  move(actor: Actor, id: string): Promise<MoveView & { programme: string; label: string }> {
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'allocation.read');
      const row = await tx.manager.findOneBy(AllocationMoveEntity, { id });
      if (!row) throw notFound('move of days');
      return { ...toMoveView(row), programme: row.programmeCode, label: (await this.labelsOf(tx, [row]))(row) };
    });
  }

  /** What the categories of some moves are called in their own programmes. */
  private async labelsOf(
    tx: Tx,
    moves: readonly AllocationMoveEntity[],
  ): Promise<(move: AllocationMoveEntity) => string> {
    const labels = new Map<string, Record<string, string>>();
    for (const { programmeCode: code } of moves) if (!labels.has(code)) labels.set(code, await this.labels(tx, code));
    return ({ programmeCode, category }) => labels.get(programmeCode)?.[category] ?? category;
  }

  private async labels(tx: Tx, programme: string): Promise<Record<string, string>> {
    const { terms } = await this.terms.inForce(tx, programme, londonDate(tx.now));
    return Object.fromEntries(Object.entries(terms.allocations).map(([code, { label }]) => [code, label]));
  }
}

function drawn({ allotted, reserved, used }: Pick<Row, 'allotted' | 'reserved' | 'used'>) {
  const [all, held, spent] = [daysOfNumeric(allotted), daysOfNumeric(reserved), daysOfNumeric(used)];
  return {
    allottedDays: formatDays(all),
    reservedDays: formatDays(held),
    usedDays: formatDays(spent),
    leftDays: formatDays(all - held - spent),
  };
}

const figures = ({ programme, authority, name, category, moved, ...row }: Row) => ({
  ...{ programme, authority, name, category },
  firstDays: formatDays(daysOfNumeric(row.allotted) - daysOfNumeric(moved)),
  movedDays: formatDays(daysOfNumeric(moved)),
  ...drawn(row),
});

const drawView = ({ kind, days: text, at, claimId, invoiceNumber }: Omit<DrawView, 'at'> & { at: Date }): DrawView => ({
  kind,
  days: formatDays(daysOfNumeric(text)),
  at: at.toISOString(),
  claimId,
  invoiceNumber,
});

/** Of one authority, or of all that the actor may see. */
async function programmeOf(tx: Tx, named: string | undefined, authority: string | null = null): Promise<string> {
  if (named !== undefined) return named;
  const [only, another] = await tx.query<{ code: string }>(
    `SELECT code FROM programme p
      WHERE EXISTS (SELECT FROM allocation a WHERE a.programme_code = p.code AND ($1::text IS NULL OR a.authority_code = $1))
      ORDER BY 1 LIMIT 2`,
    [authority],
  );
  if (only === undefined) throw notFound('programme with allocations');
  if (another === undefined) return only.code;
  throw malformed([{ path: 'programme', code: 'required', message: 'There are several programmes. Name one.' }]);
}
