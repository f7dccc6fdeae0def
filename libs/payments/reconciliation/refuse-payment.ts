import { Inject, Injectable } from '@nestjs/common';
import { conflict } from '#kernel';
import { ReasonInput } from '#claims';
import { lockFunding } from '#funding';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor } from '#platform/database';
import { honourVersion, validateInput, type ExpectedVersion } from '#platform/validation';
import { PAYMENT_LIFECYCLE } from '../domain/index.js';
import { onePayment } from './payment.queries.js';
import { isRefusable, requirePayments } from './payment-record.js';
import { PaymentSteps } from './payment-steps.js';
import { type PaymentDetail } from './payment.view.js';

/** MTM finance records that the bank will not make a payment, where no report of the bank's says so. */
@Injectable()
export class RefusePayment {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(PaymentSteps) private readonly steps: PaymentSteps,
  ) {}

  /** Its claims are funded again. Throws malformed, not_found, forbidden, stale, conflict `state_conflict`, `run_not_approved`. */
  run(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<PaymentDetail> {
    const { reason } = validateInput(ReasonInput, body ?? {});
    return this.uow.run(actor, async (tx) => {
      await onePayment(tx, id);
      requireMay(actor, 'payment.refuse');
      const [{ programme } = { programme: '' }] = await requirePayments(tx, [id]);
      await lockFunding(tx, programme);
      const [payment] = await requirePayments(tx, [id]);
      honourVersion(version, payment!.version);
      PAYMENT_LIFECYCLE.require('A payment', payment!.state, 'refuse');
      if (payment!.runState !== 'approved') {
        throw conflict(
          'run_not_approved',
          'The bank was not asked for this yet: its run is not approved. Cancel the run.',
        );
      }
      if (!isRefusable(payment!)) {
        throw conflict(
          'state_conflict',
          'A line of a bank statement shows a part of this payment. Undo that match first.',
        );
      }
      await this.steps.refuse(tx, [payment!], { programme, reason, details: {} });
      return onePayment(tx, id);
    });
  }
}
