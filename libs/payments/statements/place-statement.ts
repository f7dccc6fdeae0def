import { type Tx } from '#platform/database';
import { orderOfDay, standsBefore, type DayStatement } from '../domain/index.js';
import { FileRefused } from './refusal.js';

/** A statement that was read to its end, in the transaction that holds its account. */
export interface StatementToPlace {
  id: string;
  programme: string;
  key: string;
  endsOn: string;
}

interface Placed extends DayStatement {
  id: string;
  state: 'read' | 'closed';
  place: number | null;
}

interface PlacedDay {
  /** The days beside it that have statements, and the balances there. */
  before: { on: string; pence: number } | null;
  after: { on: string; pence: number } | null;
  order: Placed[];
  /** How many of the order hold their places: up to the last that is closed. */
  held: number;
  moved: boolean;
}

/**
 * Gives a statement its place among those of its day, and the others theirs; then the days beside it, where that leaves open which of
 * their orders is right. What is closed keeps its place, and so does all before it.
 * Throws FileRefused `before_closed` when this one would have to stand before it.
 */
export async function placeStatement(tx: Tx, statement: StatementToPlace): Promise<void> {
  const { endsOn } = statement;
  const day = await placeDay(tx, statement, endsOn);
  refuseBeforeClosed(statement.id, day);
  if (day.before && (await placeDay(tx, statement, day.before.on)).moved) await placeDay(tx, statement, endsOn);
  for (let next = day.after; next;) {
    const placed = await placeDay(tx, statement, next.on);
    next = placed.moved ? placed.after : null;
  }
}

async function placeDay(tx: Tx, { programme, key }: StatementToPlace, on: string): Promise<PlacedDay> {
  const [found] = await tx.query<Pick<PlacedDay, 'before' | 'after'> & { statements: Placed[] }>(DAY, [
    programme,
    key,
    on,
  ]);
  const { before, after, statements } = found!;
  const inPlace = statements.filter(({ place }) => place !== null).sort((a, b) => a.place! - b.place!);
  const held = 1 + inPlace.findLastIndex(({ state }) => state === 'closed');
  const fixed = inPlace.slice(0, held);
  const loose = statements.filter((one) => !fixed.includes(one));
  const balance = fixed.at(-1)?.closingPence ?? before?.pence ?? null;
  const order = [...fixed, ...orderOfDay({ before: balance, after: after?.pence ?? null, statements: loose })];
  const moved = order.some(({ place }, at) => place !== at + 1);
  if (moved) {
    await tx.execute(
      `UPDATE bank_statement b SET day_place = o.place FROM unnest($1::uuid[]) WITH ORDINALITY AS o(id, place)
        WHERE b.id = o.id AND b.day_place IS DISTINCT FROM o.place`,
      [order.map(({ id }) => id)],
    );
  }
  return { before, after, order, held, moved };
}

/** $1 programme, $2 account, $3 day. Identifiers are made as statements come, so that their order is that of loading. */
const DAY = `
  WITH account AS NOT MATERIALIZED (
    SELECT id, sequence, format, state, ends_on, day_place, opening_pence, closing_pence FROM bank_statement
     WHERE programme_code = $1 AND account_key = $2 AND contents_sha256 IS NOT NULL
  )
  SELECT (SELECT json_build_object('on', ends_on, 'pence', closing_pence) FROM account
           WHERE ends_on < $3::date AND day_place IS NOT NULL ORDER BY ends_on DESC, day_place DESC LIMIT 1) AS before,
         (SELECT json_build_object('on', ends_on, 'pence', opening_pence) FROM account
           WHERE ends_on > $3::date AND day_place IS NOT NULL ORDER BY ends_on, day_place LIMIT 1) AS after,
         (SELECT json_agg(json_build_object('id', id, 'sequence', sequence, 'format', format, 'state', state, 'place', day_place,
                            'openingPence', opening_pence, 'closingPence', closing_pence) ORDER BY id)
            FROM account WHERE ends_on = $3::date) AS statements`;

function refuseBeforeClosed(id: string, { before, order, held }: PlacedDay): void {
  const at = order.findIndex((one) => one.id === id);
  const previous = order[at - 1]?.closingPence ?? before?.pence ?? null;
  const closed = order.slice(0, held);
  const next = standsBefore(order[at]!, { before: before?.pence ?? null, closed, previous });
  if (!next) return;
  const which = next.sequence === null ? 'One without a number' : `Number ${next.sequence}`;
  throw new FileRefused(
    'before_closed',
    'end of the statement',
    `This statement comes before one of the same day that is closed already. ${which} stays where it is, and nothing is put before what ` +
      'is closed. Load all statements of a day before you close one of them.',
  );
}
