import { Body, Get, Inject, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { DeliveryQueries, RetryDelivery, RetryDocument } from '#documents';
import { requireMay } from '#identity';
import { type Problem } from '#kernel';
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
  document(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    return this.showDocument(actor, idOf(id, 'document'));
  }

  @Post('document/:id/retry')
  async remake(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<View | Redirect> {
    const documentId = idOf(id, 'document');
    const tried = await attempt(() => this.remaking.run(actor, documentId, reasonOf(body)));
    if (tried.ok) return redirect('/jobs', `${tried.value.number} is made again in the background`);
    if (canBeTyped(tried.errors)) return this.showDocument(actor, documentId, again(tried.errors, body));
    return redirect('/jobs', { title: tried.errors[0]!.message, kind: 'important' });
  }

  @Get('delivery/:id')
  delivery(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    return this.showDelivery(actor, idOf(id, 'delivery'));
  }

  @Post('delivery/:id/retry')
  retry(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<View | Redirect> {
    return this.again(actor, id, 'retry', body);
  }

  @Post('delivery/:id/resend')
  resend(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<View | Redirect> {
    return this.again(actor, id, 'resend', body);
  }

  private async again(actor: Actor, id: string, way: 'retry' | 'resend', body: unknown): Promise<View | Redirect> {
    const deliveryId = idOf(id, 'delivery');
    const tried = await attempt(() => this.retrying.run(actor, deliveryId, way, reasonOf(body)));
    if (tried.ok) return redirect('/jobs', 'The e-mail goes out in the background');
    if (canBeTyped(tried.errors)) return this.showDelivery(actor, deliveryId, again(tried.errors, body));
    return redirect('/jobs', { title: tried.errors[0]!.message, kind: 'important' });
  }

  private async showDocument(actor: Actor, id: string, more?: Again): Promise<View> {
    const document = await this.deliveries.document(actor, id);
    const words = document.state === 'failed' ? jobWords({ kind: 'document', state: 'failed' }) : null;
    return show(more, {
      title: document.number,
      rows: documentRows(document),
      advice: words?.advice,
      step: words && { path: `/jobs/document/${document.id}/retry`, text: 'Try again' },
    });
  }

  private async showDelivery(actor: Actor, id: string, more?: Again): Promise<View> {
    const delivery = await this.deliveries.one(actor, id);
    const { state } = delivery;
    const words = state === 'failed' || state === 'unconfirmed' ? jobWords({ kind: 'delivery', state }) : null;
    const way = state === 'failed' ? { name: 'retry', text: 'Try again' } : { name: 'resend', text: 'Send it again' };
    return show(more, {
      title: `E-mail: ${delivery.number ?? delivery.notice ?? 'a notice'}`,
      rows: deliveryRows(delivery),
      advice: words?.advice,
      claimId: delivery.claimId,
      step: words && { path: `/jobs/delivery/${delivery.id}/${way.name}`, text: way.text },
      unconfirmed: state === 'unconfirmed',
    });
  }
}

/** What was wrong, and what was typed. */
interface Again {
  errors: readonly Problem[];
  reason: string;
}

const again = (errors: readonly Problem[], body: unknown): Again => ({
  errors,
  reason: new Form(body).typed('reason'),
});

const show = (more: Again | undefined, data: Record<string, unknown>): View =>
  more ? viewAgain('admin/job.njk', { ...data, ...more }) : view('admin/job.njk', data);

/** Whether somebody can put it right on the page; otherwise the list says how it stands by now. */
const canBeTyped = (errors: readonly Problem[]): boolean => errors.some(({ path }) => path === 'reason');

function reasonOf(body: unknown): { reason?: string } {
  const reason = new Form(body).text('reason');
  return reason === undefined ? {} : { reason };
}
