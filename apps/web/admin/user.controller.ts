import { Body, Get, Inject, Param, Post } from '@nestjs/common';
import {
  EndSession,
  InviteUser,
  IssueToken,
  ListSessions,
  ListUsers,
  may,
  requireMay,
  ResetSecondFactor,
  RevokeToken,
  SetUserActive,
  UserAccess,
} from '#identity';
import { TOKEN_DAYS } from '#identity/domain';
import { type Clock, type Problem } from '#kernel';
import { CLOCK } from '#platform/config';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf } from '#platform/http';
import { roleNames, sessionsTable, tokensTable } from '../account/access.presenter.js';
import { attempt, Form, PageController, redirect, view, type Redirect, type View } from '../page/index.js';
import { accessRows } from './users.presenter.js';

const noticed = (path: string, problem: Problem | undefined): Redirect =>
  redirect(path, { title: problem?.message ?? 'This could not be done', kind: 'important' });

/** One user: who they are, how they sign in, where they are signed in, and what an administrator does about it. */
@PageController('users/:id')
export class UserPages {
  constructor(
    @Inject(ListUsers) private readonly users: ListUsers,
    @Inject(UserAccess) private readonly access: UserAccess,
    @Inject(ListSessions) private readonly sessions: ListSessions,
    @Inject(EndSession) private readonly ending: EndSession,
    @Inject(SetUserActive) private readonly activating: SetUserActive,
    @Inject(InviteUser) private readonly inviting: InviteUser,
    @Inject(ResetSecondFactor) private readonly resetting: ResetSecondFactor,
    @Inject(RevokeToken) private readonly tokens: RevokeToken,
    @Inject(IssueToken) private readonly issuing: IssueToken,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  page(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    return this.show(actor, idOf(id, 'user'), {});
  }

  @Post('invite')
  async invite(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<Redirect> {
    const path = `/users/${idOf(id, 'user')}`;
    const tried = await attempt(() => this.inviting.run(actor, idOf(id, 'user')));
    return tried.ok ? redirect(path, 'An invitation is on its way') : noticed(path, tried.errors[0]);
  }

  @Get('deactivate')
  async askToDeactivate(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    requireMay(actor, 'user.set_active', { userId: id });
    return view('admin/deactivate.njk', { user: await this.users.one(actor, idOf(id, 'user')) });
  }

  @Post('deactivate')
  deactivate(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<Redirect> {
    return this.setActive(actor, id, false, body);
  }

  @Post('activate')
  activate(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<Redirect> {
    return this.setActive(actor, id, true, body);
  }

  @Get('reset-second-factor')
  async askToReset(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    requireMay(actor, 'user.reset_second_factor', { userId: id });
    return view('admin/reset-second-factor.njk', { user: await this.users.one(actor, idOf(id, 'user')) });
  }

  @Post('reset-second-factor')
  async reset(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<Redirect> {
    const path = `/users/${idOf(id, 'user')}`;
    const tried = await attempt(() => this.resetting.run(actor, idOf(id, 'user')));
    if (!tried.ok) return noticed(path, tried.errors[0]);
    return redirect(path, 'The second factor is taken away. They set up another one when they sign in next');
  }

  @Post('sessions/:sessionId/end')
  async end(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('sessionId') sessionId: string,
  ): Promise<Redirect> {
    await this.ending.run(actor, idOf(sessionId, 'session'));
    return redirect(`/users/${idOf(id, 'user')}`, 'They are signed out there');
  }

  /** The token is told on the page that answers, once, and kept nowhere: not in a notice either, which a session keeps. */
  @Post('tokens')
  async issue(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<View> {
    const form = new Form(body);
    const days = form.integer('days');
    const tried = await attempt(async () => {
      form.check();
      const asked = { label: form.typed('label').trim(), ...(days === undefined ? {} : { days }) };
      return this.issuing.run(actor, idOf(id, 'user'), asked);
    });
    const typed = { label: form.typed('label'), days: form.typed('days') };
    return this.show(actor, idOf(id, 'user'), tried.ok ? { issued: tried.value } : { errors: tried.errors, typed });
  }

  @Post('tokens/:tokenId/revoke')
  async revoke(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('tokenId') tokenId: string,
  ): Promise<Redirect> {
    const token = await this.tokens.run(actor, idOf(tokenId, 'token'), {});
    return redirect(`/users/${idOf(id, 'user')}`, `The token “${token.label}” does not work any more`);
  }

  private async setActive(actor: Actor, id: string, active: boolean, body: unknown): Promise<Redirect> {
    const path = `/users/${idOf(id, 'user')}`;
    const version = new Form(body).version();
    const tried = await attempt(() => this.activating.run(actor, idOf(id, 'user'), active, {}, version));
    if (!tried.ok) return noticed(path, tried.errors[0]);
    return redirect(path, `${tried.value.name} is ${active ? 'active again' : 'deactivated'}`);
  }

  private async show(
    actor: Actor,
    userId: string,
    more: { issued?: object; errors?: readonly Problem[]; typed?: object },
  ): Promise<View> {
    const user = await this.users.one(actor, userId);
    const seesSessions = may(actor, 'session.read', { userId }).allowed;
    const [access, sessions, tokens] = await Promise.all([
      this.access.run(actor, userId),
      seesSessions ? this.sessions.run(actor, userId) : null,
      this.tokens.list(actor, userId, {}),
    ]);
    const data = {
      user,
      access,
      roles: roleNames(user.roles),
      accessRows: accessRows(access),
      sessions: sessions && sessionsTable(sessions),
      tokens: tokensTable(tokens.items, this.clock.now()),
      tokenDays: TOKEN_DAYS,
      ...more,
    };
    return view('admin/user.njk', data, { status: more.errors ? 400 : 200 });
  }
}
