import { Inject, Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { v7 as uuid } from 'uuid';
import { appendAudit } from '#audit';
import { programmeMeant } from '#funding';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { DocumentStorage, type StoredFile } from '#platform/storage';
import { validateQuery } from '#platform/validation';
import { ApplyPaymentStatus, type ReportedStatus, type StatusEffect } from '../reconciliation/payment-status.js';
import { isRefusal } from './refusal.js';
import { readReport, statusesOf, type Report, type Status } from './reported-statuses.js';
import { loadedStatusFile } from './status-file-record.js';
import { StatusFileQuery, type LoadedStatusFileView } from './status-file.view.js';

/** More than any report comes to: a status is about a kilobyte. */
const MAX_BYTES = 50 * 1024 * 1024;

/** What a report would do: the payments it would refuse are `applied`. Of a file that would be quarantined, why. */
export interface StatusFilePreview {
  refusal: { code: string; where: string; message: string } | null;
  paymentRun: string | null;
  statuses: (Status & { effect: StatusEffect | 'unknown' })[];
  appliedCount: number;
}

/** MTM finance loads what the bank says became of a payment run's file (pain.002): payments it refuses are refused. */
@Injectable()
export class LoadStatusFile {
  readonly mostBytes = MAX_BYTES;

  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(DocumentStorage) private readonly storage: DocumentStorage,
    @Inject(ApplyPaymentStatus) private readonly applying: ApplyPaymentStatus,
  ) {}

  /** The first step: the file is kept, whatever it holds. Throws forbidden, too_large `file_too_large`. */
  keep(actor: Actor, source: Readable): Promise<StoredFile> {
    requireMay(actor, 'bank_statement.reconcile');
    return this.storage.put(source, { maxBytes: MAX_BYTES });
  }

  /**
   * The second: all of it or nothing. A broken report, or one about a file of somebody else's, is answered as `quarantined`; one that
   * was read before as known, whatever it says by now. Throws malformed, not_found, forbidden.
   */
  run(actor: Actor, query: unknown, file: StoredFile): Promise<LoadedStatusFileView> {
    const input = validateQuery(StatusFileQuery, query);
    return this.uow.run(actor, async (tx) => {
      requireMay(actor, 'bank_statement.reconcile');
      const programme = await programmeMeant(tx, input.programme);
      const before = await claimFile(tx, programme, file);
      if (before.state === 'read') return loadedStatusFile(tx, before.id, true);
      await tx.execute('SAVEPOINT status_file');
      try {
        const report = await readReport(await this.storage.open(file.key));
        await this.apply(tx, { id: before.id, programme }, report);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        await tx.execute('ROLLBACK TO SAVEPOINT status_file');
        await tx.execute(
          `UPDATE payment_status_file SET reason_code = $2, reason_where = $3, reason = $4 WHERE id = $1`,
          [before.id, error.code, error.where.slice(0, 300), error.message.slice(0, 1000)],
        );
      }
      const view = await loadedStatusFile(tx, before.id, false);
      await told(tx, view);
      return view;
    });
  }

  /** What loading the kept file would do now; changes nothing. Throws malformed, not_found, forbidden. */
  preview(actor: Actor, query: unknown, file: StoredFile): Promise<StatusFilePreview> {
    const input = validateQuery(StatusFileQuery, query);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'bank_statement.reconcile');
      const programme = await programmeMeant(tx, input.programme);
      try {
        const report = await readReport(await this.storage.open(file.key));
        const statuses = await statusesOf(tx, programme, report);
        const effects = (await this.applying.foresee(tx, oursOf(statuses)))[Symbol.iterator]();
        const told = statuses.map((one) => ({
          ...one,
          effect: one.paymentId === null ? ('unknown' as const) : effects.next().value!,
        }));
        const appliedCount = told.filter(({ effect }) => effect === 'applied').length;
        return { refusal: null, paymentRun: report.run, statuses: told, appliedCount };
      } catch (error) {
        if (!isRefusal(error)) throw error;
        const { code, where, message } = error;
        return { refusal: { code, where, message }, paymentRun: null, statuses: [], appliedCount: 0 };
      }
    });
  }

  private async apply(tx: Tx, { id, programme }: { id: string; programme: string }, report: Report): Promise<void> {
    const statuses = await statusesOf(tx, programme, report);
    const effects = await this.applying.apply(tx, programme, oursOf(statuses), { paymentStatusFileId: id });
    const applied = effects.filter((effect) => effect === 'applied').length;
    await tx.execute(
      `UPDATE payment_status_file SET state = 'read', message_id = $2, original_message_id = $3, group_status = $4, status_count = $5,
              applied_count = $6, reason_code = NULL, reason_where = NULL, reason = NULL WHERE id = $1`,
      [id, report.messageId, report.run, report.status, statuses.length, applied],
    );
    const left = effects[Symbol.iterator]();
    await keep(
      tx,
      id,
      statuses.map((one) => ({ ...one, effect: one.paymentId === null ? 'unknown' : left.next().value! })),
    );
  }
}

/** Those of payments that are the run's. */
const oursOf = (statuses: readonly Status[]): ReportedStatus[] =>
  statuses.flatMap(({ paymentId, outcome, reasonCode }) =>
    paymentId === null ? [] : [{ paymentId, outcome, reasonCode }],
  );

/** The file's own row, locked: who loads it at the same time waits, and finds it read. Until it is, it counts as quarantined. */
async function claimFile(tx: Tx, programme: string, file: StoredFile): Promise<{ id: string; state: string }> {
  await tx.execute(
    `INSERT INTO payment_status_file (id, programme_code, state, file_sha256, file_key, file_size, reason_code, reason, loaded_by, loaded_at)
     VALUES ($1, $2, 'quarantined', $3, $4, $5, 'not_read', 'It is being read.', $6, $7) ON CONFLICT DO NOTHING`,
    [uuid(), programme, file.sha256, file.key, file.size, tx.actor.userId, tx.now],
  );
  const [row] = await tx.query<{ id: string; state: string }>(
    'SELECT id, state FROM payment_status_file WHERE programme_code = $1 AND file_sha256 = $2 FOR UPDATE',
    [programme, file.sha256],
  );
  return row!;
}

async function keep(tx: Tx, fileId: string, statuses: readonly (Status & { effect: string })[]): Promise<void> {
  await tx.execute(
    `INSERT INTO payment_status (file_id, seq, end_to_end_id, payment_id, status, outcome, reason_code, effect)
     SELECT $1, n, s ->> 'endToEndId', (s ->> 'paymentId')::uuid, s ->> 'status', s ->> 'outcome', s ->> 'reasonCode', s ->> 'effect'
       FROM json_array_elements($2::json) WITH ORDINALITY AS t(s, n)`,
    [fileId, JSON.stringify(statuses)],
  );
}

async function told(tx: Tx, view: LoadedStatusFileView): Promise<void> {
  const { id, programme, state, paymentRun, groupStatus, statusCount, appliedCount, reasonCode, fileSha256 } = view;
  await appendAudit(tx, {
    chain: programme,
    action: state === 'read' ? 'payment_status_file.loaded' : 'payment_status_file.quarantined',
    subjectType: 'payment_status_file',
    subjectId: id,
    after: { state, paymentRun, groupStatus, statusCount, appliedCount, reasonCode, fileSha256 },
  });
}
