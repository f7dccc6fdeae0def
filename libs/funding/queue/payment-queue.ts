import { Inject, Injectable } from '@nestjs/common';
import { daysBetween, londonDate } from '#kernel';
import { waitingFor } from '#claims/domain';
import { requireMay } from '#identity';
import { AuthorityField, TermsStore, WhichProgramme, type ProgrammeTerms } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { listQuery, page, type Page, type PageRequest } from '#platform/http';
import { EnumField, kinds } from '#platform/validation';
import { type OnItsWay } from '../domain/index.js';
import { programmeMeant } from '../programme-funding.js';
import { forecast, readForecastFacts, type ForecastFacts } from './forecast.js';
import { QueueItem, UNPAID_STATES } from './queue.view.js';

export class QueueFilters {
  @WhichProgramme()
  programme?: string;

  @AuthorityField({ optional: true })
  authority?: string;

  @EnumField(UNPAID_STATES, { optional: true })
  state?: string;
}

interface Row {
  id: string;
  authority: string;
  invoiceNumber: string;
  pence: number;
  state: OnItsWay['state'];
  held: boolean;
  dueOn: string;
  submittedAt: Date;
  /** As the database writes it, so that a page goes on exactly where the last ended. */
  submitted: string;
  termsId: string;
}

/** What follows from others' claims, asked for a page at once. */
interface Facts extends ForecastFacts {
  places: ReadonlyMap<string, number>;
}

/** Everything approved and not yet paid, in paying order: due date, submission, id (docs/domain.md, Getting paid). */
@Injectable()
export class PaymentQueue {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
  ) {}

  /** An authority sees its own claims with their place among all. Throws malformed, not_found, forbidden. */
  list(actor: Actor, query: unknown): Promise<Page<QueueItem>> {
    const { filters, page: wanted } = listQuery(QueueFilters, query, [kinds.date(), kinds.instant(), kinds.uuid()]);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'claim.read');
      const programme = await programmeMeant(tx, filters.programme);
      const rows = await readRows(tx, programme, filters, wanted);
      const shown = page(rows, wanted.limit, (last) => [last.dueOn, last.submitted, last.id]);
      return { items: await this.items(tx, programme, shown.items), nextCursor: shown.nextCursor };
    });
  }

  /**
   * The first of some claims, and the first approved ones that are not among them: what a receipt would fund, and what would
   * still wait. Throws not_found, forbidden.
   */
  around(
    actor: Actor,
    of: { programme: string | undefined; ids: readonly string[]; most: number },
  ): Promise<{ funded: QueueItem[]; waiting: QueueItem[] }> {
    const { ids, most } = of;
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'funding.read');
      const programme = await programmeMeant(tx, of.programme);
      const first = await tx.query<Row>(`${SELECT} WHERE c.id = ANY ($1::uuid[]) ${ORDER} LIMIT $2`, [
        ids.slice(0, most),
        most,
      ]);
      const others = await tx.query<Row>(
        `${SELECT} WHERE c.programme_code = $1 AND c.state = 'approved' AND c.id <> ALL ($2::uuid[]) ${ORDER} LIMIT $3`,
        [programme, ids, most],
      );
      return { funded: await this.items(tx, programme, first), waiting: await this.items(tx, programme, others) };
    });
  }

  private async items(tx: Tx, programme: string, rows: readonly Row[]): Promise<QueueItem[]> {
    const facts = await readFacts(tx, programme, rows);
    const items: QueueItem[] = [];
    for (const row of rows) {
      const { terms } = await this.terms.byId(tx, row.termsId);
      items.push(queueItem(row, facts, terms, tx.actor.scope === row.authority ? null : row.authority));
    }
    return items;
  }
}

const SELECT = `SELECT c.id, c.authority_code AS authority, c.invoice_number AS "invoiceNumber", c.approved_pence AS pence, c.state,
    c.held_at IS NOT NULL AS held, c.due_on AS "dueOn", c.submitted_at AS "submittedAt",
    to_char(c.submitted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS submitted, c.terms_id AS "termsId" FROM claim c`;
const ORDER = 'ORDER BY c.due_on, c.submitted_at, c.id';

function readRows(tx: Tx, programme: string, filters: QueueFilters, { after, limit }: PageRequest): Promise<Row[]> {
  // Row-level security asks the same of an authority; said here too, its own index is followed.
  const authority = tx.actor.scope === '*' ? null : tx.actor.scope;
  const parameters: unknown[] = [programme];
  const given = (value: unknown) => `$${parameters.push(value)}`;
  const conditions = ['c.programme_code = $1', `c.state IN ('approved', 'funded', 'scheduled')`];
  for (const code of [authority, filters.authority ?? null]) {
    if (code !== null) conditions.push(`c.authority_code = ${given(code)}`);
  }
  if (filters.state !== undefined) conditions.push(`c.state = ${given(filters.state)}`);
  if (after) {
    const [due, submitted, id] = after;
    conditions.push(
      `(c.due_on, c.submitted_at, c.id) > (${given(due)}::date, ${given(submitted)}::timestamptz, ${given(id)}::uuid)`,
    );
  }
  return tx.query<Row>(`${SELECT} WHERE ${conditions.join(' AND ')} ${ORDER} LIMIT ${given(limit + 1)}`, parameters);
}

async function readFacts(tx: Tx, programme: string, rows: readonly Row[]): Promise<Facts> {
  const places = await tx.query<{ id: string; place: number }>(
    'SELECT claim_id AS id, place FROM funding_places($1, $2::uuid[])',
    [programme, rows.map(({ id }) => id)],
  );
  const facts = await readForecastFacts(tx, programme, rows);
  return { ...facts, places: new Map(places.map(({ id, place }) => [id, place])) };
}

/** `authority` null for a reader who is the authority itself. */
function queueItem(row: Row, facts: Facts, terms: ProgrammeTerms, authority: string | null): QueueItem {
  const expectation = forecast(row, facts, terms.funder.shortName);
  return {
    claimId: row.id,
    authority: row.authority,
    invoiceNumber: row.invoiceNumber,
    amountPence: row.pence,
    state: row.state,
    position: facts.places.get(row.id) ?? null,
    dueOn: row.dueOn,
    ageDays: Math.max(0, daysBetween(londonDate(row.submittedAt), facts.today)),
    waitingFor: waitingFor(row.state, row.held, terms, authority, expectation.askedOn)!,
    expectedPaymentOn: expectation.on,
    estimatedFrom: expectation.from,
  };
}
