import { Inject, Injectable } from '@nestjs/common';
import { lockHeads } from '#audit';
import { lockFunding } from '#funding';
import { type Tx } from '#platform/database';
import type { PaymentOutcome } from '../bank-files/pain002.js';
import { isRefusable, readPayments, type PaymentRow } from './payment-record.js';
import { PaymentSteps } from './payment-steps.js';

/** What the bank says became of a payment it was asked for. */
export interface ReportedStatus {
  paymentId: string;
  outcome: PaymentOutcome;
  /** ISO 20022's code or the bank's own, as AC04; null when it gives none. */
  reasonCode: string | null;
}

/**
 * `applied`: the payment is refused by it; `noted`: nothing had to change, since only a statement shows money; `too_late`: it
 * refuses what a statement shows as paid, or what is over.
 */
export type StatusEffect = 'applied' | 'noted' | 'too_late';

/** The bank's word on payments, before any statement shows them. */
@Injectable()
export class ApplyPaymentStatus {
  constructor(@Inject(PaymentSteps) private readonly payments: PaymentSteps) {}

  /** In the order given, in the caller's transaction. A payment named twice is refused once. */
  async apply(
    tx: Tx,
    programme: string,
    statuses: readonly ReportedStatus[],
    details: object,
  ): Promise<StatusEffect[]> {
    await lockFunding(tx, programme);
    const ids = [...new Set(statuses.map(({ paymentId }) => paymentId))];
    await tx.query('SELECT 1 FROM payment WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE', [ids]);
    const { effects, refusals } = decide(statuses, await readPayments(tx, ids));
    // Refused reason by reason: the authorities of one may come before those of the other.
    const authorities = [...refusals.values()].flat().map(({ authority }) => authority);
    if (refusals.size > 1) await lockHeads(tx, authorities);
    for (const [reason, payments] of refusals) await this.payments.refuse(tx, payments, { programme, reason, details });
    return effects;
  }

  /** What `apply` would answer now; changes nothing. */
  async foresee(tx: Tx, statuses: readonly ReportedStatus[]): Promise<StatusEffect[]> {
    const ids = [...new Set(statuses.map(({ paymentId }) => paymentId))];
    return decide(statuses, await readPayments(tx, ids)).effects;
  }
}

/** Which payments are refused, by the reason, and what each status comes to. */
function decide(
  statuses: readonly ReportedStatus[],
  payments: readonly PaymentRow[],
): { effects: StatusEffect[]; refusals: Map<string, PaymentRow[]> } {
  const waiting = new Map(payments.map((row) => [row.id, row]));
  const refusals = new Map<string, PaymentRow[]>();
  const refused = new Set<string>();
  const effects = statuses.map(({ paymentId, outcome, reasonCode }): StatusEffect => {
    const payment = waiting.get(paymentId)!;
    if (outcome !== 'rejected' && outcome !== 'cancelled') return 'noted';
    if (refused.has(paymentId) || payment.state === 'refused') return 'noted';
    if (!isRefusable(payment)) return 'too_late';
    const reason = `The bank ${outcome === 'cancelled' ? 'cancelled' : 'refused'} it${reasonCode ? `: ${reasonCode}` : ''}.`;
    refusals.set(reason, [...(refusals.get(reason) ?? []), payment]);
    refused.add(paymentId);
    return 'applied';
  });
  return { effects, refusals };
}
