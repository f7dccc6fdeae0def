import { Body, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SecondFactor, UserAccess, type NewSecondFactor, type SecondFactorStep } from '#identity';
import { type Problem } from '#kernel';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import { Form, KeepsNothing, PageController, redirect, view, type Redirect, type View } from '../page/index.js';
import { qrCode, spelled } from '../sign-in/qr-code.js';
import { factorRefusal } from './account.presenter.js';

/** One's own second factor: set up, another telephone, or, where it is not required, none. */
@PageController('account/second-factor')
export class OwnSecondFactorPages {
  constructor(
    @Inject(SecondFactor) private readonly factor: SecondFactor,
    @Inject(UserAccess) private readonly access: UserAccess,
  ) {}

  @Get()
  async page(@CurrentActor() actor: Actor, @Req() request: FastifyRequest): Promise<View | Redirect> {
    return this.show(actor, request, []);
  }

  @Post()
  @KeepsNothing()
  async save(
    @CurrentActor() actor: Actor,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const sealed = request.session.newFactor;
    if (sealed === undefined) return redirect('/account/second-factor');
    const form = new Form(body);
    const [code, current] = [digits(form, 'code'), digits(form, 'currentCode')];
    const step = await this.factor.confirm(actor.userId, sealed, code, current);
    if (step.state === 'refused') return this.refused(actor, request, reply, step, current ? 'currentCode' : 'code');
    delete request.session.newFactor;
    return redirect('/account', 'Your second factor is set up: you are asked for a code when you sign in next');
  }

  @Post('remove')
  @KeepsNothing()
  async remove(
    @CurrentActor() actor: Actor,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const step = await this.factor.remove(actor, digits(new Form(body), 'removeCode'));
    if (step.state === 'refused') return this.refused(actor, request, reply, step, 'removeCode');
    return redirect('/account', 'Your second factor is taken away: your password alone signs you in');
  }

  private refused(
    actor: Actor,
    request: FastifyRequest,
    reply: FastifyReply,
    step: Extract<SecondFactorStep, { state: 'refused' }>,
    path: Field,
  ): Promise<View | Redirect> {
    if (step.code === 'locked') void reply.header('retry-after', String(step.retryAfterSeconds));
    return this.show(actor, request, [factorRefusal(step, path)], step.code === 'locked' ? 429 : 400);
  }

  private async show(
    actor: Actor,
    request: FastifyRequest,
    errors: readonly Problem[],
    status = 200,
  ): Promise<View | Redirect> {
    const { hasPassword } = await this.access.run(actor, actor.userId);
    if (!hasPassword) return redirect('/account');
    const state = await this.factor.status(actor, actor.userId);
    const { uri, secret } = await this.newFactor(actor, request);
    const data = { ...state, qr: qrCode(uri), secret: spelled(secret), errors };
    return view('account/second-factor.njk', data, { status });
  }

  /** The same secret while the page is open. */
  private async newFactor({ userId }: Actor, request: FastifyRequest): Promise<NewSecondFactor> {
    const { newFactor: sealed } = request.session;
    const known = sealed === undefined ? null : await this.factor.again(userId, sealed);
    const factor = known ?? (await this.factor.begin(userId));
    request.session.newFactor = factor.sealed;
    return factor;
  }
}

type Field = Parameters<typeof factorRefusal>[1];
const digits = (form: Form, name: string): string => form.typed(name).replace(/\s/g, '');
