import { Inject, Injectable } from '@nestjs/common';
import { ClaimQueries, FormQueries } from '#claims';
import { AssuranceQueries, PaymentQueue, SummaryReports } from '#funding';
import { PaymentQueries } from '#payments';
import { ProgrammeQueries } from '#programme';
import { type Actor } from '#platform/database';
import { authorityPage, type AuthorityFacts } from './authority-home.presenter.js';
import { type HomePage } from './home.view.js';

/** So many of a kind are named; the rest is a link. */
const NAMED = '5';

/** What an authority's people see first. They see no more than their authority's own. */
@Injectable()
export class AuthorityHome {
  constructor(
    @Inject(ClaimQueries) private readonly claims: ClaimQueries,
    @Inject(FormQueries) private readonly forms: FormQueries,
    @Inject(AssuranceQueries) private readonly assurance: AssuranceQueries,
    @Inject(PaymentQueue) private readonly queue: PaymentQueue,
    @Inject(PaymentQueries) private readonly payments: PaymentQueries,
    @Inject(ProgrammeQueries) private readonly programmes: ProgrammeQueries,
    @Inject(SummaryReports) private readonly reports: SummaryReports,
  ) {}

  async page(actor: Actor): Promise<HomePage> {
    const programmes = await this.forms.programmes(actor);
    const returned = await this.claims.list(actor, { state: 'returned', limit: NAMED });
    const drafts = await this.claims.list(actor, { state: 'draft', limit: NAMED });
    const asked = await this.assurance.items(actor, { state: 'requested', limit: NAMED });
    const lately = await this.claims.list(actor, { limit: NAMED });
    const paid = await this.payments.list(actor, { state: 'settled', limit: '1' });
    const parts: AuthorityFacts['programmes'] = [];
    for (const { code, name } of programmes) {
      parts.push({
        name,
        allocations: await this.programmes.allocations(actor, actor.organisation, code),
        ageing: await this.reports.ageing(actor, { programme: code }),
        coming: (await this.reports.cashForecast(actor, { programme: code })).rows,
        queue: (await this.queue.list(actor, { programme: code, limit: NAMED })).items,
      });
    }
    return authorityPage(actor, {
      programmes: parts,
      returned: returned.items,
      moreReturned: returned.nextCursor !== null,
      forms: await this.forms.list(actor),
      drafts: drafts.items,
      asked: asked.items,
      lately: lately.items,
      lastPayment: paid.items[0] ?? null,
      account: await this.programmes.bankDetails(actor, actor.organisation),
    });
  }
}
