import { Get, Inject } from '@nestjs/common';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import { PageController, view, type View } from '../page/index.js';
import { AuthorityHome } from './authority-home.js';
import { PayerHome } from './payer-home.js';

@PageController()
export class HomePages {
  constructor(
    @Inject(AuthorityHome) private readonly authority: AuthorityHome,
    @Inject(PayerHome) private readonly payer: PayerHome,
  ) {}

  @Get()
  async home(@CurrentActor() actor: Actor): Promise<View> {
    const page = actor.scope === '*' ? await this.payer.page(actor) : await this.authority.page(actor);
    return view('home/home.njk', { ...page });
  }
}
