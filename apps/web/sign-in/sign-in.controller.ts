import { Body, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DemoSignIn, OidcSignIn, SignInByPassword } from '#identity';
import { type Problem } from '#kernel';
import {
  attempt,
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
import { goOn, goWhereWanted, sayWhenAgain, statusOf } from './go-on.js';
import { peopleByOrganisation, refusalOf, safeNext } from './sign-in.presenter.js';

@PageController()
export class SignInPages {
  constructor(
    @Inject(SignInByPassword) private readonly byPassword: SignInByPassword,
    @Inject(OidcSignIn) private readonly oidc: OidcSignIn,
    @Inject(DemoSignIn) private readonly demo: DemoSignIn,
  ) {}

  @Get('sign-in')
  @OpenPage()
  async page(@Req() request: FastifyRequest, @Query('next') next: unknown): Promise<View | Redirect> {
    if (request.session.found?.actor) return redirect('/');
    const wanted = safeNext(next);
    if (wanted !== '/') request.session.next = wanted;
    return view('sign-in/sign-in.njk', await this.choices());
  }

  @Post('sign-in')
  @OpenSecretPage()
  async withPassword(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const form = new Form(body);
    const given = { email: form.typed('email').trim(), password: form.typed('password') };
    const tried = await attempt(() => this.byPassword.run(given));
    // Too long, or of characters that no address has: it is nobody's, in the same words.
    const step = tried.ok ? tried.value : ({ state: 'refused', code: 'sign_in_failed', retryAfterSeconds: 0 } as const);
    if (step.state !== 'refused') return goOn(request, step);
    sayWhenAgain(reply, step);
    return this.again([refusalOf(step)], form.typed('email'), statusOf(step));
  }

  @Post('sign-in/demo')
  @OpenPage()
  async asDemo(@Req() request: FastifyRequest, @Body() body: unknown): Promise<Redirect> {
    const { userId } = await this.demo.run(new Form(body).typed('email'));
    await signIn(request, userId, 'demo');
    return goWhereWanted(request);
  }

  @Post('sign-out')
  @OpenPage()
  async signOut(@Req() request: FastifyRequest): Promise<Redirect> {
    // A new session at once: the old one is ended, and the notice has somewhere to stand.
    await request.session.regenerate();
    return redirect('/sign-in', 'You are signed out');
  }

  private async again(errors: readonly Problem[], email: string, status: number): Promise<View> {
    return view('sign-in/sign-in.njk', { ...(await this.choices()), errors, email }, { status });
  }

  private async choices(): Promise<Record<string, unknown>> {
    return {
      providers: this.oidc.providers(),
      people: this.demo.enabled ? peopleByOrganisation(await this.demo.list()) : [],
    };
  }
}
