import { Get, Inject, Param, Query, Req, Res, type StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AdjustmentQueries } from '#claims';
import { PaymentQueue } from '#funding';
import { PaymentPartsQuery, PaymentQueries, RemittanceQueries } from '#payments';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf, sendFile } from '#platform/http';
import {
  csvDownload,
  csvOf,
  filtersOf,
  listLinks,
  PAGE_SIZE,
  PageController,
  redirect,
  view,
  type Redirect,
  type View,
} from '../page/index.js';
import { Names } from './names.js';
import { dueTable, ourPaymentsTable, ourStatus, owedTable } from './ours.presenter.js';
import { CLAIM_COLUMNS, paymentPage } from './payment.presenter.js';

const COLUMNS = [
  ...['reference', 'state', 'amountPence', 'setOffPence', 'accountName', 'lastFour', 'settledAt', 'endedAt', 'reason'],
  ...['remittanceNumber', 'claimIds', 'id'],
];
const DUE_COLUMNS = [
  ...['invoiceNumber', 'state', 'amountPence', 'waitingFor', 'expectedPaymentOn', 'estimatedFrom', 'dueOn', 'claimId'],
];

const OWED_COLUMNS = [
  'creditNoteNumber',
  'invoiceNumber',
  'reason',
  'amountPence',
  'balancePence',
  'approvedAt',
  'claimId',
];

/** What an authority was paid, and what is still to come. */
@PageController()
export class OurPaymentsPages {
  constructor(
    @Inject(PaymentQueries) private readonly payments: PaymentQueries,
    @Inject(PaymentPartsQuery) private readonly parts: PaymentPartsQuery,
    @Inject(PaymentQueue) private readonly queue: PaymentQueue,
    @Inject(AdjustmentQueries) private readonly adjustments: AdjustmentQueries,
    @Inject(RemittanceQueries) private readonly remittances: RemittanceQueries,
    @Inject(Names) private readonly names: Names,
  ) {}

  @Get('payments-to-us')
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View | Redirect> {
    // To MTM's people every payment would be one to "us".
    if (actor.scope === '*') return redirect('/payments/all');
    const filters = filtersOf(query);
    const { items, nextCursor } = await this.payments.list(actor, { ...filters, limit: PAGE_SIZE });
    const due = await this.queue.list(actor, { limit: PAGE_SIZE });
    const owed = await this.adjustments.owed(actor, { limit: PAGE_SIZE });
    return view('payments/ours.njk', {
      table: ourPaymentsTable(items),
      links: listLinks('/payments-to-us', filters, nextCursor),
      due: dueTable(due.items),
      moreDue: due.nextCursor !== null,
      owed: owedTable(owed.items),
      moreOwed: owed.nextCursor !== null,
    });
  }

  @Get('payments-to-us/download')
  csv(@CurrentActor() actor: Actor, @Query() query: unknown): StreamableFile {
    return csvDownload('payments-to-us.csv', COLUMNS, filtersOf(query), (asked) => this.payments.list(actor, asked));
  }

  @Get('payments-to-us/due.csv')
  dueCsv(@CurrentActor() actor: Actor): StreamableFile {
    return csvDownload('claims-to-be-paid.csv', DUE_COLUMNS, {}, (asked) => this.queue.list(actor, asked));
  }

  @Get('payments-to-us/owed.csv')
  owedCsv(@CurrentActor() actor: Actor): StreamableFile {
    return csvDownload('to-be-taken-off.csv', OWED_COLUMNS, {}, (asked) => this.adjustments.owed(actor, asked));
  }

  @Get('payments-to-us/:id')
  async one(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    const payment = await this.payments.one(actor, idOf(id, 'payment'));
    const parts = await this.parts.of(actor, [payment.id]);
    const authorityOf = await this.names.authorities(actor);
    const page = paymentPage(actor, payment, { parts, run: null, authorityOf });
    return view('payments/our-payment.njk', { ...page, status: ourStatus(payment), back: '/payments-to-us' });
  }

  @Get('payments-to-us/:id/claims.csv')
  async claims(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<StreamableFile> {
    const payment = await this.payments.one(actor, idOf(id, 'payment'));
    const { claims } = await this.parts.of(actor, [payment.id]);
    return csvOf(`${payment.reference}.csv`, CLAIM_COLUMNS, claims);
  }

  @Get('payments-to-us/:id/remittance')
  async remittance(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendFile(request, reply, await this.remittances.pdf(actor, idOf(id, 'payment')));
  }
}
