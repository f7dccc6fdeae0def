import { Body, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ChangePassword, PASSWORD_RULES, UserAccess } from '#identity';
import { type Problem } from '#kernel';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import {
  attempt,
  Form,
  KeepsNothing,
  namingWhatIsMissing,
  PageController,
  redirect,
  view,
  type Redirect,
  type View,
} from '../page/index.js';
import { passwordRefusal } from './account.presenter.js';

@PageController('account/password')
export class PasswordPages {
  constructor(
    @Inject(ChangePassword) private readonly change: ChangePassword,
    @Inject(UserAccess) private readonly access: UserAccess,
  ) {}

  @Get()
  async page(@CurrentActor() actor: Actor): Promise<View | Redirect> {
    const { hasPassword } = await this.access.run(actor, actor.userId);
    return hasPassword ? passwordPage() : redirect('/account');
  }

  @Post()
  @KeepsNothing()
  async save(
    @CurrentActor() actor: Actor,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const form = new Form(body);
    const asked = { current: form.typed('current'), password: form.typed('password') };
    const tried = await attempt(() => this.change.run(actor, asked, request.session.found?.sessionId));
    if (!tried.ok) return passwordPage(namingWhatIsMissing(tried.errors, MISSING));
    const answer = tried.value;
    if (answer.state === 'changed') {
      return redirect('/account', 'Your password is changed, and you are signed out everywhere else');
    }
    if (answer.code !== 'locked') return passwordPage([passwordRefusal(answer)]);
    void reply.header('retry-after', String(answer.retryAfterSeconds));
    return passwordPage([passwordRefusal(answer)], 429);
  }
}

const MISSING = { current: 'Enter your present password.', password: 'Enter a new password.' };

const passwordPage = (errors: readonly Problem[] = [], status = errors.length > 0 ? 400 : 200): View =>
  view('account/password.njk', { rules: PASSWORD_RULES, errors }, { status });
