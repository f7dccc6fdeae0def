import { Body, Inject, Param, Post } from '@nestjs/common';
import { PostMessage } from '#claims';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf } from '#platform/http';
import {
  attempt,
  Form,
  namingWhatIsMissing,
  PageController,
  redirect,
  type Redirect,
  type View,
} from '../page/index.js';
import { ClaimPage } from './claim-page.js';

@PageController('claims/:id/messages')
export class ClaimMessagePages {
  constructor(
    @Inject(PostMessage) private readonly posting: PostMessage,
    @Inject(ClaimPage) private readonly claimPage: ClaimPage,
  ) {}

  @Post()
  async post(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<View | Redirect> {
    const claimId = idOf(id, 'claim');
    // A browser sends line ends as CR LF.
    const text = new Form(body).typed('text').replaceAll('\r\n', '\n').trim();
    const tried = await attempt(() => this.posting.run(actor, claimId, { text }));
    if (tried.ok) return redirect(`/claims/${claimId}#messages`, 'Your message is sent');
    const errors = namingWhatIsMissing(tried.errors, { text: 'Write your message.' });
    return this.claimPage.view(actor, claimId, { errors, message: text });
  }
}
