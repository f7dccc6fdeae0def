import { Inject, Injectable } from '@nestjs/common';
import { formatDays, type MilliDays } from '#kernel';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { validateInput } from '#platform/validation';
import { readMove, requireMayMove, MoveInput } from './move-allocation.js';
import { leftOf, markOf, moveRefusal, readEnds, type MoveEnd } from './move-ends.js';

/** Days of one end, as decimal texts; `total` is what is allotted, or what the reserve holds. */
interface EndFigures {
  totalDays: string;
  drawnDays: string;
  leftDays: string;
}

export interface MoveEndPreview {
  /** Null: the reserve. */
  authority: string | null;
  before: EndFigures;
  after: EndFigures;
  /** Claims that are drafts or returned: they hold no days yet and will ask for some. */
  draftClaims: number;
}

export interface MovePreview {
  source: MoveEndPreview;
  target: MoveEndPreview;
  /** Why it cannot be done, in words; null when it can. */
  refusal: string | null;
  /** What whoever confirms it sends back. */
  mark: string;
}

/** What a move would make of both its ends. Changes nothing. */
@Injectable()
export class PreviewMove {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Throws malformed, not_found, forbidden. The reason may still be missing. */
  run(actor: Actor, authority: string, body: object): Promise<MovePreview> {
    const move = readMove(authority, validateInput(MoveInput, { reason: 'Not decided yet', ...body }));
    return this.uow.read(actor, async (tx) => {
      await requireMayMove(tx, actor, authority, move);
      const ends = await readEnds(tx, move, false);
      return {
        source: await preview(tx, move.programme, ends.source, -move.amount),
        target: await preview(tx, move.programme, ends.target, move.amount),
        refusal: moveRefusal(ends.source, move)?.message ?? null,
        mark: markOf(ends),
      };
    });
  }
}

async function preview(tx: Tx, programme: string, end: MoveEnd, amount: MilliDays): Promise<MoveEndPreview> {
  const after = { ...end, total: end.total + amount };
  const draftClaims = end.authority === null ? 0 : await countDrafts(tx, programme, end.authority);
  return { authority: end.authority, before: figures(end), after: figures(after), draftClaims };
}

const figures = (end: MoveEnd): EndFigures => ({
  totalDays: formatDays(end.total),
  drawnDays: formatDays(end.reserved + end.used),
  leftDays: formatDays(leftOf(end)),
});

/** Claims that will draw days once they are submitted: a move may leave them too few. */
async function countDrafts(tx: Tx, programme: string, authority: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM claim
      WHERE programme_code = $1 AND authority_code = $2 AND state IN ('draft', 'returned')`,
    [programme, authority],
  );
  return row!.n;
}
