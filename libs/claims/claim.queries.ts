import { Inject, Injectable } from '@nestjs/common';
import { londonDate, notFound } from '#kernel';
import { requireMay } from '#identity';
import { AuthorityField, ProgrammeField, TermsStore, type ProgrammeTerms, type StoredTerms } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { listQuery, page, type Page, type PageRequest } from '#platform/http';
import { BooleanField, DateField, EmptyInput, EnumField, kinds, TextField, UuidField } from '#platform/validation';
import { ClaimReader } from './claim-reader.js';
import { CLAIM_COLUMNS, loadClaim, type ClaimRow } from './claim-record.js';
import { type ClaimListItem, type ClaimView } from './claim.view.js';
import { claimListItem } from './present-claim.js';
import { CLAIM_STATES, isEditable, type ClaimState } from './domain/index.js';
import { readFlags } from './flags.queries.js';

/** Filters of the list of claims, by field name. */
export class ClaimFilters {
  @EnumField(CLAIM_STATES, { optional: true })
  state?: string;

  @AuthorityField({ optional: true })
  authority?: string;

  @ProgrammeField({ optional: true })
  programme?: string;

  @BooleanField({ optional: true, description: 'On hold, or not.' })
  hold?: boolean;

  @BooleanField({ optional: true, description: 'Assigned to somebody, or to nobody.' })
  assigned?: boolean;

  @UuidField({ optional: true, description: 'Assigned to this user.' })
  assignedTo?: string;

  @TextField({ max: 60, optional: true, example: 'EIP2-BRENT-0001' })
  invoiceNumber?: string;

  @TextField({ max: 50, optional: true, example: 'CS-2018-017', description: 'Exactly as it is in the claim.' })
  authorityReference?: string;

  @TextField({ max: 50, optional: true, example: 'PO 4711', description: 'Exactly as it is in the claim.' })
  purchaseOrder?: string;

  @DateField({
    optional: true,
    description: 'Due on this date or before; the list is then in the order of the due dates.',
  })
  dueBy?: string;
}

/** One step of a claim's life as its timeline shows it: who did what, when and why. Ids and roles, no names. */
export interface TimelineItem {
  seq: number;
  at: Date;
  action: string;
  actorId: string;
  organisation: string;
  roles: string[];
  reason: string | null;
  before: object | null;
  after: object | null;
}

/** How people are told of what a claim has codes for. */
export interface ClaimNames {
  /** The authority's name. */
  readonly authority: string;
  /** The payer's short name. */
  readonly payer: string;
  /** Categories by their codes. */
  readonly categories: ReadonlyMap<string, string>;
}

/** All entries of a claim are in its authority's chain, whose numbers are their order (docs/adr/0010-audit-chain.md). */
const TIMELINE_COLUMNS =
  'seq, at, action, actor_id AS "actorId", organisation, actor_roles AS roles, reason, before, after';

/** Reads of claims. Every list has a limit and follows an index whatever the filters. */
@Injectable()
export class ClaimQueries {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(ClaimReader) private readonly reader: ClaimReader,
    @Inject(TermsStore) private readonly terms: TermsStore,
  ) {}

  /** One claim. Throws not_found, also for another authority's. */
  get(actor: Actor, id: string): Promise<ClaimView> {
    return this.uow.read(actor, async (tx) => {
      const claim = await loadClaim(tx, id, 'look');
      requireMay(actor, 'claim.read', { authority: claim.authority_code });
      return this.reader.view(tx, claim);
    });
  }

  /**
   * What a page about a claim calls its authority, its payer and its categories: as the terms it was submitted under say; while it is
   * written, as those in force and, for categories these lost, as the latest that had them. Throws not_found, forbidden.
   */
  names(actor: Actor, id: string): Promise<ClaimNames> {
    return this.uow.read(actor, async (tx) => {
      const [claim] = await tx.query<{ programme: string; terms: string | null; state: ClaimState; authority: string }>(
        `SELECT c.programme_code AS programme, c.terms_id AS terms, c.state, a.name AS authority
           FROM claim c JOIN authority a ON a.code = c.authority_code WHERE c.id = $1`,
        [id],
      );
      if (!claim) throw notFound('claim');
      requireMay(actor, 'claim.read');
      const versions: [StoredTerms, ...StoredTerms[]] =
        claim.terms !== null && !isEditable(claim.state)
          ? [await this.terms.byId(tx, claim.terms)]
          : await this.terms.upTo(tx, claim.programme, londonDate(tx.now));
      const oldestFirst = [...versions].reverse();
      return {
        authority: claim.authority,
        payer: versions[0].terms.payer.shortName,
        categories: new Map(
          oldestFirst.flatMap(({ terms }) => terms.categories.map(({ code, label }) => [code, label])),
        ),
      };
    });
  }

  /** Claims, newest first; those due by a date in the order of their due dates. Throws malformed, forbidden. */
  list(actor: Actor, query: unknown): Promise<Page<ClaimListItem>> {
    const { filters, page: wanted } = listQuery(ClaimFilters, query, (given) => orderOf(given).cursor);
    const order = orderOf(filters);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'claim.read');
      const { where, parameters } = conditions(actor, filters, wanted.after);
      const rows = await tx.query<ClaimRow>(
        // The page's ids first, which most filters find in an index alone; then those rows and no other.
        `SELECT ${CLAIM_COLUMNS} FROM claim c
          WHERE c.id = ANY (ARRAY(SELECT c.id FROM claim c ${where} ORDER BY ${order.by} LIMIT ${wanted.limit + 1})) ORDER BY ${order.by}`,
        parameters,
      );
      const items = await this.shown(tx, rows);
      return page(items, wanted.limit, (last) => (filters.dueBy === undefined ? [last.id] : [last.dueOn, last.id]));
    });
  }

  /** Those of the claims that the actor may see, newest first. For other reads of this library, in their transaction. */
  async byIds(tx: Tx, ids: readonly string[]): Promise<ClaimListItem[]> {
    const rows = await tx.query<ClaimRow>(
      `SELECT ${CLAIM_COLUMNS} FROM claim c WHERE c.id = ANY ($1::uuid[]) ORDER BY c.id DESC`,
      [ids],
    );
    return this.shown(tx, rows);
  }

  /** Rows as a list shows them, with their flags and when their money is expected. */
  private async shown(tx: Tx, rows: readonly ClaimRow[]): Promise<ClaimListItem[]> {
    const flags = await readFlags(
      tx,
      rows.map((row) => row.id),
    );
    const termsOf = this.termsReader(tx);
    const found: { row: ClaimRow; terms: ProgrammeTerms }[] = [];
    for (const row of rows) found.push({ row, terms: await termsOf(row) });
    const expected = await this.reader.expectations(tx, found);
    return found.map(({ row, terms }) =>
      claimListItem(row, {
        ...{ terms, flags: flags.get(row.id) ?? [], scope: tx.actor.scope },
        expected: expected.get(row.id),
      }),
    );
  }

  /** What happened to a claim, oldest first, after entry `after`. */
  timeline(actor: Actor, id: string, after: number | null, limit: number): Promise<TimelineItem[]> {
    return this.uow.read(actor, async (tx) => {
      await requireClaim(tx, id);
      requireMay(actor, 'claim.read');
      return tx.query<TimelineItem>(
        `SELECT ${TIMELINE_COLUMNS} FROM audit_entry WHERE claim_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
        [id, after ?? 0, limit],
      );
    });
  }

  /** What happened to a claim, newest first, a page of entries at a time. Throws malformed, not_found, forbidden. */
  trail(actor: Actor, id: string, query: unknown = {}): Promise<Page<TimelineItem>> {
    const { page: wanted } = listQuery(EmptyInput, query, [kinds.integer()]);
    return this.uow.read(actor, async (tx) => {
      await requireClaim(tx, id);
      requireMay(actor, 'claim.read');
      const rows = await tx.query<TimelineItem>(
        `SELECT ${TIMELINE_COLUMNS} FROM audit_entry
          WHERE claim_id = $1 AND ($2::bigint IS NULL OR seq < $2) ORDER BY seq DESC LIMIT $3`,
        [id, wanted.after?.[0] ?? null, wanted.limit + 1],
      );
      return page(rows, wanted.limit, (last) => [last.seq]);
    });
  }

  /** Why and when a claim that is to be corrected was returned last; null for every other claim. Throws not_found, forbidden. */
  lastReturn(actor: Actor, id: string): Promise<{ at: Date; reason: string } | null> {
    return this.uow.read(actor, async (tx) => {
      await requireClaim(tx, id);
      requireMay(actor, 'claim.read');
      const [last] = await tx.query<{ at: Date; reason: string | null }>(
        `SELECT e.at, e.reason FROM audit_entry e JOIN claim c ON c.id = e.claim_id
          WHERE e.claim_id = $1 AND e.action = 'claim.returned' AND c.state = 'returned' ORDER BY e.seq DESC LIMIT 1`,
        [id],
      );
      return last ? { at: last.at, reason: last.reason ?? '' } : null;
    });
  }

  /** The terms of many claims: versions are kept by the store, and those in force asked for once a programme. */
  private termsReader(tx: Tx): (row: ClaimRow) => Promise<ProgrammeTerms> {
    const inForce = new Map<string, ProgrammeTerms>();
    return async (row) => {
      if (row.terms_id) return (await this.terms.byId(tx, row.terms_id)).terms;
      const known = inForce.get(row.programme_code);
      if (known) return known;
      const { terms } = await this.terms.inForce(tx, row.programme_code, londonDate(tx.now));
      inForce.set(row.programme_code, terms);
      return terms;
    };
  }
}

/** Throws not_found unless the claim is there for the actor. */
export async function requireClaim(tx: Tx, id: string): Promise<void> {
  const rows = await tx.query('SELECT 1 FROM claim WHERE id = $1', [id]);
  if (rows.length === 0) throw notFound('claim');
}

/** What is due is asked for to be dealt with: the most urgent first, which is also how its index finds it. */
const orderOf = ({ dueBy }: ClaimFilters) =>
  dueBy === undefined
    ? { by: 'c.id DESC', cursor: [kinds.uuid()] }
    : { by: 'c.due_on, c.id', cursor: [kinds.date(), kinds.uuid()] };

function conditions(actor: Actor, filters: ClaimFilters, after: PageRequest['after']) {
  const parts: string[] = [];
  const parameters: unknown[] = [];
  const add = (sql: string, value: unknown) => {
    parameters.push(value);
    parts.push(sql.replace('?', `$${parameters.length}`));
  };
  // Row-level security asks the same; said here too, it lets the planner walk the authority's own index.
  if (actor.scope !== '*') add('c.authority_code = ?', actor.scope);
  if (filters.authority !== undefined) add('c.authority_code = ?', filters.authority);
  if (filters.programme !== undefined) add('c.programme_code = ?', filters.programme);
  if (filters.state !== undefined) add('c.state = ?', filters.state);
  if (filters.invoiceNumber !== undefined) add('c.invoice_number = ?', filters.invoiceNumber);
  if (filters.authorityReference !== undefined) add('c.authority_reference = ?', filters.authorityReference);
  if (filters.purchaseOrder !== undefined) add('c.purchase_order = ?', filters.purchaseOrder);
  if (filters.dueBy !== undefined) add('c.due_on <= ?', filters.dueBy);
  if (filters.assignedTo !== undefined) add('c.assigned_to = ?', filters.assignedTo);
  if (filters.assigned !== undefined) parts.push(`c.assigned_to IS ${filters.assigned ? 'NOT ' : ''}NULL`);
  if (filters.hold !== undefined) parts.push(`c.held_at IS ${filters.hold ? 'NOT ' : ''}NULL`);
  if (after !== null && filters.dueBy === undefined) add('c.id < ?', after[0]);
  if (after !== null && filters.dueBy !== undefined) {
    parameters.push(...after);
    parts.push(`(c.due_on, c.id) > ($${parameters.length - 1}, $${parameters.length})`);
  }
  return { where: parts.length > 0 ? `WHERE ${parts.join(' AND ')}` : '', parameters };
}
