import { Inject, Injectable } from '@nestjs/common';
import { ClaimDesk, ClaimQueries } from '#claims';
import { DeliveryQueries } from '#documents';
import { ReceiptQueries, SummaryReports } from '#funding';
import { may } from '#identity';
import { londonDate, type Clock } from '#kernel';
import { PaymentsWaitingQuery } from '#payments';
import { CLOCK } from '#platform/config';
import { type Actor } from '#platform/database';
import { AuthoritiesWaiting } from '#programme';
import { attempt } from '../page/index.js';
import { type HomePage } from './home.view.js';
import { payerPage, type PayerFacts } from './payer-home.presenter.js';

const NAMED = '5';
/** After every due date: the list is in the order of the due dates then. */
const ANY_DAY = '2999-12-31';
const MOST_RECEIPTS = '50';

/** What the payer's people see first: each what their roles may do and read. */
@Injectable()
export class PayerHome {
  constructor(
    @Inject(ClaimDesk) private readonly desk: ClaimDesk,
    @Inject(ClaimQueries) private readonly claims: ClaimQueries,
    @Inject(DeliveryQueries) private readonly deliveries: DeliveryQueries,
    @Inject(ReceiptQueries) private readonly receipts: ReceiptQueries,
    @Inject(SummaryReports) private readonly reports: SummaryReports,
    @Inject(PaymentsWaitingQuery) private readonly payments: PaymentsWaitingQuery,
    @Inject(AuthoritiesWaiting) private readonly authorities: AuthoritiesWaiting,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async page(actor: Actor): Promise<HomePage> {
    const can = (action: Parameters<typeof may>[1]) => may(actor, action).allowed;
    const money = can('funding.read') && !actor.roles.includes('coordinator');
    // With several programmes there is no one sum: the pages of each show theirs.
    const ageing = money ? await attempt(() => this.reports.ageing(actor, {})) : null;
    const funding = money ? await attempt(() => this.reports.funding(actor, {})) : null;
    const facts: PayerFacts = {
      today: londonDate(this.clock.now()),
      waiting: can('claim.assign') ? await this.desk.waiting(actor, {}) : null,
      payments: money ? await this.payments.run(actor) : null,
      accounts: can('authority.confirm_bank_details') ? await this.authorities.accountsToConfirm(actor) : [],
      toConfirm: can('funding_receipt.confirm') ? await this.receiptsToConfirm(actor) : [],
      ageing: ageing?.ok ? ageing.value : null,
      funding: funding?.ok ? funding.value : null,
      toReview: can('claim.review') ? await this.urgent(actor, 'submitted') : [],
      toApprove: can('claim.approve') ? await this.urgent(actor, 'reviewed') : [],
      low: can('allocation.move') ? await this.authorities.lowAllocations(actor) : null,
      jobs:
        can('job.manage') || can('audit.seal') || actor.roles.includes('auditor') ? await this.failures(actor) : null,
    };
    return payerPage(actor, facts);
  }

  private async receiptsToConfirm(actor: Actor) {
    const { items } = await this.receipts.list(actor, { state: 'recorded', limit: MOST_RECEIPTS });
    return items.filter(({ recordedBy }) => may(actor, 'funding_receipt.confirm', { makers: [recordedBy] }).allowed);
  }

  private async urgent(actor: Actor, state: 'submitted' | 'reviewed') {
    const query = { state, hold: 'false', dueBy: ANY_DAY, limit: NAMED };
    return (await this.claims.list(actor, query)).items;
  }

  private async failures(actor: Actor) {
    const figures = await this.deliveries.figures(actor);
    const { items } = await this.deliveries.failed(actor, { limit: NAMED });
    return { figures, items };
  }
}
