import { Body, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SecondFactor, type NewSecondFactor } from '#identity';
import { type Problem } from '#kernel';
import {
  Form,
  OpenPage,
  OpenSecretPage,
  PageController,
  redirect,
  signIn,
  view,
  type Redirect,
  type View,
} from '../page/index.js';
import { goWhereWanted, sayWhenAgain, statusOf } from './go-on.js';
import { qrCode, spelled } from './qr-code.js';
import { codeRefusal } from './sign-in.presenter.js';

/** The second step of signing in: the code of a telephone, or, the first time, setting one up. */
@PageController('sign-in')
export class SecondFactorPages {
  constructor(@Inject(SecondFactor) private readonly secondFactor: SecondFactor) {}

  @Get('code')
  @OpenPage()
  askForCode(@Req() request: FastifyRequest): View | Redirect {
    return pendingAt(request, 'second_factor') ? view('sign-in/code.njk') : redirect('/sign-in');
  }

  @Post('code')
  @OpenSecretPage()
  async code(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const pending = pendingAt(request, 'second_factor');
    if (!pending) return redirect('/sign-in');
    const step = await this.secondFactor.verify(pending.userId, codeOf(body));
    if (step.state === 'refused') {
      sayWhenAgain(reply, step);
      return view('sign-in/code.njk', { errors: [codeRefusal(step)] }, { status: statusOf(step) });
    }
    await signIn(request, step.userId, 'password');
    return goWhereWanted(request);
  }

  @Get('second-factor')
  @OpenPage()
  async askToSetUp(@Req() request: FastifyRequest): Promise<View | Redirect> {
    const pending = pendingAt(request, 'enrol');
    if (!pending) return redirect('/sign-in');
    return setUp(await this.newFactor(request, pending));
  }

  @Post('second-factor')
  @OpenSecretPage()
  async setUp(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const pending = pendingAt(request, 'enrol');
    if (!pending?.sealed) return redirect('/sign-in');
    const step = await this.secondFactor.confirm(pending.userId, pending.sealed, codeOf(body));
    if (step.state === 'refused') {
      sayWhenAgain(reply, step);
      return setUp(await this.newFactor(request, pending), [codeRefusal(step)], statusOf(step));
    }
    await signIn(request, step.userId, 'password');
    return goWhereWanted(request);
  }

  /** The same secret again while its page is open: the telephone may have it already. */
  private async newFactor(request: FastifyRequest, pending: Pending): Promise<NewSecondFactor> {
    const { userId, step, sealed } = pending;
    const known = sealed === undefined ? null : await this.secondFactor.again(userId, sealed);
    const factor = known ?? (await this.secondFactor.begin(userId));
    request.session.pending = { userId, step, sealed: factor.sealed };
    return factor;
  }
}

type Pending = NonNullable<FastifyRequest['session']['pending']>;

/** Who is at this step, or nobody. */
function pendingAt({ session }: FastifyRequest, step: Pending['step']): Pending | null {
  return session.pending?.step === step ? session.pending : null;
}

const codeOf = (body: unknown): string => new Form(body).typed('code').replace(/\s/g, '');

const setUp = ({ secret, uri }: NewSecondFactor, errors: readonly Problem[] = [], status = 200): View =>
  view('sign-in/second-factor.njk', { qr: qrCode(uri), secret: spelled(secret), errors }, { status });
