import { Get, Inject, Query, Req, type StreamableFile } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ClaimDesk, ClaimQueries } from '#claims';
import { londonDate, type Clock } from '#kernel';
import { may } from '#identity';
import { CLOCK } from '#platform/config';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import { ProgrammeQueries } from '#programme';
import {
  addressWith,
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
import { keepQueue } from './last-queue.js';
import {
  askedOf,
  authorityChoices,
  claimsQuery,
  deskOf,
  emptyText,
  nextOf,
  pileLinks,
  pileTitle,
  queueRows,
  whoChoices,
  type Asked,
} from './queue.presenter.js';

const MOST_AUTHORITIES = 500;
const CSV_COLUMNS = [
  ...['invoiceNumber', 'authority', 'authorityReference', 'state', 'totalPence', 'approvedPence', 'submittedAt'],
  ...['dueOn', 'assignedTo', 'hold.reason', 'waitingFor', 'id'],
];

/** The work queue: what waits for MTM, whose it is, the most urgent first. */
@PageController()
export class QueuePages {
  constructor(
    @Inject(ClaimQueries) private readonly claims: ClaimQueries,
    @Inject(ClaimDesk) private readonly desk: ClaimDesk,
    @Inject(ProgrammeQueries) private readonly programmes: ProgrammeQueries,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('queue')
  async queue(@CurrentActor() actor: Actor, @Query() query: unknown, @Req() request: FastifyRequest): Promise<View> {
    const filters = filtersOf(query);
    const asked = askedOf(filters, actor.roles);
    const colleagues = await this.desk.colleagues(actor);
    const authorities = await this.authorities(actor);
    const shared = {
      asked,
      title: pileTitle(asked),
      who: whoChoices(asked, colleagues, actor.userId),
      authorities: authorityChoices(authorities, asked.authority),
      empty: emptyText(asked),
    };
    const tried = await attempt(() => this.read(actor, asked, filters['cursor']));
    if (!tried.ok) {
      return viewAgain('review/queue.njk', { ...shared, rows: [], piles: [], waiting: null, errors: asFields(tried) });
    }
    keepQueue(request, asked);
    const { page, waiting } = tried.value;
    const people = await this.desk.people(
      actor,
      page.items.map(({ assignedTo }) => assignedTo),
    );
    const of = { asked, people, authorities, userId: actor.userId, today: londonDate(this.clock.now()) };
    const rows = queueRows(page.items, of);
    return view('review/queue.njk', {
      ...shared,
      waiting,
      next: filters['cursor'] === undefined ? nextOf(asked, rows) : null,
      here: addressWith('/queue', filters),
      me: actor.userId,
      mayAssign: may(actor, 'claim.assign').allowed,
      piles: pileLinks(asked, waiting, filters),
      rows,
      links: listLinks('/queue', { ...filters, show: asked.pile }, page.nextCursor),
    });
  }

  @Get('queue/download')
  async csv(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<StreamableFile> {
    const asked = askedOf(filtersOf(query), actor.roles);
    // Whoever may not see the queue is told so before the file begins.
    await this.desk.colleagues(actor);
    return csvDownload(`queue-${asked.pile}.csv`, CSV_COLUMNS, claimsQuery(asked, actor.userId), (wanted) =>
      this.claims.list(actor, wanted),
    );
  }

  private async read(actor: Actor, asked: Asked, cursor: string | undefined) {
    const desk = deskOf(asked, actor.userId);
    const after = cursor === undefined ? {} : { cursor };
    const page = await this.claims.list(actor, { limit: PAGE_SIZE, ...claimsQuery(asked, actor.userId), ...after });
    const { assigned, ...rest } = desk;
    const waiting = await this.desk.waiting(actor, { ...rest, ...(assigned && { assigned: assigned === 'true' }) });
    return { page, waiting };
  }

  private async authorities(actor: Actor): Promise<ReadonlyMap<string, string>> {
    const list = await this.programmes.authorities(actor, null, MOST_AUTHORITIES);
    return new Map(list.map(({ code, name }) => [code, name]));
  }
}

const asFields = ({ errors }: { errors: readonly { path: string; code: string; message: string }[] }) =>
  errors.map((error) => ({ ...error, path: error.path === 'assignedTo' ? 'who' : error.path }));
