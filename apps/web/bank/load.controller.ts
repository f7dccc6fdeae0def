import { Body, Get, Inject, Post, Query, Req, type StreamableFile } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requireMay } from '#identity';
import { malformed } from '#kernel';
import { LoadStatement, ShowStatement, StatementMappings, type LoadedFileView } from '#payments';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import {
  attempt,
  csvDownload,
  csvOf,
  filtersOf,
  Form,
  PageController,
  plural,
  redirect,
  TakesFiles,
  view,
  viewAgain,
  type Notice,
  type Redirect,
  type View,
} from '../page/index.js';
import { heldFile, receiveFile, type HeldFile } from './held-file.js';
import { DRY_LINE_COLUMNS, DRY_STATEMENT_COLUMNS, dryRunPage, kindChoices, kindOf } from './load.presenter.js';

const MAPPINGS = 100;
const KIND = { path: 'kind', code: 'required', message: 'Choose what kind of file it is.' };

/** Loading a bank statement: the file is sent, what it holds is looked at, then it is loaded. */
@PageController('bank/load')
export class LoadPages {
  constructor(
    @Inject(LoadStatement) private readonly loading: LoadStatement,
    @Inject(ShowStatement) private readonly showing: ShowStatement,
    @Inject(StatementMappings) private readonly mappings: StatementMappings,
  ) {}

  @Get()
  async page(@CurrentActor() actor: Actor): Promise<View> {
    requireMay(actor, 'bank_statement.reconcile');
    return view('bank/load.njk', await this.choices(actor, 'camt053'));
  }

  @Post()
  @TakesFiles()
  async receive(@CurrentActor() actor: Actor, @Req() request: FastifyRequest): Promise<View | Redirect> {
    let choice = '';
    const tried = await attempt(async () => {
      const keep = (source: Parameters<LoadStatement['keep']>[1]) => this.loading.keep(actor, source);
      const { stored, name } = await receiveFile(request, this.loading.mostBytes, keep, ({ kind: chosen = '' }) => {
        choice = chosen;
      });
      const kind = kindOf(choice);
      if (kind === null) throw malformed([KIND]);
      request.session.bankFile = { purpose: 'statement', name, ...kind, ...stored };
      // Whatever reads it must be able to, before anybody is sent on.
      await this.showing.kept(actor, queryOf(request.session.bankFile), keptOf(request.session.bankFile));
    });
    if (tried.ok) return redirect('/bank/load/check');
    return viewAgain('bank/load.njk', { ...(await this.choices(actor, choice)), errors: tried.errors });
  }

  @Get('check')
  async look(@CurrentActor() actor: Actor, @Req() request: FastifyRequest, @Query() query: unknown): Promise<View> {
    return view(
      'bank/load-check.njk',
      await this.shown(actor, heldFile(request, 'statement'), filtersOf(query)['from']),
    );
  }

  @Get('check/lines.csv')
  linesFile(@CurrentActor() actor: Actor, @Req() request: FastifyRequest): StreamableFile {
    const held = heldFile(request, 'statement');
    return csvDownload('lines-of-the-file.csv', DRY_LINE_COLUMNS, {}, async ({ cursor = '1' }) => {
      const asked = { ...queryOf(held), from: cursor };
      const { lines, nextFrom } = await this.showing.kept(actor, asked, keptOf(held), LINES_OF_A_READING);
      return { items: lines, nextCursor: nextFrom === null ? null : String(nextFrom) };
    });
  }

  @Get('check/statements.csv')
  async statementsFile(@CurrentActor() actor: Actor, @Req() request: FastifyRequest): Promise<StreamableFile> {
    const held = heldFile(request, 'statement');
    const { statements } = await this.showing.kept(actor, queryOf(held), keptOf(held));
    return csvOf('statements-of-the-file.csv', DRY_STATEMENT_COLUMNS, statements);
  }

  @Post('check')
  async load(
    @CurrentActor() actor: Actor,
    @Req() request: FastifyRequest,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const held = heldFile(request, 'statement', new Form(body).typed('file'));
    const tried = await attempt(() => this.loading.run(actor, queryOf(held), keptOf(held)));
    if (tried.ok) return redirect(`/bank/${tried.value.id}`, noticeOf(tried.value));
    return viewAgain('bank/load-check.njk', { ...(await this.shown(actor, held, undefined)), errors: tried.errors });
  }

  private async shown(actor: Actor, held: HeldFile, from: string | undefined) {
    const first = from !== undefined && /^[1-9]\d{0,8}$/.test(from) ? Number(from) : 1;
    const shown = await this.showing.kept(actor, { ...queryOf(held), from: String(first) }, keptOf(held));
    // A page of lines, not all that the answer holds.
    const lines = shown.lines.slice(0, LINES);
    const nextFrom = shown.lines.length > LINES ? first + LINES : shown.nextFrom;
    return { ...dryRunPage({ ...shown, lines, nextFrom }, first), held, back: '/bank/load' };
  }

  private async choices(actor: Actor, chosen: string) {
    const { items } = await this.mappings.list(actor, { limit: String(MAPPINGS) });
    return { kinds: kindChoices(items, chosen), back: '/bank' };
  }
}

const LINES = 50;
/** Of a file that is read from its beginning for each part of its download. */
const LINES_OF_A_READING = 10_000;

const keptOf = ({ kind, key, sha256, size }: HeldFile) => ({
  kind: kind as 'camt053' | 'mt940' | 'csv',
  stored: { key, sha256, size },
});
const queryOf = ({ mapping }: HeldFile): Record<string, string> => (mapping === null ? {} : { mapping });

function noticeOf({ state, lineCount, matchedCount, statements }: LoadedFileView): Notice {
  if (state === 'quarantined') {
    return {
      kind: 'important',
      title: 'The file is in quarantine',
      text: 'Nothing of it was recorded. The reason is below.',
    };
  }
  if (state === 'known') {
    return {
      kind: 'important',
      title: 'This statement was loaded before',
      text: 'Nothing changed. This is what became of it.',
    };
  }
  const fresh = statements.filter(({ known }) => !known).length;
  return {
    kind: 'success',
    title: `${plural(fresh, 'statement')} loaded: ${plural(lineCount, 'line')}, of which ${matchedCount} agreed exactly`,
    text: 'Each match can be undone beside its line.',
  };
}
