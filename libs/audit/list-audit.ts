import { Inject, Injectable } from '@nestjs/common';
import { requireMay } from '#identity/domain';
import { UnitOfWork, type Actor } from '#platform/database';
import { listQuery, page, type Page, type PageRequest } from '#platform/http';
import { ArrayField, InstantField, IntegerField, JsonField, kinds, TextField, UuidField } from '#platform/validation';

/** The filters of GET /audit. */
export class ListAuditInput {
  @TextField({ max: 30, optional: true, example: 'BRENT' })
  chain?: string;

  @UuidField({ optional: true })
  claimId?: string;

  @UuidField({ optional: true })
  actorId?: string;

  @TextField({ max: 100, optional: true, example: 'claim.submitted' })
  action?: string;

  @InstantField({ optional: true, description: 'Entries at or after this instant.' })
  from?: string;

  @InstantField({ optional: true, description: 'Entries before this instant.' })
  to?: string;
}

/** One entry of the trail. Hashes are hex. */
export class AuditEntryView {
  @TextField({ max: 30, example: 'BRENT' })
  chain: string;

  @IntegerField({ min: 1 })
  seq: number;

  @InstantField()
  at: string;

  @UuidField({ description: 'Who; all zeros for the system itself.' })
  actorId: string;

  @ArrayField(kinds.text(), { description: 'The roles the actor had then.' })
  actorRoles: string[];

  @TextField({ example: 'MTM' })
  organisation: string;

  @TextField({ example: 'claim.submitted' })
  action: string;

  @TextField({ example: 'claim' })
  subjectType: string;

  @TextField()
  subjectId: string;

  @UuidField({ nullable: true })
  claimId: string | null;

  @JsonField({ nullable: true })
  before: object | null;

  @JsonField({ nullable: true })
  after: object | null;

  @TextField({ nullable: true })
  reason: string | null;

  @TextField({ nullable: true })
  requestId: string | null;

  @TextField({ description: 'SHA-256, hex, of the entry before.' })
  previousHash: string;

  @TextField({ description: 'SHA-256, hex, of this entry and the hash before.' })
  hash: string;
}

/** Instant, chain and number of the last entry of a page. */
const CURSOR = [kinds.instant(), kinds.text({ max: 30 }), kinds.integer({ min: 1 })] as const;

/** The columns of the CSV answer. */
export const AUDIT_COLUMNS = [
  'at',
  'chain',
  'seq',
  'actorId',
  'actorRoles',
  'organisation',
  'action',
  'subjectType',
  'subjectId',
  'claimId',
  'before',
  'after',
  'reason',
  'requestId',
  'previousHash',
  'hash',
] as const;

type Row = Omit<AuditEntryView, 'at'> & { at: Date };

/** The trail, newest first: an authority's users see its own chain. Allowed: `audit.read`. */
@Injectable()
export class ListAudit {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Throws malformed, forbidden. */
  run(actor: Actor, query: unknown): Promise<Page<AuditEntryView>> {
    const { filters, page: request } = listQuery(ListAuditInput, query, CURSOR);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'audit.read');
      const { where, values } = conditions(actor, filters, request);
      const rows = await tx.query<Row>(
        `SELECT chain, seq, at, actor_id AS "actorId", actor_roles AS "actorRoles", organisation, action,
                subject_type AS "subjectType", subject_id AS "subjectId", claim_id AS "claimId", before, after, reason,
                request_id AS "requestId", encode(prev_hash, 'hex') AS "previousHash", encode(hash, 'hex') AS hash
           FROM audit_entry ${where} ORDER BY at DESC, chain DESC, seq DESC LIMIT ${request.limit + 1}`,
        values,
      );
      const items = rows.map((row) => ({ ...row, at: row.at.toISOString() }));
      return page(items, request.limit, (last) => [last.at, last.chain, last.seq]);
    });
  }
}

/** Only the filters given, so that each can use its index. Row-level security would do for the scope, but not by index. */
function conditions(
  actor: Actor,
  filters: ListAuditInput,
  { after }: PageRequest,
): { where: string; values: unknown[] } {
  const values: unknown[] = [];
  const parts: string[] = [];
  const add = (sql: (parameter: string) => string, value: unknown): void => {
    if (value === undefined) return;
    values.push(value);
    parts.push(sql(`$${values.length}`));
  };
  add((p) => `chain = ${p}`, actor.scope === '*' ? undefined : actor.scope);
  add((p) => `chain = ${p}`, filters.chain);
  add((p) => `claim_id = ${p}`, filters.claimId);
  add((p) => `actor_id = ${p}`, filters.actorId);
  add((p) => `action = ${p}`, filters.action);
  add((p) => `at >= ${p}`, filters.from);
  add((p) => `at < ${p}`, filters.to);
  if (after) {
    const start = values.push(...after) - after.length;
    parts.push(`(at, chain, seq) < ($${start + 1}::timestamptz, $${start + 2}::text, $${start + 3}::bigint)`);
  }
  return { where: parts.length > 0 ? `WHERE ${parts.join(' AND ')}` : '', values };
}
