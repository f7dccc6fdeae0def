import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { formatDays, malformed, notFound, parseDays, refused, type MilliDays } from '#kernel';
import { appendAudits } from '#audit';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { CodeField, DaysField, TextField, validateInput } from '#platform/validation';
import { days } from './allocation-store.js';
import { AuthorityField, PARTY_CODE, ProgrammeField } from './code-fields.js';
import { requireParticipant } from './authority.queries.js';
import { AllocationMoveEntity } from './allocation-move.entity.js';
import { toMoveView, type MoveView } from './allocation.queries.js';
import { RESERVE } from './domain/index.js';

/** A move of days into the authority of the path: from another authority, or from the reserve when `from` is absent. */
export class MoveInput {
  @ProgrammeField()
  programme: string;

  @CodeField(/^[a-z][a-z0-9_]{0,39}$/, { example: 'practice_leader' })
  category: string;

  @AuthorityField({
    optional: true,
    nullable: true,
    example: 'NORFOLK',
    description:
      'The authority that gives the days; null or absent: the reserve. `RESERVE` as `to` gives days back to it.',
  })
  from?: string | null;

  @CodeField(PARTY_CODE, {
    optional: true,
    description: 'Who gets the days: the authority of the path when absent, or `RESERVE` to give its days back.',
  })
  to?: string;

  @DaysField({ min: '0.001', max: '9999', example: '2' })
  days: string;

  @TextField({ max: 500, example: 'Norfolk will not run its last group; agreed with both.' })
  reason: string;
}

/** The coordinator moves days from the reserve or between authorities, within a category, never below what is drawn. */
@Injectable()
export class MoveAllocation {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /**
   * Throws malformed, not_found, forbidden, refused `allocation_not_enough_left` (the giver's days are drawn) or
   * `reserve_not_enough`.
   */
  async run(actor: Actor, authority: string, body: unknown): Promise<MoveView> {
    const input = validateInput(MoveInput, body);
    const move = { ...input, amount: parseDays(input.days), ...ends(authority, input) };
    return this.uow.run(actor, async (tx) => {
      await requireParticipant(tx, move.programme, authority);
      requireMay(actor, 'allocation.move', { authority });
      if (move.source && move.source !== authority) await requireParticipant(tx, move.programme, move.source);
      return record(tx, move, await apply(tx, move));
    });
  }
}

interface Move {
  programme: string;
  category: string;
  amount: MilliDays;
  days: string;
  reason: string;
  /** Null is the reserve, on either end. */
  source: string | null;
  target: string | null;
}

function ends(authority: string, input: MoveInput): { source: string | null; target: string | null } {
  const givesBack = input.to === RESERVE;
  const target = givesBack ? null : (input.to ?? authority);
  const source = givesBack ? (input.from ?? authority) : input.from && input.from !== RESERVE ? input.from : null;
  if (source === target || (source !== authority && target !== authority)) {
    const message = 'The authority of the address must be one end of the move, and the two ends must differ.';
    throw malformed([{ path: 'from', code: 'wrong_form', message }]);
  }
  return { source, target };
}

/** One end of a move as the trail tells it: whose chain, and its figures before and after. */
interface End {
  chain: string;
  before: object;
  after: object;
}

interface AllocationRow {
  id: string;
  authority_code: string;
  allotted: string;
  reserved: string;
  used: string;
}

async function apply(tx: Tx, move: Move): Promise<End[]> {
  const rows = await tx.query<AllocationRow>(
    `SELECT id, authority_code, allotted_days::text AS allotted, reserved_days::text AS reserved, used_days::text AS used
       FROM allocation
      WHERE programme_code = $1 AND category = $2 AND authority_code = ANY ($3) ORDER BY id FOR UPDATE`,
    [move.programme, move.category, [move.source, move.target].filter(Boolean)],
  );
  const of = (code: string) => {
    const row = rows.find((candidate) => candidate.authority_code === code);
    if (!row) throw notFound('allocation in this category');
    return row;
  };
  // Both ends before either's days: what is not there is told first.
  const [source, target] = [move.source && of(move.source), move.target && of(move.target)];
  if (source) requireLeft(source, move);
  return [
    source ? await change(tx, source, -move.amount) : await changeReserve(tx, move, -move.amount),
    target ? await change(tx, target, move.amount) : await changeReserve(tx, move, move.amount),
  ];
}

function requireLeft(source: AllocationRow, move: Move): void {
  const left = days(source.allotted) - days(source.reserved) - days(source.used);
  if (left >= move.amount) return;
  throw refused(
    'allocation_not_enough_left',
    `${source.authority_code} has ${formatDays(left)} days left in this category; ${move.days} cannot be moved.`,
  );
}

async function change(tx: Tx, row: AllocationRow, amount: MilliDays): Promise<End> {
  await tx.execute(
    `WITH changed AS (UPDATE allocation SET allotted_days = allotted_days + $2::numeric, version = version + 1 WHERE id = $1)
     INSERT INTO allocation_entry (allocation_id, authority_code, kind, days, at, actor_id)
     VALUES ($1, $3, 'moved', $2::numeric, $4, $5)`,
    [row.id, formatDays(amount), row.authority_code, tx.now, tx.actor.userId],
  );
  const figures = (allotted: MilliDays) => ({
    allottedDays: formatDays(allotted),
    reservedDays: formatDays(days(row.reserved)),
    usedDays: formatDays(days(row.used)),
  });
  const before = days(row.allotted);
  return { chain: row.authority_code, before: figures(before), after: figures(before + amount) };
}

/** The reserve is the programme's, and so is its trail. */
async function changeReserve(tx: Tx, move: Move, amount: MilliDays): Promise<End> {
  const [changed] = await tx.query<{ reserve: string }>(
    `UPDATE allocation_pool SET reserve_days = reserve_days + $3::numeric
      WHERE programme_code = $1 AND category = $2 AND reserve_days + $3::numeric >= 0
      RETURNING reserve_days::text AS reserve`,
    [move.programme, move.category, formatDays(amount)],
  );
  if (!changed) {
    throw refused('reserve_not_enough', `The reserve of this category does not hold ${move.days} days.`);
  }
  const after = days(changed.reserve);
  return {
    chain: move.programme,
    before: { reserveDays: formatDays(after - amount) },
    after: { reserveDays: formatDays(after) },
  };
}

async function record(tx: Tx, move: Move, ends: readonly End[]): Promise<MoveView> {
  const row: AllocationMoveEntity = {
    id: uuid(),
    programmeCode: move.programme,
    category: move.category,
    fromAuthority: move.source,
    toAuthority: move.target,
    days: formatDays(move.amount),
    reason: move.reason,
    movedBy: tx.actor.userId,
    movedAt: tx.now,
  };
  await tx.manager.insert(AllocationMoveEntity, row);
  const view = toMoveView(row);
  // Each end reads of it in its own trail.
  await appendAudits(
    tx,
    ends.map(({ chain, before, after }) => ({
      chain,
      action: 'allocation.moved',
      subjectType: 'allocation_move',
      subjectId: view.id,
      before,
      after: {
        programme: move.programme,
        category: view.category,
        from: view.from,
        to: view.to,
        days: view.days,
        ...after,
      },
      reason: view.reason,
    })),
  );
  return view;
}
