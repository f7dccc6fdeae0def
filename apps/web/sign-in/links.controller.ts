import { Body, Get, Inject, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AcceptInvitation, LookAtLink, PASSWORD_RULES, RequestReset, ResetPassword, type LinkPurpose } from '#identity';
import { type Problem } from '#kernel';
import {
  attempt,
  Form,
  namingWhatIsMissing,
  OpenPage,
  OpenSecretPage,
  PageController,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { goOn } from './go-on.js';

/** Choosing a password by a link of an e-mail: the first by an invitation, another after a reset. */
@PageController()
export class LinkPages {
  constructor(
    @Inject(LookAtLink) private readonly look: LookAtLink,
    @Inject(AcceptInvitation) private readonly accept: AcceptInvitation,
    @Inject(ResetPassword) private readonly reset: ResetPassword,
    @Inject(RequestReset) private readonly request: RequestReset,
  ) {}

  @Get('reset')
  @OpenPage()
  askForAddress(): View {
    return view('sign-in/forgotten.njk');
  }

  @Post('reset')
  @OpenPage()
  async sendLink(@Body() body: unknown): Promise<View | Redirect> {
    const email = new Form(body).typed('email').trim();
    const tried = await attempt(() => this.request.run({ email }));
    if (!tried.ok) {
      const errors = namingWhatIsMissing(tried.errors, { email: 'Enter your e-mail address.' });
      return viewAgain('sign-in/forgotten.njk', { errors, email });
    }
    return redirect('/sign-in', {
      title: 'Look into your mailbox',
      text: `If ${email} has an account here, a link to choose another password is on its way. It works for one hour.`,
      kind: 'important',
    });
  }

  @Get('reset/:token')
  @OpenPage()
  askForAnother(@Param('token') token: string): Promise<View> {
    return this.form('reset', token);
  }

  @Post('reset/:token')
  @OpenSecretPage()
  another(
    @Req() request: FastifyRequest,
    @Param('token') token: string,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    return this.choose('reset', request, token, body);
  }

  @Get('invitation/:token')
  @OpenPage()
  askForFirst(@Param('token') token: string): Promise<View> {
    return this.form('invitation', token);
  }

  @Post('invitation/:token')
  @OpenSecretPage()
  first(
    @Req() request: FastifyRequest,
    @Param('token') token: string,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    return this.choose('invitation', request, token, body);
  }

  private async choose(
    purpose: LinkPurpose,
    request: FastifyRequest,
    token: string,
    body: unknown,
  ): Promise<View | Redirect> {
    const chosen = { token, password: new Form(body).typed('password') };
    const use = purpose === 'reset' ? this.reset : this.accept;
    const tried = await attempt(() => use.run(chosen));
    if (tried.ok) return goOn(request, tried.value);
    return this.form(purpose, token, namingWhatIsMissing(tried.errors, { password: 'Enter a password.' }));
  }

  /** Looking uses nothing up: programs that check e-mails follow links too. */
  private async form(purpose: LinkPurpose, token: string, errors: readonly Problem[] = []): Promise<View> {
    const person = await this.look.run(purpose, token);
    if (person === null) return view('sign-in/link-over.njk', { purpose }, { status: 404 });
    const status = errors.length > 0 ? 400 : 200;
    return view('sign-in/password.njk', { purpose, invited: person, rules: PASSWORD_RULES, errors }, { status });
  }
}
