import { Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OidcSignIn, type OidcStep } from '#identity';
import { OpenPage, PageController, redirect, signIn, type Redirect } from '../page/index.js';
import { goWhereWanted } from './go-on.js';
import { oidcRefusal } from './sign-in.presenter.js';

/** Sign-in at an organisation's own provider of identities. */
@PageController('sign-in/oidc')
export class OidcPages {
  constructor(@Inject(OidcSignIn) private readonly oidc: OidcSignIn) {}

  /** A link, not a form: our pages' policy lets no form lead to another site, not even by a redirect. */
  @Get(':key')
  @OpenPage()
  async begin(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('key') key: string,
  ): Promise<Redirect | string> {
    if (request.session.found?.actor) return redirect('/');
    const { url, transaction } = await this.oidc.begin(key);
    request.session.oidc = transaction;
    void reply.code(303).header('location', url);
    return '';
  }

  @Get(':key/callback')
  @OpenPage()
  async callback(@Req() request: FastifyRequest, @Param('key') key: string): Promise<Redirect> {
    const transaction = request.session.oidc;
    // One try, whatever comes of it.
    delete request.session.oidc;
    if (request.session.found?.actor) return redirect('/');
    const step: OidcStep =
      transaction?.provider === key
        ? await this.oidc.finish(transaction, new URL(request.url, 'http://callback'))
        : { state: 'refused', code: 'oidc_failed' };
    if (step.state === 'refused') return redirect('/sign-in', oidcRefusal(step.code));
    await signIn(request, step.userId, 'oidc');
    return goWhereWanted(request);
  }
}
