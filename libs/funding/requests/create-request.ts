import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { notFound, refused, type Problem } from '#kernel';
import { appendAudit } from '#audit';
import { requireMay } from '#identity';
import { requireParticipant } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { validateInput } from '#platform/validation';
import { lockFunding, programmeMeant } from '../programme-funding.js';
import { askedFor } from '../domain/index.js';
import { unusedRecovered } from '../recovered-money.js';
import { RequestInput } from './request.input.js';
import { requestView } from './request-record.js';
import { type RequestPreview, type RequestView } from './request.view.js';

/** MTM gathers approved claims to ask the funder for: all, those of one authority, or chosen ones. A draft until submitted. */
@Injectable()
export class CreateRequest {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Throws malformed, not_found, forbidden, refused `nothing_to_request`, `claim_not_requestable`. */
  async run(actor: Actor, body: unknown): Promise<RequestView> {
    const input = validateInput(RequestInput, body);
    return this.uow.run(actor, async (tx) => {
      const programme = await check(tx, input);
      await lockFunding(tx, programme);
      const choice = await choose(tx, programme, input);
      const id = uuid();
      const [made] = await tx.query<{ totalPence: number; claimCount: number }>(INSERT, [
        ...choice,
        id,
        actor.userId,
        tx.now,
      ]);
      if (!made) throw nothingToRequest();
      await appendAudit(tx, {
        chain: programme,
        action: 'funding_request.prepared',
        subjectType: 'funding_request',
        subjectId: id,
        after: { state: 'draft', ...made },
      });
      return requestView(tx, id);
    });
  }

  /** `preview` by authority, as MTM reads it before it asks. Throws as `run`. */
  byAuthority(actor: Actor, body: unknown): Promise<{ authority: string; claimCount: number; amountPence: number }[]> {
    const input = validateInput(RequestInput, body);
    return this.uow.read(actor, async (tx) => {
      const programme = await check(tx, input);
      return tx.query(
        `WITH picked AS (${PICKED})
         SELECT authority_code AS authority, count(*)::int AS "claimCount", sum(approved_pence)::bigint AS "amountPence" FROM picked GROUP BY 1 ORDER BY 1`,
        await choose(tx, programme, input),
      );
    });
  }

  /** What such a request would ask for now; stores nothing. Throws as `run`. */
  preview(actor: Actor, body: unknown): Promise<RequestPreview> {
    const input = validateInput(RequestInput, body);
    return this.uow.read(actor, async (tx) => {
      const programme = await check(tx, input);
      const choice = await choose(tx, programme, input);
      const [found] = await tx.query<Pick<RequestPreview, 'claimCount' | 'totalPence' | 'claimIds'>>(
        `WITH picked AS (${PICKED})
         SELECT count(*)::int AS "claimCount", coalesce(sum(approved_pence), 0)::bigint AS "totalPence",
                coalesce(json_agg(id ORDER BY due_on, submitted_at, id), '[]'::json) AS "claimIds" FROM picked`,
        choice,
      );
      if (found!.claimCount === 0) throw nothingToRequest();
      return { ...found!, ...askedFor(found!.totalPence, await unusedRecovered(tx, programme)) };
    });
  }
}

/** Approved, not held, and in no live request: $1 programme, $2 authority or null, $3 ids or null. */
const PICKED = `SELECT c.id, c.authority_code, c.approved_pence, c.approved, c.due_on, c.submitted_at FROM claim c
   WHERE c.programme_code = $1 AND c.state = 'approved' AND c.held_at IS NULL
     AND ($2::text IS NULL OR c.authority_code = $2) AND ($3::uuid[] IS NULL OR c.id = ANY ($3))
     AND NOT EXISTS (SELECT 1 FROM funding_request_claim q WHERE q.claim_id = c.id AND q.live)`;

const INSERT = `WITH picked AS (${PICKED}),
  made AS (
    INSERT INTO funding_request (id, programme_code, state, total_pence, claim_count, created_by, created_at, updated_at)
    SELECT $4::uuid, $1, 'draft', sum(approved_pence), count(*), $5::uuid, $6::timestamptz, $6 FROM picked HAVING count(*) > 0
    RETURNING id, total_pence, claim_count
  ), items AS (
    INSERT INTO funding_request_claim (request_id, claim_id, authority_code, pence, amounts)
    SELECT made.id, p.id, p.authority_code, p.approved_pence, p.approved FROM picked p, made
  )
  SELECT total_pence AS "totalPence", claim_count AS "claimCount" FROM made`;

/** Answers the programme. */
async function check(tx: Tx, { programme: named, authority }: RequestInput): Promise<string> {
  requireMay(tx.actor, 'funding_request.prepare');
  const programme = await programmeMeant(tx, named);
  if (authority !== undefined) await requireParticipant(tx, programme, authority);
  return programme;
}

const nothingToRequest = (): Error =>
  refused(
    'nothing_to_request',
    'No claim is approved, not on hold and in no other request: there is nothing to ask for.',
  );

/** The parameters of PICKED. Throws refused `claim_not_requestable` when a claim that is named cannot be asked for. */
async function choose(tx: Tx, programme: string, input: RequestInput): Promise<unknown[]> {
  const ids = input.claimIds?.map((id) => id.toLowerCase()) ?? null;
  const choice = [programme, input.authority ?? null, ids];
  if (ids === null) return choice;
  const known = await tx.query<{ id: string }>(
    'SELECT id FROM claim WHERE id = ANY ($1::uuid[]) AND programme_code = $2',
    [ids, programme],
  );
  if (known.length < new Set(ids).size) throw notFound('claim');
  const picked = await tx.query<{ id: string }>(PICKED, choice);
  const fit = new Set(picked.map(({ id }) => id));
  const problems = ids.flatMap((id, at): Problem[] =>
    fit.has(id)
      ? []
      : [
          {
            path: `claimIds[${at}]`,
            code: 'claim_not_requestable',
            message: 'Not approved, on hold, of another authority, or in a live request already.',
          },
        ],
  );
  if (problems.length === 0) return choice;
  throw refused('claim_not_requestable', 'Some of the claims cannot be asked for. Leave them out.', problems);
}
