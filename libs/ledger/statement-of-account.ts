import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '#kernel';
import { requireMay } from '#identity/domain';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { listQuery, page, type PageRequest } from '#platform/http';
import {
  ArrayField,
  DateField,
  InstantField,
  IntegerField,
  kinds,
  PenceField,
  TextField,
  UuidField,
} from '#platform/validation';
import { owedBefore, periodOf, type Period } from './balances.js';
import { ACCOUNTS } from './domain/index.js';

const ANY = { min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER };

/** The query of GET /authorities/:code/statement-of-account besides `limit` and `cursor`. */
export class StatementInput {
  @DateField({ optional: true, description: 'The first day, in London. From the beginning, when left out.' })
  from?: string;

  @DateField({ optional: true, description: 'The last day. Up to now, when left out.' })
  to?: string;
}

export class StatementEntryView {
  @IntegerField({ description: 'The number of the journal in the export.' })
  journal: number;

  @InstantField()
  at: string;

  @DateField()
  bookedOn: string;

  @TextField({ example: 'claim_approved' })
  kind: string;

  @TextField({ example: 'Claim approved, invoice EIP2-BRENT-0001' })
  description: string;

  @UuidField({ nullable: true })
  claimId: string | null;

  @PenceField({
    ...ANY,
    description: 'Whole pence: positive is owed to the authority, negative was paid or taken back.',
  })
  amountPence: number;

  @PenceField({ ...ANY, description: 'Whole pence: what is owed to the authority after it.' })
  balancePence: number;
}

export class StatementView {
  @TextField({ example: 'BRENT' })
  authority: string;

  @PenceField({ ...ANY, description: 'Whole pence: what was owed to the authority before the first day.' })
  openingPence: number;

  @PenceField({ ...ANY, description: 'Whole pence: what is owed to it after the last.' })
  closingPence: number;

  @ArrayField(() => StatementEntryView)
  items: StatementEntryView[];

  @TextField({ nullable: true, max: 1000, description: 'Null on the last page.' })
  nextCursor: string | null;
}

export const STATEMENT_COLUMNS = [
  ...['journal', 'bookedOn', 'at', 'kind', 'description', 'claimId', 'amountPence', 'balancePence'],
] as const;

/** Instant, journal and position of the last entry of a page. */
const CURSOR = [kinds.instant(), kinds.integer({ min: 1 }), kinds.integer({ min: 1, max: 32_766 })] as const;

type Row = Omit<StatementEntryView, 'at' | 'balancePence'> & { at: Date; position: number };

const ENTRIES = `
  SELECT p.journal_id AS journal, p.position, p.at, j.booked_on AS "bookedOn", j.kind, j.description, j.claim_id AS "claimId",
         -p.amount_pence AS "amountPence"
    FROM posting p JOIN journal j ON j.id = p.journal_id
   WHERE p.account_id = (SELECT id FROM ledger_account WHERE name = $1) AND p.authority_code = $2
     AND p.at >= $3 AND p.at < $4 AND (p.at, p.journal_id, p.position) >= ($3::timestamptz, $5::bigint, $6::int)
   ORDER BY p.at, p.journal_id, p.position LIMIT $7`;

/** What an authority is owed and was paid, entry by entry. Allowed: `statement.read`. */
@Injectable()
export class StatementOfAccount {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Throws malformed, not_found (also for another authority's), forbidden. */
  run(actor: Actor, authority: string, query: unknown): Promise<StatementView> {
    const { filters, page: request } = listQuery(StatementInput, query, CURSOR);
    return this.uow.readSnapshot(actor, async (tx) => {
      requireMay(actor, 'statement.read', { authority });
      const [known] = await tx.query('SELECT FROM authority WHERE code = $1', [authority]);
      if (!known) throw notFound('statement');
      const period = await periodOf(tx, filters.from, filters.to);
      const account = ACCOUNTS.payable(authority);
      const owed = (at: Date) => owedBefore(tx, account, authority, { at, journalId: 0, position: 0 });
      const openingPence = await owed(period.from);
      const closingPence = await owed(period.until);
      const { items, nextCursor } = await entries(tx, { account, authority, period, request });
      return { authority, openingPence, closingPence, items, nextCursor };
    });
  }
}

interface Wanted {
  account: string;
  authority: string;
  period: Period;
  request: PageRequest;
}

/** One page; the balance goes on from what was owed before its first entry. */
async function entries(tx: Tx, { account, authority, period, request }: Wanted) {
  const place = placeOf(period, request);
  const rows = await tx.query<Row>(ENTRIES, [
    account,
    authority,
    place.at,
    period.until,
    place.journalId,
    place.position,
    request.limit + 1,
  ]);
  const found = page(rows, request.limit, (last) => [last.at.toISOString(), last.journal, last.position]);
  let balancePence = await owedBefore(tx, account, authority, place);
  const items = found.items.map(({ position: _, at, ...row }): StatementEntryView => {
    balancePence += row.amountPence;
    return { ...row, at: at.toISOString(), balancePence };
  });
  return { items, nextCursor: found.nextCursor };
}

function placeOf(period: Period, { after }: PageRequest) {
  if (after === null) return { at: period.from, journalId: 0, position: 0 };
  const [at, journalId, position] = after as [string, number, number];
  const of = new Date(at);
  // A cursor of another period: its page begins where this one does.
  return of < period.from
    ? { at: period.from, journalId: 0, position: 0 }
    : { at: of, journalId, position: position + 1 };
}
