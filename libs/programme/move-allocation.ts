import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { conflict, formatDays, malformed, parseDays, refused, type MilliDays } from '#kernel';
import { appendAudits } from '#audit';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { CodeField, DaysField, TextField, validateInput } from '#platform/validation';
import { AuthorityField, PARTY_CODE, ProgrammeField } from './code-fields.js';
import { requireParticipant } from './authority.queries.js';
import { AllocationMoveEntity } from './allocation-move.entity.js';
import { toMoveView, type MoveView } from './allocation.queries.js';
import { RESERVE } from './domain/index.js';
import { markOf, moveRefusal, readEnds, type Move, type MoveEnd } from './move-ends.js';

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
   * `seen` is the mark of the preview that was looked at, if any. Throws malformed, not_found, forbidden, refused
   * `allocation_not_enough_left` (the giver's days are drawn) or `reserve_not_enough`, conflict `preview_outdated` when
   * either end is not any more as it was then.
   */
  async run(actor: Actor, authority: string, body: unknown, seen?: string): Promise<MoveView> {
    const move = readMove(authority, validateInput(MoveInput, body));
    return this.uow.run(actor, async (tx) => {
      await requireMayMove(tx, actor, authority, move);
      return record(tx, move, await apply(tx, move, seen));
    });
  }
}

/** What is to be moved between which two ends. Throws malformed. */
export const readMove = (authority: string, input: MoveInput): ReasonedMove => ({
  ...input,
  amount: parseDays(input.days),
  ...ends(authority, input),
});

/** Throws not_found unless both ends take part in the programme, forbidden unless the actor moves days. */
export async function requireMayMove(tx: Tx, actor: Actor, authority: string, move: Move): Promise<void> {
  await requireParticipant(tx, move.programme, authority);
  requireMay(actor, 'allocation.move', { authority });
  if (move.source && move.source !== authority) await requireParticipant(tx, move.programme, move.source);
}

/** With the reason it is recorded under. */
type ReasonedMove = Move & { reason: string };

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

async function apply(tx: Tx, move: Move, seen: string | undefined): Promise<End[]> {
  const ends = await readEnds(tx, move, true);
  const { source, target } = ends;
  if (seen !== undefined && seen !== markOf(ends)) throw outdated();
  const refusal = moveRefusal(source, move);
  if (refusal) throw refusal;
  return [await change(tx, move, source, -move.amount), await change(tx, move, target, move.amount)];
}

const outdated = () =>
  conflict(
    'preview_outdated',
    'The days were drawn on or moved since you looked, so nothing was moved. Look at how they stand now.',
  );

function change(tx: Tx, move: Move, end: MoveEnd, amount: MilliDays): Promise<End> {
  return end.authority === null || end.id === null
    ? changeReserve(tx, move, end, amount)
    : changeAllocation(tx, { ...end, authority: end.authority, id: end.id }, amount);
}

async function changeAllocation(
  tx: Tx,
  end: MoveEnd & { authority: string; id: string },
  amount: MilliDays,
): Promise<End> {
  await tx.execute(
    `WITH changed AS (UPDATE allocation SET allotted_days = allotted_days + $2::numeric, version = version + 1 WHERE id = $1)
     INSERT INTO allocation_entry (allocation_id, authority_code, kind, days, at, actor_id)
     VALUES ($1, $3, 'moved', $2::numeric, $4, $5)`,
    [end.id, formatDays(amount), end.authority, tx.now, tx.actor.userId],
  );
  const figures = (allotted: MilliDays) => ({
    allottedDays: formatDays(allotted),
    reservedDays: formatDays(end.reserved),
    usedDays: formatDays(end.used),
  });
  return { chain: end.authority, before: figures(end.total), after: figures(end.total + amount) };
}

/** The reserve is the programme's, and so is its trail. */
async function changeReserve(tx: Tx, move: Move, end: MoveEnd, amount: MilliDays): Promise<End> {
  const changed = await tx.execute(
    'UPDATE allocation_pool SET reserve_days = reserve_days + $3::numeric WHERE programme_code = $1 AND category = $2',
    [move.programme, move.category, formatDays(amount)],
  );
  if (changed === 0) throw refused('reserve_not_enough', 'This category has no reserve.');
  return {
    chain: move.programme,
    before: { reserveDays: formatDays(end.total) },
    after: { reserveDays: formatDays(end.total + amount) },
  };
}

async function record(tx: Tx, move: ReasonedMove, ends: readonly End[]): Promise<MoveView> {
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
