import { Body, Get, Inject, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DemoSignIn, OidcSignIn, SignInByPassword, type SignInStep } from '#identity';
import { type Problem } from '#kernel';
import {
  Form,
  OpenPage,
  PageController,
  redirect,
  signIn,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
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
  @OpenPage()
  async withPassword(@Req() request: FastifyRequest, @Body() body: unknown): Promise<View | Redirect> {
    const form = new Form(body);
    const step = await this.byPassword.run({ email: form.typed('email').trim(), password: form.typed('password') });
    if (step.state !== 'refused') return this.goOn(request, step);
    return this.again([refusalOf(step)], form.typed('email'));
  }

  @Post('sign-in/demo')
  @OpenPage()
  async asDemo(@Req() request: FastifyRequest, @Body() body: unknown): Promise<Redirect> {
    const { userId } = await this.demo.run(new Form(body).typed('email'));
    await signIn(request, userId, 'demo');
    return redirect(takeNext(request));
  }

  @Post('sign-out')
  @OpenPage()
  async signOut(@Req() request: FastifyRequest): Promise<Redirect> {
    // A new session at once: the old one is ended, and the notice has somewhere to stand.
    await request.session.regenerate();
    return redirect('/sign-in', 'You are signed out');
  }

  private async goOn(request: FastifyRequest, step: Exclude<SignInStep, { state: 'refused' }>): Promise<Redirect> {
    if (step.state !== 'signed_in') {
      request.session.pending = { userId: step.userId, step: step.state };
      return redirect(step.state === 'enrol' ? '/sign-in/second-factor' : '/sign-in/code');
    }
    await signIn(request, step.userId, 'password');
    return redirect(takeNext(request));
  }

  private async again(errors: readonly Problem[], email: string): Promise<View> {
    return viewAgain('sign-in/sign-in.njk', { ...(await this.choices()), errors, email });
  }

  private async choices(): Promise<Record<string, unknown>> {
    return {
      providers: this.oidc.providers(),
      people: this.demo.enabled ? peopleByOrganisation(await this.demo.list()) : [],
    };
  }
}

/** Where the person was going before they were asked who they are. */
function takeNext(request: FastifyRequest): string {
  const next = safeNext(request.session.next);
  delete request.session.next;
  return next;
}
