import { Get, Inject, Query, type StreamableFile } from '@nestjs/common';
import { PaymentQueue } from '#funding';
import { londonDate, type Clock } from '#kernel';
import { CLOCK } from '#platform/config';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import {
  attempt,
  csvDownload,
  filtersOf,
  listLinks,
  PAGE_SIZE,
  PageController,
  view,
  viewAgain,
  type View,
} from '../page/index.js';
import { QUEUE_CSV, QUEUE_STATES, queueTable } from './queue.presenter.js';

/** Everything approved and not yet paid, in paying order. */
@PageController('funding/queue')
export class QueuePages {
  constructor(
    @Inject(PaymentQueue) private readonly queue: PaymentQueue,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const filters = filtersOf(query);
    const today = londonDate(this.clock.now());
    const tried = await attempt(() => this.queue.list(actor, { limit: PAGE_SIZE, ...filters }));
    const states = QUEUE_STATES.map((one) => ({ ...one, selected: one.value === (filters['state'] ?? '') }));
    const shown = { filters, states, everybody: actor.scope === '*' };
    const of = { today, filtered: Object.keys(filters).length > 0 };
    if (!tried.ok) return viewAgain('funding/queue.njk', { ...shown, table: queueTable([], of), errors: tried.errors });
    const { items, nextCursor } = tried.value;
    return view('funding/queue.njk', {
      ...shown,
      table: queueTable(items, of),
      links: listLinks('/funding/queue', filters, nextCursor),
    });
  }

  @Get('download')
  download(@CurrentActor() actor: Actor, @Query() query: unknown): StreamableFile {
    return csvDownload('payment-queue.csv', QUEUE_CSV, filtersOf(query), (asked) => this.queue.list(actor, asked));
  }
}
