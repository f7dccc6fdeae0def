import { Inject, Injectable } from '@nestjs/common';
import { refused } from '#kernel';
import { appendAudit, appendAudits } from '#audit';
import { ReasonInput } from '#claims';
import { requireMay } from '#identity';
import { TermsStore, type ProgrammeTerms } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { DocumentStorage } from '#platform/storage';
import { EmptyInput, honourVersion, validateInput, type ExpectedVersion } from '#platform/validation';
import { fundedBy } from '../act-of-funding.js';
import { askedFor, REQUEST_LIFECYCLE, requestNumber, type Asked } from '../domain/index.js';
import { termsToday } from '../programme-funding.js';
import { releaseRecovered, unusedRecovered } from '../recovered-money.js';
import { refreshRequests } from './refresh-requests.js';
import { lockRequest, requestView, type RequestRow } from './request-record.js';
import { type RequestView } from './request.view.js';
import { schedulePdf } from './schedule/make-schedule.js';
import { useRecovered } from './use-recovered.js';

/** More than any schedule comes to: a line an authority. */
const MAX_BYTES = 50 * 1024 * 1024;

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
    @Inject(DocumentStorage) private readonly storage: DocumentStorage,
  ) {}

  /**
   * Claims that were rejected, held or funded since it was drafted leave it: nobody asks for money twice. Recovered money pays
   * for what it covers, at once; the funder is asked for the rest. Throws malformed, not_found, forbidden, stale, conflict
   * `state_conflict`, refused `nothing_to_request`.
   */
  async submit(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<RequestView> {
    validateInput(EmptyInput, body ?? {});
    return this.uow.run(actor, async (tx) => {
      const request = await lockRequest(tx, id);
      requireMay(actor, 'funding_request.submit');
      honourVersion(version, request.version);
      REQUEST_LIFECYCLE.require('A request', request.state, 'submit');
      const terms = await termsToday(tx, this.terms, request.programme_code);
      const figures = await dropStale(tx, id);
      const released = await releaseRecovered(tx, request.programme_code);
      const asked = askedFor(figures.totalPence, await unusedRecovered(tx, request.programme_code));
      const number = await this.number(tx, request, terms, { ...figures, ...asked });
      const use = { programme: request.programme_code, funder: terms.funder.shortName, requestId: id, number };
      const receiptId = await useRecovered(tx, use, asked.recoveredPence);
      await appendAudits(tx, released);
      await appendAudit(tx, {
        chain: request.programme_code,
        action: 'funding_request.submitted',
        subjectType: 'funding_request',
        subjectId: id,
        before: { state: 'draft', totalPence: request.total_pence, claimCount: request.claim_count },
        after: { state: 'submitted', number, ...figures, ...asked, receiptId },
      });
      if (receiptId !== null) await refreshRequests(tx, fundedBy(receiptId));
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

  /**
   * The next number of the programme's, gapless: the row it is counted in is locked until commit. The schedule is made and kept
   * with it: what the funder gets never changes.
   */
  private async number(
    tx: Tx,
    { programme_code: programme, id }: RequestRow,
    terms: ProgrammeTerms,
    figures: Figures & Asked,
  ): Promise<string> {
    const [series] = await tx.query<{ seq: number }>(
      'UPDATE programme_funding SET last_request = last_request + 1 WHERE programme_code = $1 RETURNING last_request AS seq',
      [programme],
    );
    const { seq } = series!;
    const number = requestNumber(terms.numberPrefix, seq);
    const { totalPence, claimCount, recoveredPence } = figures;
    const pdf = await schedulePdf(tx, { ...figures, id, programme, number, submittedAt: tx.now }, terms);
    const file = await this.storage.put(pdf, { maxBytes: MAX_BYTES });
    await tx.execute(
      `UPDATE funding_request SET state = 'submitted', number = $2, seq = $3, total_pence = $4, claim_count = $5, recovered_pence = $6,
              submitted_by = $7, submitted_at = $8, updated_at = $8, schedule_key = $9, schedule_sha256 = $10, schedule_size = $11,
              version = version + 1
        WHERE id = $1`,
      [
        ...[id, number, seq, totalPence, claimCount, recoveredPence, tx.actor.userId, tx.now],
        ...[file.key, file.sha256, file.size],
      ],
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
