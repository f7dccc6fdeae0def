import { Body, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { may, requireMay } from '#identity';
import { MatchCandidates, MatchLine, StatementQueries, UnmatchLine, type MatchPreview } from '#payments';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf } from '#platform/http';
import {
  attempt,
  filtersOf,
  Form,
  money,
  PageController,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { Names } from '../payments/names.js';
import { askedWhy } from '../payments/reason.js';
import { candidateRows, previewPage } from './line.presenter.js';
import { choiceOf, choiceQuery, matchInput, type Choice } from './match.js';
import { lineCard, refsOf, titleOf } from './statement.presenter.js';

const STATEMENT = 'bank statement';
const LINE = 'line of a bank statement';
const NOTHING = { path: 'pick', code: 'required', message: 'Choose what the line is, or where the rest of it goes.' };

/** One line of a bank statement: choosing what it is, looking at what follows, and undoing it. */
@PageController('bank/:id/lines/:lineId')
export class LinePages {
  constructor(
    @Inject(StatementQueries) private readonly statements: StatementQueries,
    @Inject(MatchCandidates) private readonly candidates: MatchCandidates,
    @Inject(MatchLine) private readonly matching: MatchLine,
    @Inject(UnmatchLine) private readonly unmatching: UnmatchLine,
    @Inject(Names) private readonly names: Names,
  ) {}

  @Get()
  async page(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('lineId') lineId: string,
    @Query() query: unknown,
  ): Promise<View> {
    return view('bank/line.njk', await this.choosing(actor, id, lineId, filtersOf(query)['search'] ?? ''));
  }

  @Get('match')
  async look(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('lineId') lineId: string,
    @Query() query: unknown,
  ): Promise<View> {
    requireMay(actor, 'bank_statement.reconcile');
    const form = new Form(query);
    const choice = await this.chosen(actor, form);
    if (choice.picks.length === 0 && choice.rest === null) {
      return viewAgain('bank/line.njk', { ...(await this.choosing(actor, id, lineId, '')), errors: [NOTHING] });
    }
    const { data, errors } = await this.preview(actor, { id, lineId }, form, choice);
    return errors.length === 0 ? view('bank/match.njk', data) : viewAgain('bank/match.njk', { ...data, errors });
  }

  @Post('match')
  async match(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('lineId') lineId: string,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const form = new Form(body);
    if (form.ticked('again')) return redirect(`/bank/${id}/lines/${lineId}/match?${choiceQuery(form)}`);
    const choice = await this.chosen(actor, form);
    const tried = await attempt(() => {
      form.check();
      return this.matching.run(actor, idOf(id, STATEMENT), idOf(lineId, LINE), matchInput(choice), form.version());
    });
    if (tried.ok) {
      const { seq, amountPence, matchedPence } = tried.value;
      const left = Math.abs(amountPence - matchedPence);
      return redirect(`/bank/${id}#line-${seq}`, {
        kind: 'success',
        title: `Line ${seq} is matched${left === 0 ? '' : `, but for ${money(left)}`}`,
        text: 'If it was not that after all, undo it beside the line: everything that followed is reversed.',
      });
    }
    const { data } = await this.preview(actor, { id, lineId }, form, choice);
    return viewAgain('bank/match.njk', { ...data, errors: placed(tried.errors, choice) });
  }

  @Get('undo')
  async askUndo(@CurrentActor() actor: Actor, @Param('id') id: string, @Param('lineId') lineId: string): Promise<View> {
    requireMay(actor, 'bank_statement.reconcile');
    return view('bank/undo.njk', await this.line(actor, id, lineId));
  }

  @Post('undo')
  async undo(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('lineId') lineId: string,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const form = new Form(body);
    const reason = form.typed('reason');
    const matchIds = form.all('match');
    const input = { reason: reason.trim(), ...(matchIds.length > 0 ? { matchIds } : {}) };
    const tried = await attempt(() =>
      this.unmatching.run(actor, idOf(id, STATEMENT), idOf(lineId, LINE), input, form.version()),
    );
    if (!tried.ok) {
      return viewAgain('bank/undo.njk', {
        ...(await this.line(actor, id, lineId)),
        reason,
        errors: askedWhy(tried.errors, reason, 'Say why the match is undone.'),
      });
    }
    return redirect(`/bank/${id}#line-${tried.value.seq}`, {
      kind: 'success',
      title: `The match of line ${tried.value.seq} is undone`,
      text: 'Everything that followed from it is reversed. The line can be matched again.',
    });
  }

  /** A run that the bank paid in one sum stands for its payments. */
  private async chosen(actor: Actor, form: Form): Promise<Choice> {
    const choice = choiceOf(form);
    const picks: Choice['picks'] = [];
    for (const pick of choice.picks) {
      if (pick.kind !== 'payment_run') picks.push(pick);
      else for (const id of await this.candidates.waitingOf(actor, pick.id)) picks.push({ kind: 'payment', id });
    }
    return { ...choice, picks };
  }

  private async preview(actor: Actor, at: { id: string; lineId: string }, form: Form, choice: Choice) {
    const line = await this.line(actor, at.id, at.lineId);
    const tried = await attempt((): Promise<MatchPreview> => {
      form.check();
      return this.matching.preview(actor, line.statement.id, idOf(at.lineId, LINE), matchInput(choice));
    });
    const described = await this.candidates.described(actor, choice.picks);
    const preview = tried.ok ? tried.value : null;
    const data = { ...line, ...previewPage(form, choice, { described, authorityOf: line.authorityOf, preview }) };
    return { data, errors: tried.ok ? [] : placed(tried.errors, choice) };
  }

  private async choosing(actor: Actor, id: string, lineId: string, search: string) {
    const data = await this.line(actor, id, lineId);
    const found = await this.candidates.find(actor, data.statement.id, idOf(lineId, LINE), search);
    return { ...data, search, others: candidateRows(found, data.line, data.authorityOf) };
  }

  private async line(actor: Actor, id: string, lineId: string) {
    const statement = await this.statements.one(actor, idOf(id, STATEMENT));
    const line = await this.statements.line(actor, statement.id, idOf(lineId, LINE));
    const described = await this.candidates.described(actor, refsOf([line]));
    const authorityOf = await this.names.authorities(actor);
    const nameOf = await this.names.of(
      actor,
      line.matches.map(({ matchedBy }) => matchedBy),
    );
    const mayMatch = may(actor, 'bank_statement.reconcile').allowed;
    const card = lineCard(line, { statement, described, authorityOf, nameOf, mayMatch });
    const ids = line.matches.map((match) => match.id);
    return {
      statement,
      title: titleOf(statement),
      line,
      card,
      ids,
      authorityOf,
      back: `/bank/${statement.id}#line-${line.seq}`,
    };
  }
}

/** `paymentIds[0]` and `amounts[1]…` are about a thing that was chosen: its amount is where it is mended. */
function placed(errors: readonly { path: string; code: string; message: string }[], { picks, amounts }: Choice) {
  const kinds: Readonly<Record<string, readonly string[]>> = {
    paymentIds: ['payment', 'payment_return'],
    receiptIds: ['receipt'],
    adjustmentIds: ['repayment'],
  };
  return errors.map((error) => {
    const [, list = '', at = ''] = /^(\w+)\[(\d+)\]/.exec(error.path) ?? [];
    const of = kinds[list];
    const id =
      list === 'amounts'
        ? [...amounts.keys()][Number(at)]
        : picks.filter(({ kind }) => of?.includes(kind))[Number(at)]?.id;
    return id === undefined ? error : { ...error, path: `amount-${id}` };
  });
}
