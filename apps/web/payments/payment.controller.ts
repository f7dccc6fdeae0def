import { Body, Get, Inject, Param, Post, Req, Res, type StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requireMay } from '#identity';
import { notFound } from '#kernel';
import { PaymentPartsQuery, PaymentQueries, RefusePayment, RemittanceQueries, RunQueries } from '#payments';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf, sendFile } from '#platform/http';
import {
  attempt,
  csvOf,
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
import { CLAIM_COLUMNS, paymentPage } from './payment.presenter.js';
import { askedWhy } from './reason.js';

/** One payment of a run. */
@PageController('payments/:id/:paymentId')
export class PaymentPages {
  constructor(
    @Inject(PaymentQueries) private readonly payments: PaymentQueries,
    @Inject(PaymentPartsQuery) private readonly parts: PaymentPartsQuery,
    @Inject(RunQueries) private readonly runs: RunQueries,
    @Inject(RefusePayment) private readonly refusing: RefusePayment,
    @Inject(RemittanceQueries) private readonly remittances: RemittanceQueries,
    @Inject(Names) private readonly names: Names,
  ) {}

  @Get()
  async page(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('paymentId') paymentId: string,
  ): Promise<View> {
    return view('payments/payment.njk', { ...(await this.data(actor, id, paymentId)), back: `/payments/${id}` });
  }

  @Get('claims.csv')
  async claims(@CurrentActor() actor: Actor, @Param('paymentId') paymentId: string): Promise<StreamableFile> {
    const { id, reference } = await this.payments.one(actor, idOf(paymentId, 'payment'));
    const { claims } = await this.parts.of(actor, [id]);
    return csvOf(`${reference}.csv`, CLAIM_COLUMNS, claims);
  }

  @Get('remittance')
  async remittance(
    @CurrentActor() actor: Actor,
    @Param('paymentId') paymentId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendFile(request, reply, await this.remittances.pdf(actor, idOf(paymentId, 'payment')));
  }

  @Get('refuse')
  async askRefuse(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('paymentId') paymentId: string,
  ): Promise<View> {
    const data = await this.data(actor, id, paymentId);
    requireMay(actor, 'payment.refuse');
    return view('payments/refuse.njk', { ...data, back: `/payments/${id}/${paymentId}` });
  }

  @Post('refuse')
  async refuse(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('paymentId') paymentId: string,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const form = new Form(body);
    const reason = form.typed('reason');
    const payment = idOf(paymentId, 'payment');
    const tried = await attempt(() => this.refusing.run(actor, payment, { reason: reason.trim() }, form.version()));
    const back = `/payments/${id}/${paymentId}`;
    if (!tried.ok) {
      const data = await this.data(actor, id, paymentId);
      return viewAgain('payments/refuse.njk', {
        ...data,
        back,
        reason,
        errors: askedWhy(tried.errors, reason, 'Say what the bank said.'),
      });
    }
    const { reference, amountPence } = tried.value;
    return redirect(back, {
      kind: 'success',
      title: `${reference} over ${money(amountPence)} is recorded as refused`,
      text: 'Its claims are funded again and go into the next run. Should a bank statement show it after all, match that line to it.',
    });
  }

  private async data(actor: Actor, runId: string, paymentId: string) {
    const payment = await this.payments.one(actor, idOf(paymentId, 'payment'));
    if (payment.runId !== runId) throw notFound('payment');
    const run = await this.runs.one(actor, payment.runId);
    const parts = await this.parts.of(actor, [payment.id]);
    return paymentPage(actor, payment, { parts, run, authorityOf: await this.names.authorities(actor) });
  }
}
