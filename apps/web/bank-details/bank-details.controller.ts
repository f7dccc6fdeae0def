import { Body, Get, Inject, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { malformed } from '#kernel';
import { may, requireMay } from '#identity';
import { BankDetailsHistory, codeOf, ProgrammeQueries, ReplaceBankDetails } from '#programme';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import {
  attempt,
  csvOf,
  filtersOf,
  Form,
  KeepsNothing,
  PageController,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import {
  accountBody,
  accountsTable,
  BANK_DETAILS_CSV,
  endingIn,
  HISTORY_CSV,
  historyTable,
  kindOf,
  listed,
  missingFields,
  nextStep,
  stateOf,
  tagOf,
  type ListedAccount,
} from './bank-details.presenter.js';

/** Every authority there may be; a country has a few hundred. */
const ALL = 1000;

/** The account an authority is paid to: shown by its last four digits, entered anew, never read back. */
@PageController('bank-details')
export class BankDetailsPages {
  constructor(
    @Inject(ProgrammeQueries) private readonly programme: ProgrammeQueries,
    @Inject(BankDetailsHistory) private readonly history: BankDetailsHistory,
    @Inject(ReplaceBankDetails) private readonly replacing: ReplaceBankDetails,
  ) {}

  @Get()
  async list(@CurrentActor() actor: Actor): Promise<View | Redirect> {
    if (actor.scope !== '*') return redirect(`/bank-details/${actor.scope}`);
    const accounts = await this.listed(actor);
    const open = accounts.filter(({ state }) => state === 'to_confirm');
    return view('bank-details/list.njk', {
      mayConfirm: may(actor, 'authority.confirm_bank_details').allowed,
      open: accountsTable(open, 'To be confirmed', 'No account waits to be confirmed.'),
      all: accountsTable(accounts, 'All accounts', 'No authority takes part yet.'),
    });
  }

  @Get('download')
  async download(@CurrentActor() actor: Actor): Promise<StreamableFile> {
    return csvOf('bank-details.csv', BANK_DETAILS_CSV, await this.listed(actor));
  }

  @Get(':code')
  async account(@CurrentActor() actor: Actor, @Param('code') code: string): Promise<View> {
    const authority = codeOf(code, 'authority');
    const [profile, account, accounts] = await Promise.all([
      this.programme.authority(actor, authority),
      this.programme.bankDetails(actor, authority),
      this.history.accounts(actor, authority),
    ]);
    const own = actor.scope === authority;
    return view('bank-details/account.njk', {
      profile,
      account,
      own,
      status: tagOf(account),
      number: endingIn(account),
      next: nextStep(account, own),
      toConfirm: stateOf(account) === 'to_confirm',
      history: historyTable(accounts),
      edit: may(actor, 'authority.edit_bank_details', { authority }),
      confirm: may(actor, 'authority.confirm_bank_details', { authority }),
      ...(own ? {} : { back: '/bank-details' }),
    });
  }

  @Get(':code/history.csv')
  async historyFile(@CurrentActor() actor: Actor, @Param('code') code: string): Promise<StreamableFile> {
    const authority = codeOf(code, 'authority');
    return csvOf(`bank-details-${authority}.csv`, HISTORY_CSV, await this.history.accounts(actor, authority));
  }

  @Get(':code/change')
  async form(@CurrentActor() actor: Actor, @Param('code') code: string, @Query() query: unknown): Promise<View> {
    return view('bank-details/change.njk', await this.changePage(actor, code, filtersOf(query)['kind']));
  }

  @Post(':code/change')
  @KeepsNothing()
  async change(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Query() query: unknown,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const page = await this.changePage(actor, code, filtersOf(query)['kind']);
    const authority = page.profile.code;
    const form = new Form(body);
    const asked = accountBody(form, page.kind);
    const tried = await attempt(() => {
      const missing = missingFields(asked, page.kind);
      if (missing.length > 0) throw malformed(missing);
      return this.replacing.run(actor, authority, asked, form.version());
    });
    if (tried.ok) {
      return redirect(`/bank-details/${authority}`, {
        kind: 'success',
        title: `The account that ends in ${tried.value.lastFour} is entered`,
        text: 'MTM rings you back before it pays anything to it. Whoever has been the contact lately is told by e-mail.',
      });
    }
    // What they typed goes back to them in this answer alone: nothing of it is stored or logged.
    return viewAgain('bank-details/change.njk', { ...page, values: form.values, errors: tried.errors });
  }

  private async listed(actor: Actor): Promise<ListedAccount[]> {
    requireMay(actor, 'payment.read');
    const authorities = await this.programme.authorities(actor, null, ALL);
    return authorities.map(listed);
  }

  private async changePage(actor: Actor, code: string, kind: string | undefined) {
    const authority = codeOf(code, 'authority');
    const profile = await this.programme.authority(actor, authority);
    requireMay(actor, 'authority.edit_bank_details', { authority });
    const account = await this.programme.bankDetails(actor, authority);
    return { profile, account, kind: kindOf(kind), values: {}, back: `/bank-details/${authority}` };
  }
}
