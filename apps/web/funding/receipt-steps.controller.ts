import { Body, Get, Inject, Param, Post, type StreamableFile } from '@nestjs/common';
import { ConfirmReceipt, PaymentQueue, ReceiptQueries, ReverseReceipt } from '#funding';
import { may, People } from '#identity';
import { type Problem } from '#kernel';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf } from '#platform/http';
import {
  attempt,
  csvOf,
  Form,
  money,
  PageController,
  plural,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { fundingOutcome, OUTCOME_CSV, outcomeRows } from './queue.presenter.js';
import { MOST_IN_FILE, MOST_NAMED } from './receipts.controller.js';
import { afterConfirmation } from './receipts.presenter.js';

const WHAT = 'funding receipt';

/** A second person confirms a receipt, or it is reversed. */
@PageController('funding/receipts/:id')
export class ReceiptStepPages {
  constructor(
    @Inject(ReceiptQueries) private readonly receipts: ReceiptQueries,
    @Inject(ConfirmReceipt) private readonly confirming: ConfirmReceipt,
    @Inject(ReverseReceipt) private readonly reversing: ReverseReceipt,
    @Inject(PaymentQueue) private readonly queue: PaymentQueue,
    @Inject(People) private readonly people: People,
  ) {}

  @Get('confirm')
  async askToConfirm(@CurrentActor() actor: Actor, @Param('id') given: string): Promise<View | Redirect> {
    const id = idOf(given, WHAT);
    const receipt = await this.receipts.get(actor, id);
    if (receipt.state !== 'recorded') return redirect(`/funding/receipts/${id}`);
    return view('funding/confirm-receipt.njk', await this.toConfirm(actor, id));
  }

  /** What confirming it would fund and what would still wait; once it is confirmed, what it funded. */
  @Get('outcome.csv')
  async outcome(@CurrentActor() actor: Actor, @Param('id') given: string): Promise<StreamableFile> {
    const id = idOf(given, WHAT);
    const receipt = await this.receipts.get(actor, id);
    const recorded = receipt.state === 'recorded';
    const outcome = recorded ? await this.confirming.preview(actor, id) : receipt;
    const of = { programme: receipt.programme, ids: outcome.fundedClaimIds, most: MOST_IN_FILE };
    const { funded, waiting } = await this.queue.around(actor, of);
    const rows = outcomeRows(outcome, { funded, waiting: recorded ? waiting : [] }, receipt.fundingRequestId !== null);
    return csvOf('funding-receipt-claims.csv', OUTCOME_CSV, rows);
  }

  @Post('confirm')
  async confirm(
    @CurrentActor() actor: Actor,
    @Param('id') given: string,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const id = idOf(given, WHAT);
    const form = new Form(body);
    const evidence = form.text('evidence');
    const tried = await attempt(() => {
      form.require('evidence', 'Say what shows that the money came.');
      return this.confirming.run(actor, id, { evidence }, form.version());
    });
    if (tried.ok) {
      return redirect(`/funding/receipts/${id}`, {
        kind: 'success',
        title: `The receipt of ${money(tried.value.amountPence)} is confirmed`,
        text: `${afterConfirmation(tried.value)} If it was wrong, reverse it.`,
      });
    }
    const { state } = await this.receipts.get(actor, id);
    if (state !== 'recorded') return redirect(`/funding/receipts/${id}`, notDone(tried.errors));
    const shown = await this.toConfirm(actor, id);
    return viewAgain('funding/confirm-receipt.njk', {
      ...shown,
      evidence: form.typed('evidence'),
      errors: tried.errors,
    });
  }

  @Get('reverse')
  async askToReverse(@CurrentActor() actor: Actor, @Param('id') given: string): Promise<View> {
    return view('funding/reverse-receipt.njk', await this.toReverse(actor, idOf(given, WHAT)));
  }

  @Post('reverse')
  async reverse(
    @CurrentActor() actor: Actor,
    @Param('id') given: string,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const id = idOf(given, WHAT);
    const form = new Form(body);
    const reason = form.text('reason');
    const tried = await attempt(() => {
      form.require('reason', 'Say why it is reversed.');
      return this.reversing.run(actor, id, { reason }, form.version());
    });
    if (tried.ok) {
      return redirect(`/funding/receipts/${id}`, {
        kind: 'success',
        title: 'The receipt is reversed',
        text: 'What it funded waits for money again. To undo the reversal, record the receipt anew.',
      });
    }
    const shown = await this.toReverse(actor, id);
    return viewAgain('funding/reverse-receipt.njk', { ...shown, reason: form.typed('reason'), errors: tried.errors });
  }

  private async toConfirm(actor: Actor, id: string) {
    const receipt = await this.receipts.get(actor, id);
    const preview = await this.confirming.preview(actor, id);
    const ids = preview.fundedClaimIds;
    const [around, nameOf, colleagues] = await Promise.all([
      this.queue.around(actor, { programme: receipt.programme, ids, most: MOST_NAMED }),
      this.people.names(actor, [receipt.recordedBy]),
      this.people.payerPeople(actor, 'mtm_finance'),
    ]);
    const asked = may(actor, 'funding_receipt.confirm', { makers: [receipt.recordedBy] });
    return {
      receipt,
      ...fundingOutcome(preview, around, receipt.fundingRequestId !== null),
      amount: money(receipt.amountPence),
      recordedBy: nameOf(receipt.recordedBy),
      refusal: asked.allowed ? null : asked.reason,
      others: colleagues.filter(({ id: who }) => who !== receipt.recordedBy).map(({ name }) => name),
      back: `/funding/receipts/${id}`,
    };
  }

  private async toReverse(actor: Actor, id: string) {
    const receipt = await this.receipts.get(actor, id);
    const count = receipt.fundedClaimIds.length;
    return {
      receipt,
      amount: money(receipt.amountPence),
      consequence:
        receipt.state === 'confirmed'
          ? `The books are corrected, and ${count === 0 ? 'no claim loses its money' : `${plural(count, 'claim')} it funded will wait for money again`}. A claim that is in a payment run, or paid, keeps it from being reversed.`
          : 'It funds nothing so far, so nothing else changes.',
      back: `/funding/receipts/${id}`,
    };
  }
}

const notDone = (errors: readonly Problem[]) => ({
  kind: 'important' as const,
  title: 'Nothing was done',
  text: errors.map(({ message }) => message).join(' '),
});
