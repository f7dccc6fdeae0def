import { Body, Get, Inject, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { EndSession, ListSessions, ListUsers, RevokeToken, UpdateMe, UserAccess } from '#identity';
import { type Clock } from '#kernel';
import { CLOCK } from '#platform/config';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf } from '#platform/http';
import { attempt, Form, PageController, plural, redirect, view, type Redirect, type View } from '../page/index.js';
import { roleNames, sessionsTable, tokensTable } from './access.presenter.js';

/** One's own account: who one is here, where one is signed in, what programs may act as one. */
@PageController('account')
export class AccountPages {
  constructor(
    @Inject(ListUsers) private readonly users: ListUsers,
    @Inject(UserAccess) private readonly access: UserAccess,
    @Inject(ListSessions) private readonly sessions: ListSessions,
    @Inject(EndSession) private readonly endSession: EndSession,
    @Inject(RevokeToken) private readonly tokens: RevokeToken,
    @Inject(UpdateMe) private readonly updateMe: UpdateMe,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  async page(@CurrentActor() actor: Actor, @Req() request: FastifyRequest): Promise<View> {
    const [user, access, sessions, tokens] = await Promise.all([
      this.users.one(actor, actor.userId),
      this.access.run(actor, actor.userId),
      this.sessions.run(actor, actor.userId),
      this.tokens.list(actor, actor.userId, {}),
    ]);
    return view('account/account.njk', {
      user,
      access,
      roles: roleNames(user.roles),
      sessions: sessionsTable(sessions, request.session.found?.sessionId),
      tokens: tokensTable(tokens.items, this.clock.now()),
    });
  }

  @Post('digest')
  async digest(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<Redirect> {
    const form = new Form(body);
    const weeklyDigest = form.typed('weeklyDigest') === 'yes';
    const tried = await attempt(() => this.updateMe.run(actor, { weeklyDigest }, form.version()));
    if (!tried.ok) {
      const title = 'Your account was changed meanwhile: look at it and choose again';
      return redirect('/account', { title, kind: 'important' });
    }
    const done = weeklyDigest ? 'You get the weekly e-mail from next Monday on' : 'You do not get the weekly e-mail';
    return redirect('/account', done);
  }

  @Post('sessions/end-others')
  async endOthers(@CurrentActor() actor: Actor, @Req() request: FastifyRequest): Promise<Redirect> {
    const ended = await this.endSession.others(actor, request.session.found!.sessionId);
    const said =
      ended === 0 ? 'You were signed in nowhere else' : `You are signed out of ${plural(ended, 'other browser')}`;
    return redirect('/account', said);
  }

  @Post('sessions/:id/end')
  async end(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<Redirect> {
    await this.endSession.run(actor, idOf(id, 'session'));
    return redirect('/account', 'You are signed out there');
  }

  @Post('tokens/:id/revoke')
  async revoke(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<Redirect> {
    const token = await this.tokens.run(actor, idOf(id, 'token'), {});
    return redirect('/account', `The token “${token.label}” does not work any more`);
  }
}
