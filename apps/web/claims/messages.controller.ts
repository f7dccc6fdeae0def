import { Body, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ClaimQueries, MessageQueries, PostMessage } from '#claims';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf } from '#platform/http';
import {
  attempt,
  filtersOf,
  Form,
  listLinks,
  namingWhatIsMissing,
  PAGE_SIZE,
  PageController,
  redirect,
  view,
  type Redirect,
  type View,
} from '../page/index.js';
import { ClaimPage } from './claim-page.js';
import { namedClaim } from './claim.presenter.js';
import { claimName } from './claims-list.presenter.js';

@PageController('claims/:id/messages')
export class ClaimMessagePages {
  constructor(
    @Inject(ClaimQueries) private readonly claims: ClaimQueries,
    @Inject(MessageQueries) private readonly messages: MessageQueries,
    @Inject(PostMessage) private readonly posting: PostMessage,
    @Inject(ClaimPage) private readonly claimPage: ClaimPage,
  ) {}

  /** All that was written about a claim, newest first. */
  @Get()
  async list(@CurrentActor() actor: Actor, @Param('id') id: string, @Query() query: unknown): Promise<View> {
    const claim = await this.claims.get(actor, idOf(id, 'claim'));
    const address = `/claims/${claim.id}/messages`;
    const asked = filtersOf(query);
    const { items, nextCursor } = await this.messages.list(actor, claim.id, { limit: PAGE_SIZE, ...asked });
    const names = await this.claims.names(actor, claim.id);
    const links = { ...listLinks(address, asked, nextCursor), csv: null };
    return view('claims/messages.njk', {
      ...{ claim: namedClaim(claim, names), names, name: claimName(claim), messages: items, links },
    });
  }

  @Post()
  async post(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<View | Redirect> {
    const claimId = idOf(id, 'claim');
    // A browser sends line ends as CR LF.
    const text = new Form(body).typed('text').replaceAll('\r\n', '\n').trim();
    const tried = await attempt(() => this.posting.run(actor, claimId, { text }));
    if (tried.ok) return redirect(`/claims/${claimId}#messages`, 'Your message is sent');
    const errors = namingWhatIsMissing(tried.errors, { text: 'Write your message.' });
    return this.claimPage.view(actor, claimId, { again: { errors, message: text } });
  }
}
