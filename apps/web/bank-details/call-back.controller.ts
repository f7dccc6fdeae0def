import { Body, Get, Inject, Param, Post } from '@nestjs/common';
import { requireMay } from '#identity';
import { BankDetailsHistory, codeOf, ConfirmBankDetails, ProgrammeQueries } from '#programme';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import {
  attempt,
  Form,
  KeepsNothing,
  PageController,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { callAgain, callBody, callErrors, endingIn, heldNumbers, kindOf, stateOf } from './bank-details.presenter.js';

/** The call by which the payer makes sure of an account before it pays to it. */
@PageController('bank-details/:code/confirm')
export class CallBackPages {
  constructor(
    @Inject(ProgrammeQueries) private readonly programme: ProgrammeQueries,
    @Inject(BankDetailsHistory) private readonly history: BankDetailsHistory,
    @Inject(ConfirmBankDetails) private readonly confirming: ConfirmBankDetails,
  ) {}

  @Get()
  async form(@CurrentActor() actor: Actor, @Param('code') code: string): Promise<View> {
    return view('bank-details/confirm.njk', await this.page(actor, code));
  }

  /** What was read out is compared and gone: not in the answer, nor in a session, nor as a hash. */
  @Post()
  @KeepsNothing()
  async confirm(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const page = await this.page(actor, code);
    const authority = page.profile.code;
    const form = new Form(body);
    const asked = callBody(form, page.kind);
    const tried = await attempt(() => this.confirming.run(actor, authority, asked, form.version() ?? 0));
    if (!tried.ok) {
      const errors = callErrors(tried.errors);
      return viewAgain('bank-details/confirm.njk', { ...page, values: callAgain(form.values), errors });
    }
    return redirect(`/bank-details/${authority}`, {
      kind: 'success',
      title: `The account of ${page.profile.name} that ends in ${tried.value.lastFour} is confirmed`,
      text: 'Claims are paid to it from the next payment run on. If it turns out to be wrong, have the authority enter the right one: that one is confirmed anew.',
    });
  }

  private async page(actor: Actor, code: string) {
    const authority = codeOf(code, 'authority');
    const profile = await this.programme.authority(actor, authority);
    requireMay(actor, 'authority.confirm_bank_details', { authority });
    const account = await this.programme.bankDetails(actor, authority);
    const numbers = heldNumbers(await this.history.numbersHeldBefore(actor, authority));
    const [newest] = await this.history.accounts(actor, authority);
    return {
      profile,
      account,
      numbers,
      kind: kindOf(newest?.abroad ? 'abroad' : undefined),
      number: endingIn(account),
      open: stateOf(account) === 'to_confirm',
      values: {},
      back: `/bank-details/${authority}`,
    };
  }
}
