import { Inject, Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { v7 as uuid } from 'uuid';
import { appendAudits } from '#audit';
import { programmeMeant } from '#funding';
import { requireMay } from '#identity';
import { TermsStore } from '#programme';
import { AppConfig } from '#platform/config';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { DocumentStorage, type StoredFile } from '#platform/storage';
import { validateQuery } from '#platform/validation';
import type { BankFileError } from '../bank-files/bank-file-error.js';
import { readStatementPieces, type StatementFormat } from '../bank-files/read-statements.js';
import { ownAccounts } from '../debtor-account.js';
import { MatchStatement } from '../reconciliation/match-statement.js';
import { formatMeant } from './mapping-store.js';
import { openBooks } from './open-books.js';
import { FileKnown, readInto, statementsOfFile, type ReadFile, type Stored } from './read-into.js';
import { isRefusal, type FileRefused } from './refusal.js';
import { SELECT_STATEMENTS, statementView, type StatementRow } from './statement-record.js';
import { LoadQuery, type LoadedFileView, type LoadedStatementView } from './statement.view.js';
import type { FileBeingRead } from './store-statement.js';

/** A file of statements as it came: its kind, and where it is kept. */
export interface KeptStatementFile {
  kind: StatementFormat['kind'];
  stored: StoredFile;
}

/** MTM finance loads what the bank says: read and matched as a whole, or kept in quarantine with the reason. */
@Injectable()
export class LoadStatement {
  readonly mostBytes: number;

  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(DocumentStorage) private readonly storage: DocumentStorage,
    @Inject(TermsStore) private readonly terms: TermsStore,
    @Inject(MatchStatement) private readonly matching: MatchStatement,
    @Inject(AppConfig) config: AppConfig,
  ) {
    this.mostBytes = config.bankFiles.mostBytes;
  }

  /** The first step: the file is kept, whatever it holds. Throws forbidden, too_large `file_too_large`. */
  keep(actor: Actor, source: Readable): Promise<StoredFile> {
    requireMay(actor, 'bank_statement.reconcile');
    return this.storage.put(source, { maxBytes: this.mostBytes });
  }

  /**
   * The second: all of it in one transaction. A broken file, one of another account or in another currency is answered as
   * `quarantined`, one that was there before as `known`. Throws malformed, not_found, forbidden.
   */
  run(actor: Actor, query: unknown, { kind, stored }: KeptStatementFile): Promise<LoadedFileView> {
    const input = validateQuery(LoadQuery, query);
    return this.uow.run(actor, async (tx) => {
      requireMay(actor, 'bank_statement.reconcile');
      const programme = await programmeMeant(tx, input.programme);
      const format = await formatMeant(tx, { programme, kind, name: input.mapping });
      const file: FileBeingRead = { programme, format: kind, ...stored };
      const known = await statementsOfFile(tx, file);
      if (known.length > 0) return answer(tx, known);
      await tx.execute('SAVEPOINT whole_file');
      try {
        return await this.read(tx, file, format);
      } catch (error) {
        if (!isRefusal(error) && !(error instanceof FileKnown)) throw error;
        await tx.execute('ROLLBACK TO SAVEPOINT whole_file');
        return error instanceof FileKnown ? answer(tx, await statementsOfFile(tx, file)) : quarantine(tx, file, error);
      }
    });
  }

  private async read(tx: Tx, file: FileBeingRead, format: StatementFormat): Promise<LoadedFileView> {
    const stored = await this.readLines(tx, file, format);
    const fresh = stored.flatMap(({ id, found }) => (found ? [{ id, found }] : []));
    if (fresh.length === 0) return answer(tx, stored);
    const ids = fresh.map(({ id }) => id);
    await this.matching.match(tx, file.programme, fresh);
    await openBooks(tx, ids);
    await tx.execute(
      `UPDATE bank_statement SET replaced_by = $3, version = version + 1, updated_at = $4
        WHERE programme_code = $1 AND file_sha256 = $2 AND state = 'quarantined'`,
      [file.programme, file.sha256, ids[0], tx.now],
    );
    const view = await answer(tx, stored);
    await told(tx, view);
    return view;
  }

  /** As it comes; and once more in the rare case that a part of a payment stands before all of it. */
  private async readLines(tx: Tx, file: FileBeingRead, format: StatementFormat): Promise<Stored[]> {
    const own = await ownAccounts(tx, this.terms, file.programme);
    const once = async (wholes?: ReadonlySet<string>): Promise<ReadFile> => {
      const source = await this.storage.open(file.key);
      const pieces = readStatementPieces(source, format);
      return readInto(tx, file, { own, wholes }, pieces).finally(() => source.destroy());
    };
    const { stored, wholesTooLate } = await once();
    if (wholesTooLate === null) return stored;
    await tx.execute('ROLLBACK TO SAVEPOINT whole_file');
    return (await once(wholesTooLate)).stored;
  }
}

/** What became of a file, by its statements. */
async function answer(tx: Tx, stored: readonly Stored[]): Promise<LoadedFileView> {
  const ids = stored.map(({ id }) => id);
  const rows = await tx.query<StatementRow>(
    `${SELECT_STATEMENTS} WHERE s.id = ANY ($1::uuid[]) ORDER BY array_position($1::uuid[], s.id)`,
    [ids],
  );
  const statements = rows.map((row): LoadedStatementView => {
    return { ...statementView(row), known: stored.some(({ id, known }) => id === row.id && known) };
  });
  return {
    id: ids[0]!,
    state: stored.every(({ known }) => known) ? 'known' : 'read',
    ...{ reason: null, reasonCode: null, reasonWhere: null },
    lineCount: statements.reduce((sum, { lineCount }) => sum + lineCount, 0),
    matchedCount: statements.reduce((sum, { matchedCount }) => sum + matchedCount, 0),
    openingPence: statements[0]!.openingPence,
    closingPence: statements.at(-1)!.closingPence,
    statements,
  };
}

/** Of a statement's own, to the programme's chain: figures and numbers, no text of the bank's. */
async function told(tx: Tx, { statements }: LoadedFileView): Promise<void> {
  const records = statements
    .filter(({ known }) => !known)
    .map((one) => ({
      chain: one.programme,
      action: 'bank_statement.loaded',
      subjectType: 'bank_statement',
      subjectId: one.id,
      after: {
        state: one.state,
        sequence: one.sequence,
        fileSha256: one.fileSha256,
        lineCount: one.lineCount,
        matchedCount: one.matchedCount,
        openingPence: one.openingPence,
        closingPence: one.closingPence,
        gaps: one.gaps.map(({ code }) => code),
      },
    }));
  await appendAudits(tx, records);
}

/** The file alone is kept, with why. Refused again, it is the same entry of the quarantine with what is wrong now. */
async function quarantine(tx: Tx, file: FileBeingRead, error: BankFileError | FileRefused): Promise<LoadedFileView> {
  const [{ id } = { id: '' }] = await tx.query<{ id: string }>(
    `INSERT INTO bank_statement (id, programme_code, state, format, file_sha256, file_key, file_size, reason_code, reason_where, reason,
        loaded_by, loaded_at, updated_at)
     VALUES ($1, $2, 'quarantined', $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
     ON CONFLICT (programme_code, file_sha256) WHERE state = 'quarantined'
     DO UPDATE SET reason_code = $7, reason_where = $8, reason = $9, version = bank_statement.version + 1, updated_at = $11
     RETURNING id`,
    [
      ...[uuid(), file.programme, file.format, file.sha256, file.key, file.size],
      ...[error.code, error.where.slice(0, 300), error.message.slice(0, 1000), tx.actor.userId, tx.now],
    ],
  );
  const after = { state: 'quarantined', reason: error.code, fileSha256: file.sha256 };
  const record = { chain: file.programme, action: 'bank_statement.quarantined', subjectType: 'bank_statement' };
  await appendAudits(tx, [{ ...record, subjectId: id, after }]);
  const view = await answer(tx, [{ id, known: false }]);
  const { reason, reasonCode, reasonWhere } = view.statements[0]!;
  return { ...view, state: 'quarantined', reason, reasonCode, reasonWhere };
}
