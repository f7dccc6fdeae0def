import { Inject, Injectable } from '@nestjs/common';
import { programmeMeant } from '#funding';
import { requireMay } from '#identity';
import { TermsStore } from '#programme';
import { AppConfig } from '#platform/config';
import { UnitOfWork, type Actor } from '#platform/database';
import { DocumentStorage, fileTooLarge } from '#platform/storage';
import { validateQuery } from '#platform/validation';
import type { BankFileProblem } from '../bank-files/bank-file-error.js';
import { readStatementPieces, type StatementFormat } from '../bank-files/read-statements.js';
import type { StatementEvent, StatementHeader } from '../bank-files/statement.js';
import { ownAccounts, whichOwnAccount } from '../debtor-account.js';
import { entryView, lastFourOf } from './entry-view.js';
import { type KeptStatementFile } from './load-statement.js';
import { formatMeant } from './mapping-store.js';
import { MOST_STATEMENTS_OF_A_FILE, requireOwn } from './read-into.js';
import { FileRefused, isRefusal, type QuarantineCode } from './refusal.js';
import { type DryLineView, type DryRunView, type DryStatementView } from './dry-run.view.js';
import { LoadQuery } from './statement.view.js';

const LINES_OF_AN_ANSWER = 1_000;
type Refusal = Omit<BankFileProblem, 'code'> & { code: QuarantineCode };

/** Reads a file and answers what it holds, whosever it is. Nothing is kept, the file neither. */
@Injectable()
export class ShowStatement {
  readonly mostBytes: number;

  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(DocumentStorage) private readonly storage: DocumentStorage,
    @Inject(TermsStore) private readonly terms: TermsStore,
    @Inject(AppConfig) config: AppConfig,
  ) {
    this.mostBytes = config.bankFiles.mostBytes;
  }

  /** Throws malformed, not_found, forbidden, too_large `file_too_large`, and what the source fails with. */
  async run(
    actor: Actor,
    query: unknown,
    { kind, source }: { kind: StatementFormat['kind']; source: AsyncIterable<Uint8Array> },
    mostLines = LINES_OF_AN_ANSWER,
  ): Promise<DryRunView> {
    const input = validateQuery(LoadQuery, query);
    const { own, format } = await this.uow.read(actor, async (tx) => {
      requireMay(actor, 'bank_statement.reconcile');
      const programme = await programmeMeant(tx, input.programme);
      const meant = await formatMeant(tx, { programme, kind, name: input.mapping });
      return { own: await ownAccounts(tx, this.terms, programme), format: meant };
    });
    const shown = new ShownFile(own, input.from ?? 1, mostLines);
    try {
      for await (const events of readStatementPieces(upTo(this.mostBytes, source), format, 'well_formed'))
        shown.take(events);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      shown.refuse(error);
    }
    return shown.view();
  }

  /**
   * As `run`, of a file that is kept to be loaded once somebody has seen what it holds; each answer reads it from its beginning, so who
   * wants many lines asks for many at once. Throws as `run`.
   */
  async kept(
    actor: Actor,
    query: unknown,
    { kind, stored }: KeptStatementFile,
    mostLines = LINES_OF_AN_ANSWER,
  ): Promise<DryRunView> {
    const source = await this.storage.open(stored.key);
    return this.run(actor, query, { kind, source }, mostLines).finally(() => source.destroy());
  }
}

async function* upTo(mostBytes: number, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > mostBytes) throw fileTooLarge(mostBytes);
    yield chunk;
  }
}

/** What a dry run gathers: the statements, and as many lines as it answers. */
class ShownFile {
  private readonly statements: DryStatementView[] = [];
  private readonly lines: DryLineView[] = [];
  private lineCount = 0;
  private refusal: Refusal | null = null;

  constructor(
    private readonly own: ReadonlyMap<string, string>,
    private readonly from: number,
    private readonly mostLines: number,
  ) {}

  take(events: readonly StatementEvent[]): void {
    for (const event of events) {
      if (event.type === 'header') {
        this.begin(event.header);
      } else if (event.type === 'closing') {
        const { openingPence, closingPence, closingOn, problems } = event.closing;
        Object.assign(this.statements.at(-1)!, { openingPence, closingPence, closingOn });
        if (problems[0]) this.refuse(problems[0]);
      } else {
        this.entry(event.entry);
      }
    }
  }

  /** The first thing wrong is what loading the file would say. */
  refuse({ code, where, message }: Refusal): void {
    this.refusal ??= { code, where, message };
  }

  view(): DryRunView {
    const { statements, lines, refusal } = this;
    const after = this.from + lines.length;
    return {
      state: refusal ? 'quarantined' : 'read',
      reason: refusal?.message ?? null,
      reasonCode: refusal?.code ?? null,
      reasonWhere: refusal?.where ?? null,
      lineCount: this.lineCount,
      matchedCount: 0,
      openingPence: statements[0]?.openingPence ?? null,
      closingPence: statements.at(-1)?.closingPence ?? null,
      statements,
      lines,
      nextFrom: after <= this.lineCount ? after : null,
    };
  }

  private begin(header: StatementHeader): void {
    const { account, currency, statementId, sequence, openingPence, openingOn } = header;
    if (this.statements.length === MOST_STATEMENTS_OF_A_FILE) {
      throw new FileRefused('too_many_statements', 'file', 'The file holds more statements than a bank sends.');
    }
    const figures = { openingPence, closingPence: null, openingOn, closingOn: null, lineCount: 0, notBookedCount: 0 };
    const view = { account: { lastFour: lastFourOf(account) ?? '' }, currency, statementId, sequence };
    this.statements.push({ ...view, ours: whichOwnAccount(this.own, account) !== null, ...figures });
    try {
      requireOwn(this.own, header);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.refuse(error);
    }
  }

  private entry(entry: Extract<StatementEvent, { type: 'entry' }>['entry']): void {
    const statement = this.statements.at(-1)!;
    if (entry.status !== 'booked') {
      statement.notBookedCount += 1;
      return;
    }
    statement.lineCount += 1;
    this.lineCount += 1;
    if (this.lineCount < this.from || this.lines.length === this.mostLines) return;
    this.lines.push({ statement: this.statements.length, ...entryView(entry, statement.lineCount) });
  }
}
