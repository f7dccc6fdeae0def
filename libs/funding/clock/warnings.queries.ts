import { Inject, Injectable } from '@nestjs/common';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor } from '#platform/database';
import { listQuery, page, type Page } from '#platform/http';
import { AuthorityField, ProgrammeField } from '#programme';
import { CodeField, DateField, InstantField, kinds, TextField, UuidField } from '#platform/validation';

export class WarningFilters {
  @DateField({ optional: true, description: 'Of this London day.' })
  on?: string;

  @CodeField(/^([1-9][0-9]{0,3}|overdue)$/, { optional: true, example: '45' })
  level?: string;

  @AuthorityField({ optional: true })
  authority?: string;

  @ProgrammeField({ optional: true })
  programme?: string;
}

export class WarningItem {
  @UuidField()
  claimId: string;

  @TextField({ example: 'BRENT' })
  authority: string;

  @TextField({ example: 'EIP2-BRENT-0001', description: 'Of the submission whose days are counted.' })
  invoiceNumber: string;

  @TextField({ example: '45', description: 'Days after submission, or `overdue`.' })
  level: string;

  @TextField({ example: '45', description: 'The level of the letter: of several reached at once, the highest.' })
  toldAs: string;

  @DateField()
  warnedOn: string;

  @InstantField()
  warnedAt: string;
}

export const WARNING_COLUMNS = [
  ...['warnedOn', 'level', 'toldAs', 'authority', 'invoiceNumber', 'claimId', 'warnedAt'],
] as const;

/** What MTM finance was warned of, newest first. Allowed: `funding.read`. */
@Injectable()
export class WarningQueries {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Throws malformed, forbidden. */
  list(actor: Actor, query: unknown): Promise<Page<WarningItem>> {
    const shape = [kinds.date(), kinds.uuid(), kinds.text({ max: 10 })];
    const { filters, page: wanted } = listQuery(WarningFilters, query, shape);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'funding.read');
      const rows = await tx.query<Omit<WarningItem, 'warnedAt'> & { invoiceId: string; warnedAt: Date }>(
        `SELECT w.claim_id AS "claimId", w.authority_code AS authority, d.number AS "invoiceNumber", w.level, w.told_as AS "toldAs",
                w.warned_on AS "warnedOn", w.warned_at AS "warnedAt", w.invoice_id AS "invoiceId"
           FROM claim_warning w JOIN document d ON d.id = w.invoice_id
          WHERE ($1::date IS NULL OR w.warned_on = $1) AND ($2::text IS NULL OR w.level = $2) AND ($3::text IS NULL OR w.authority_code = $3)
            AND ($4::text IS NULL OR w.programme_code = $4)
            AND ($5::date IS NULL OR (w.warned_on, w.invoice_id, w.level) < ($5, $6::uuid, $7::text))
          ORDER BY w.warned_on DESC, w.invoice_id DESC, w.level DESC LIMIT $8`,
        [
          ...[filters.on ?? null, filters.level ?? null, filters.authority ?? null, filters.programme ?? null],
          ...(wanted.after ?? [null, null, null]),
          wanted.limit + 1,
        ],
      );
      const found = page(rows, wanted.limit, (last) => [last.warnedOn, last.invoiceId, last.level]);
      const items = found.items.map(({ invoiceId: _, ...row }) => ({ ...row, warnedAt: row.warnedAt.toISOString() }));
      return { items, nextCursor: found.nextCursor };
    });
  }
}
