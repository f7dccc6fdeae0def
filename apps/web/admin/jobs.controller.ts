import { Body, Get, Inject, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { DeliveryQueries, RetryDelivery, RetryDocument } from '#documents';
import { requireMay } from '#identity';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf } from '#platform/http';
import {
  attempt,
  csvDownload,
  filtersOf,
  Form,
  listLinks,
  PAGE_SIZE,
  PageController,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { deliveryRows, documentRows, JOB_CSV_COLUMNS, jobsTable, jobWords } from './jobs.presenter.js';

/** Work that did not go through: what happened, and the way on. */
@PageController('jobs')
export class JobsPages {
  constructor(
    @Inject(DeliveryQueries) private readonly deliveries: DeliveryQueries,
    @Inject(RetryDelivery) private readonly retrying: RetryDelivery,
    @Inject(RetryDocument) private readonly remaking: RetryDocument,
  ) {}

  @Get()
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    requireMay(actor, 'job.read');
    const asked = filtersOf(query);
    const tried = await attempt(() => this.deliveries.failed(actor, { limit: PAGE_SIZE, ...asked }));
    if (!tried.ok) return viewAgain('admin/jobs.njk', { errors: tried.errors, table: jobsTable([]) });
    const { items, nextCursor } = tried.value;
    return view('admin/jobs.njk', { table: jobsTable(items), links: listLinks('/jobs', asked, nextCursor) });
  }

  @Get('download')
  download(@CurrentActor() actor: Actor): StreamableFile {
    return csvDownload('jobs.csv', JOB_CSV_COLUMNS, {}, (asked) => this.deliveries.failed(actor, asked));
  }

  @Get('document/:id')
  async document(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    const document = await this.deliveries.document(actor, idOf(id, 'document'));
    const words = document.state === 'failed' ? jobWords({ kind: 'document', state: 'failed' }) : null;
    return view('admin/job.njk', {
      title: document.number,
      rows: documentRows(document),
      advice: words?.advice,
      step: words && { path: `/jobs/document/${document.id}/retry`, text: 'Try again' },
    });
  }

  @Post('document/:id/retry')
  async remake(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<Redirect> {
    const tried = await attempt(() => this.remaking.run(actor, idOf(id, 'document'), reasonOf(body)));
    if (tried.ok) return redirect('/jobs', `${tried.value.number} is made again in the background`);
    return redirect('/jobs', { title: tried.errors[0]!.message, kind: 'important' });
  }

  @Get('delivery/:id')
  async delivery(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    const delivery = await this.deliveries.one(actor, idOf(id, 'delivery'));
    const { state } = delivery;
    const words = state === 'failed' || state === 'unconfirmed' ? jobWords({ kind: 'delivery', state }) : null;
    const way = state === 'failed' ? { name: 'retry', text: 'Try again' } : { name: 'resend', text: 'Send it again' };
    return view('admin/job.njk', {
      title: `E-mail: ${delivery.number ?? delivery.notice ?? 'a notice'}`,
      rows: deliveryRows(delivery),
      advice: words?.advice,
      claimId: delivery.claimId,
      step: words && { path: `/jobs/delivery/${delivery.id}/${way.name}`, text: way.text },
      unconfirmed: state === 'unconfirmed',
    });
  }

  @Post('delivery/:id/retry')
  retry(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<Redirect> {
    return this.again(actor, id, 'retry', body);
  }

  @Post('delivery/:id/resend')
  resend(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<Redirect> {
    return this.again(actor, id, 'resend', body);
  }

  private async again(actor: Actor, id: string, way: 'retry' | 'resend', body: unknown): Promise<Redirect> {
    const tried = await attempt(() => this.retrying.run(actor, idOf(id, 'delivery'), way, reasonOf(body)));
    if (tried.ok) return redirect('/jobs', 'The e-mail goes out in the background');
    return redirect('/jobs', { title: tried.errors[0]!.message, kind: 'important' });
  }
}

function reasonOf(body: unknown): { reason?: string } {
  const reason = new Form(body).text('reason');
  return reason === undefined ? {} : { reason };
}
