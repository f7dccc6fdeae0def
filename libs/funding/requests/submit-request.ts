import { Inject, Injectable } from '@nestjs/common';
import { refused } from '#kernel';
import { appendAudit } from '#audit';
import { ReasonInput } from '#claims';
import { requireMay } from '#identity';
import { TermsStore } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { EmptyInput, honourVersion, validateInput, type ExpectedVersion } from '#platform/validation';
import { REQUEST_LIFECYCLE, requestNumber } from '../domain/index.js';
import { termsToday } from '../programme-funding.js';
import { lockRequest, requestView, type RequestRow } from './request-record.js';
import { type RequestView } from './request.view.js';

interface Figures {
  totalPence: number;
  claimCount: number;
  dropped: number;
}

/** A draft request is sent to the funder under its number, or given up. */
@Injectable()
export class SubmitRequest {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
  ) {}

  /**
   * Claims that were rejected, held or funded since it was drafted leave it: nobody asks for money twice. Throws malformed,
   * not_found, forbidden, stale, conflict `state_conflict`, refused `nothing_to_request`.
   */
  async submit(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<RequestView> {
    validateInput(EmptyInput, body ?? {});
    return this.uow.run(actor, async (tx) => {
      const request = await lockRequest(tx, id);
      requireMay(actor, 'funding_request.submit');
      honourVersion(version, request.version);
      REQUEST_LIFECYCLE.require('A request', request.state, 'submit');
      const figures = await dropStale(tx, id);
      const number = await this.number(tx, request, figures);
      await appendAudit(tx, {
        chain: request.programme_code,
        action: 'funding_request.submitted',
        subjectType: 'funding_request',
        subjectId: id,
        before: { state: 'draft', totalPence: request.total_pence, claimCount: request.claim_count },
        after: { state: 'submitted', number, ...figures },
      });
      return requestView(tx, id);
    });
  }

  /** Throws malformed, not_found, forbidden, stale, conflict `state_conflict`. */
  async cancel(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<RequestView> {
    const { reason } = validateInput(ReasonInput, body ?? {});
    return this.uow.run(actor, async (tx) => {
      const request = await lockRequest(tx, id);
      requireMay(actor, 'funding_request.prepare');
      honourVersion(version, request.version);
      REQUEST_LIFECYCLE.require('A request', request.state, 'cancel');
      await tx.execute('UPDATE funding_request_claim SET live = false WHERE request_id = $1 AND live', [id]);
      await tx.execute(
        `UPDATE funding_request SET state = 'cancelled', cancel_reason = $2, updated_at = $3, version = version + 1 WHERE id = $1`,
        [id, reason, tx.now],
      );
      await appendAudit(tx, {
        chain: request.programme_code,
        action: 'funding_request.cancelled',
        subjectType: 'funding_request',
        subjectId: id,
        before: { state: 'draft' },
        after: { state: 'cancelled' },
        reason,
      });
      return requestView(tx, id);
    });
  }

  /** The next number of the programme's, gapless: the row it is counted in is locked until commit. */
  private async number(tx: Tx, request: RequestRow, figures: Figures): Promise<string> {
    const { programme_code: programme, id } = request;
    const { numberPrefix } = await termsToday(tx, this.terms, programme);
    const [series] = await tx.query<{ seq: number }>(
      'UPDATE programme_funding SET last_request = last_request + 1 WHERE programme_code = $1 RETURNING last_request AS seq',
      [programme],
    );
    const { seq } = series!;
    const number = requestNumber(numberPrefix, seq);
    await tx.execute(
      `UPDATE funding_request SET state = 'submitted', number = $2, seq = $3, total_pence = $4, claim_count = $5, submitted_by = $6,
              submitted_at = $7, updated_at = $7, version = version + 1 WHERE id = $1`,
      [id, number, seq, figures.totalPence, figures.claimCount, tx.actor.userId, tx.now],
    );
    return number;
  }
}

async function dropStale(tx: Tx, id: string): Promise<Figures> {
  const dropped = await tx.execute(
    `UPDATE funding_request_claim q SET live = false FROM claim c
      WHERE q.request_id = $1 AND q.live AND c.id = q.claim_id AND (c.state <> 'approved' OR c.held_at IS NOT NULL)`,
    [id],
  );
  const [left] = await tx.query<{ totalPence: number; claimCount: number }>(
    `SELECT count(*)::int AS "claimCount", coalesce(sum(pence), 0)::bigint AS "totalPence"
       FROM funding_request_claim WHERE request_id = $1 AND live`,
    [id],
  );
  if (left!.claimCount === 0) {
    throw refused('nothing_to_request', 'None of its claims waits for money any more. Cancel the request.');
  }
  return { ...left!, dropped };
}
