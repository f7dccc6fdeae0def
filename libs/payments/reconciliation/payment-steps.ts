import { Inject, Injectable } from '@nestjs/common';
import { conflict, InvalidValue } from '#kernel';
import { appendAudits } from '#audit';
import { changeState } from '#claims';
import { Notices } from '#documents';
import { paymentSettled, postJournals, reverseJournals } from '#ledger';
import { violatedConstraint, type Tx } from '#platform/database';
import { PAYMENT_LIFECYCLE, type PaymentEvent } from '../domain/index.js';
import {
  lockSetOffs,
  onPaymentsRestored,
  onPaymentsSettled,
  onPaymentsUndone,
  onPaymentsUnsettled,
} from '../set-offs/payment-outcomes.js';
import { bookParts } from './match-books.js';
import { failedPaymentLetter, type Failure } from './payment-letters.js';
import { claimsPaidBy, readPayments, type PaymentRow } from './payment-record.js';

/** How a payment stood before matches of it were made or ended. */
export type Before = Pick<PaymentRow, 'state' | 'matchedPence'>;

/** Why payments move: told in the trail of each and of its claims. */
export interface Why {
  programme: string;
  reason: string | null;
  details: object;
}

const EVENTS: Readonly<Record<string, PaymentEvent>> = {
  'scheduled settled': 'settle',
  'settled scheduled': 'unsettle',
  'settled bounced': 'bounce',
  'bounced settled': 'undo_bounce',
};

/** What the trail calls each step. */
const PAST: Readonly<Record<PaymentEvent, string>> = {
  settle: 'payment.settled',
  unsettle: 'payment.unsettled',
  bounce: 'payment.bounced',
  undo_bounce: 'payment.bounce_undone',
  refuse: 'payment.refused',
  cancel: 'payment.cancelled',
};

/**
 * What follows when payments are settled, refused or bounced, and when that is undone: set-offs, books, claims, trail and
 * notices, in the caller's transaction, which has locked the programme's funding. A payment's state itself follows from its
 * matches in the database; here is what the rest of the service makes of it.
 */
@Injectable()
export class PaymentSteps {
  constructor(@Inject(Notices) private readonly notices: Notices) {}

  /** Matches of these payments were made or ended; `was` is how each stood before. */
  async follow(tx: Tx, was: ReadonlyMap<string, Before>, why: Why): Promise<void> {
    const rows = await readPayments(tx, [...was.keys()]);
    // What nothing was matched to and is settled now has no part that waits, and none that waited.
    const inParts = rows.filter(({ id, state }) => state !== 'settled' || was.get(id)!.matchedPence > 0);
    if (inParts.length > 0) await bookParts(tx, why.programme, { paymentIds: idsOf(inParts), receiptIds: [] });
    const moved = new Map<PaymentEvent, PaymentRow[]>();
    for (const row of rows) {
      const before = was.get(row.id)!.state;
      if (before === row.state) continue;
      const event = EVENTS[`${before} ${row.state}`];
      if (!event) throw new InvalidValue(`payment ${row.id} went from ${before} to ${row.state}`);
      const others = moved.get(event);
      if (others) others.push(row);
      else moved.set(event, [row]);
    }
    for (const [event, payments] of moved) await this.take(tx, event, payments, why);
  }

  private take(tx: Tx, event: PaymentEvent, payments: readonly PaymentRow[], why: Why): Promise<void> {
    switch (event) {
      case 'settle':
        return this.settle(tx, payments, why);
      case 'unsettle':
        return this.unsettle(tx, payments, why);
      case 'bounce':
        return this.bounce(tx, payments, why);
      default:
        return this.undoBounce(tx, payments, why);
    }
  }

  private async settle(tx: Tx, payments: readonly PaymentRow[], why: Why): Promise<void> {
    const ids = idsOf(payments);
    await lockSetOffs(tx, ids);
    await postJournals(tx, payments.map(settledJournal));
    await changeState(tx, claimsPaidBy(ids), 'settle', { details: why.details });
    await onPaymentsSettled(tx, ids);
    await tell(tx, 'settle', payments, why);
  }

  private async unsettle(tx: Tx, payments: readonly PaymentRow[], why: Why): Promise<void> {
    const ids = idsOf(payments);
    await lockSetOffs(tx, ids);
    await reverseJournals(tx, payments.map(settledEvent), why.reason ?? 'The match was undone.');
    await changeState(tx, claimsPaidBy(ids), 'unsettle', { details: why.details, reason: why.reason ?? undefined });
    await onPaymentsUnsettled(tx, ids);
    await tell(tx, 'unsettle', payments, why);
  }

  private async bounce(tx: Tx, payments: readonly PaymentRow[], why: Why): Promise<void> {
    const ids = idsOf(payments);
    await lockSetOffs(tx, ids);
    await reverseJournals(tx, payments.map(settledEvent), why.reason ?? 'The bank returned the payment.');
    await changeState(tx, claimsPaidBy(ids), 'bounce', { details: why.details, reason: why.reason ?? undefined });
    await freeClaims(tx, ids);
    await onPaymentsUndone(tx, ids, 'bounced');
    await tell(tx, 'bounce', payments, why);
    await this.notify(tx, 'bounced', payments);
  }

  /** Throws conflict `payment_paid_again` when its claims are elsewhere by now. */
  private async undoBounce(tx: Tx, payments: readonly PaymentRow[], why: Why): Promise<void> {
    const ids = idsOf(payments);
    await takeClaimsBack(tx, ids);
    await lockSetOffs(tx, ids);
    await postJournals(tx, payments.map(settledJournal));
    const step = { details: why.details, reason: why.reason ?? undefined };
    await changeState(tx, claimsPaidBy(ids), 'schedule', step);
    await changeState(tx, claimsPaidBy(ids), 'settle', step);
    await onPaymentsRestored(tx, ids);
    await tell(tx, 'undo_bounce', payments, why);
  }

  /** The bank will not make them. The caller knows that they wait and that no line shows anything of them. */
  async refuse(tx: Tx, payments: readonly PaymentRow[], why: Why & { reason: string }): Promise<void> {
    const ids = idsOf(payments);
    await lockSetOffs(tx, ids);
    await tx.execute(
      `UPDATE payment SET state = 'refused', ended_at = $2, ended_by = $3, end_reason = $4, version = version + 1 WHERE id = ANY ($1::uuid[])`,
      [ids, tx.now, tx.actor.userId, why.reason],
    );
    await changeState(tx, claimsPaidBy(ids), 'unschedule', { details: why.details, reason: why.reason });
    await freeClaims(tx, ids);
    await onPaymentsUndone(tx, ids, 'refused');
    await tell(tx, 'refuse', payments, why);
    await this.notify(tx, 'refused', payments);
  }

  private async notify(tx: Tx, failure: Failure, payments: readonly PaymentRow[]): Promise<void> {
    const contacts = await tx.query<{ id: string; legalName: string; email: string; currency: string }>(
      `SELECT p.id, a.legal_name AS "legalName", a.contact_email AS email, r.currency
         FROM payment p JOIN payment_run r ON r.id = p.run_id JOIN authority_profile a ON a.authority_code = p.authority_code
        WHERE p.id = ANY ($1::uuid[]) AND a.contact_email IS NOT NULL ORDER BY p.id`,
      [idsOf(payments)],
    );
    const byId = new Map(payments.map((payment) => [payment.id, payment]));
    await this.notices.send(
      tx,
      contacts.map(({ id, email, ...known }) => {
        const payment = byId.get(id)!;
        return {
          key: `payment.${failure}:${id}:${payment.settledCount}`,
          owner: payment.authority,
          audience: 'authority' as const,
          to: email,
          letter: failedPaymentLetter({ ...payment, ...known }, failure, tx.now),
        };
      }),
    );
  }
}

const idsOf = (payments: readonly PaymentRow[]): string[] => payments.map(({ id }) => id);

/** Settled again after it was undone, it is another journal. */
const settledEvent = ({ id, settledCount }: PaymentRow): string => `payment.settled:${id}:${settledCount}`;

const settledJournal = (payment: PaymentRow) =>
  paymentSettled({
    event: settledEvent(payment),
    programme: payment.programme,
    funder: '',
    authority: payment.authority,
    amountPence: payment.amountPence,
    reference: payment.reference,
  });

/** Last of a step, since until here these are the claims of the payments. */
async function freeClaims(tx: Tx, paymentIds: readonly string[]): Promise<void> {
  await tx.execute('UPDATE payment_claim SET live = false WHERE payment_id = ANY ($1::uuid[]) AND live', [paymentIds]);
}

async function takeClaimsBack(tx: Tx, paymentIds: readonly string[]): Promise<void> {
  const [moved] = await tx.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM payment_claim i JOIN claim c ON c.id = i.claim_id
      WHERE i.payment_id = ANY ($1::uuid[]) AND (c.state <> 'funded' OR c.held_at IS NOT NULL)`,
    [paymentIds],
  );
  const elsewhere = (): Error =>
    conflict(
      'payment_paid_again',
      'The return cannot be undone: its claims were put into another run, held or unfunded since.',
    );
  if (moved!.count > 0) throw elsewhere();
  try {
    await tx.execute('UPDATE payment_claim SET live = true WHERE payment_id = ANY ($1::uuid[])', [paymentIds]);
  } catch (error) {
    if (violatedConstraint(error) === 'payment_claim_once') throw elsewhere();
    throw error;
  }
}

/** Each payment in its authority's trail, which are told in the order of their codes. */
async function tell(tx: Tx, event: PaymentEvent, payments: readonly PaymentRow[], why: Why): Promise<void> {
  const from = PAYMENT_LIFECYCLE.sources(event)[0]!;
  const inOrder = [...payments].sort((a, b) => (a.authority < b.authority ? -1 : a.authority > b.authority ? 1 : 0));
  await appendAudits(
    tx,
    inOrder.map((payment) => ({
      chain: payment.authority,
      action: PAST[event],
      subjectType: 'payment',
      subjectId: payment.id,
      before: { state: from },
      after: {
        state: PAYMENT_LIFECYCLE.find(from, event)!.to,
        amountPence: payment.amountPence,
        reference: payment.reference,
        ...why.details,
      },
      reason: why.reason,
    })),
  );
}
