import { Body, Get, Inject, Param, Post, Req, Res, type StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requireMay } from '#identity';
import { EndRun, RunApproversQuery, RunQueries } from '#payments';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf, sendFile } from '#platform/http';
import {
  attempt,
  csvDownload,
  Form,
  money,
  PageController,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { Names } from './names.js';
import { askedWhy } from './reason.js';
import { runPage } from './run.presenter.js';

const PAYMENT_COLUMNS = [
  ...['authority', 'state', 'amountPence', 'setOffPence', 'reference', 'endToEndId', 'accountName', 'lastFour'],
  ...['settledAt', 'remittanceNumber', 'claimIds', 'adjustmentIds', 'id'],
];

/** One payment run: looked at, approved by another person, or cancelled. */
@PageController('payments/:id')
export class RunPages {
  constructor(
    @Inject(RunQueries) private readonly runs: RunQueries,
    @Inject(RunApproversQuery) private readonly approvers: RunApproversQuery,
    @Inject(EndRun) private readonly ending: EndRun,
    @Inject(Names) private readonly names: Names,
  ) {}

  @Get()
  async page(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    return view('payments/run.njk', { ...(await this.data(actor, id)), back: '/payments' });
  }

  @Get('payments.csv')
  async paymentsCsv(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<StreamableFile> {
    const runId = idOf(id, 'payment run');
    const { number } = await this.runs.one(actor, runId);
    return csvDownload(`${number}.csv`, PAYMENT_COLUMNS, {}, (asked) => this.runs.payments(actor, runId, asked));
  }

  @Get('bank-file')
  async bankFile(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendFile(request, reply, await this.runs.bankFile(actor, idOf(id, 'payment run')));
  }

  @Get('approve')
  async askApprove(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    return view('payments/approve.njk', await this.data(actor, id, `/payments/${id}`));
  }

  @Post('approve')
  async approve(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const runId = idOf(id, 'payment run');
    const tried = await attempt(() => this.ending.approve(actor, runId, {}, new Form(body).version()));
    if (!tried.ok) {
      return viewAgain('payments/approve.njk', {
        ...(await this.data(actor, id, `/payments/${id}`)),
        errors: tried.errors,
      });
    }
    const { number, totalPence, fileSha256 } = tried.value;
    return redirect(`/payments/${runId}`, {
      kind: 'success',
      title: `${number} is approved: ${money(totalPence)}`,
      text:
        fileSha256 === null
          ? 'All that was due is set off, so there is nothing to ask the bank for.'
          : 'Its bank file is ready to download and upload to the bank. A payment the bank does not make can be recorded as refused.',
    });
  }

  @Get('cancel')
  async askCancel(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    const data = await this.data(actor, id, `/payments/${id}`);
    requireMay(actor, 'payment_run.cancel');
    return view('payments/cancel.njk', data);
  }

  @Post('cancel')
  async cancel(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<View | Redirect> {
    const form = new Form(body);
    const reason = form.typed('reason');
    const runId = idOf(id, 'payment run');
    const tried = await attempt(() => this.ending.cancel(actor, runId, { reason: reason.trim() }, form.version()));
    if (!tried.ok) {
      const data = await this.data(actor, id, `/payments/${id}`);
      return viewAgain('payments/cancel.njk', {
        ...data,
        reason,
        errors: askedWhy(tried.errors, reason, 'Say why the run is cancelled.'),
      });
    }
    return redirect(`/payments/${runId}`, {
      kind: 'success',
      title: `${tried.value.number} is cancelled`,
      text: 'Its claims are funded again. To pay them after all, prepare another run.',
    });
  }

  private async data(actor: Actor, id: string, back?: string) {
    const run = await this.runs.one(actor, idOf(id, 'payment run'));
    const approvers = await this.approvers.of(actor, run.id);
    const nameOf = await this.names.of(actor, [run.preparedBy, run.approvedBy]);
    const authorityOf = await this.names.authorities(actor);
    return { ...runPage(actor, run, { nameOf, authorityOf, approvers }), ...(back ? { back } : {}) };
  }
}
