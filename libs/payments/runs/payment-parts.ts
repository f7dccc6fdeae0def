import { Inject, Injectable } from '@nestjs/common';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor } from '#platform/database';

/** A claim that a payment pays. */
export interface PaidClaim {
  paymentId: string;
  id: string;
  authority: string;
  invoiceNumber: string;
  authorityReference: string | null;
  state: string;
  amountPence: number;
}

/** What was taken off a payment for an adjustment. */
export interface PaymentSetOff {
  paymentId: string;
  adjustmentId: string;
  claimId: string;
  creditNoteNumber: string;
  amountPence: number;
}

/** A line of a bank statement that shows a payment, or brings it back. */
export interface PaymentLine {
  paymentId: string;
  statementId: string;
  lineId: string;
  kind: 'payment' | 'payment_return';
  bookedOn: string;
  amountPence: number;
}

/** What a payment is made of, with the claims and set-offs by their numbers. */
export interface PaymentParts {
  claims: PaidClaim[];
  setOffs: PaymentSetOff[];
  /** Empty to an authority: statements are the payer's. */
  lines: PaymentLine[];
}

/** Allowed: `payment.read_own`; row-level security keeps others' payments away. */
@Injectable()
export class PaymentPartsQuery {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** In the order of the payments given; the claims of each in paying order. */
  of(actor: Actor, paymentIds: readonly string[]): Promise<PaymentParts> {
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'payment.read_own');
      return {
        claims: await tx.query<PaidClaim>(CLAIMS, [paymentIds]),
        setOffs: await tx.query<PaymentSetOff>(SET_OFFS, [paymentIds]),
        lines: actor.scope === '*' ? await tx.query<PaymentLine>(LINES, [paymentIds]) : [],
      };
    });
  }
}

const WANTED = `unnest($1::uuid[]) WITH ORDINALITY AS w (id, place)`;

const CLAIMS = `
  SELECT i.payment_id AS "paymentId", c.id, c.authority_code AS authority, c.invoice_number AS "invoiceNumber",
         c.authority_reference AS "authorityReference", c.state, i.pence AS "amountPence"
    FROM ${WANTED} JOIN payment_claim i ON i.payment_id = w.id JOIN claim c ON c.id = i.claim_id
   ORDER BY w.place, c.due_on, c.submitted_at, c.id`;

const SET_OFFS = `
  SELECT s.payment_id AS "paymentId", a.id AS "adjustmentId", a.claim_id AS "claimId", a.credit_note_number AS "creditNoteNumber",
         s.pence AS "amountPence"
    FROM ${WANTED} JOIN adjustment_set_off s ON s.payment_id = w.id JOIN adjustment a ON a.id = s.adjustment_id
   ORDER BY w.place, a.approved_at, a.id`;

const LINES = `
  SELECT m.payment_id AS "paymentId", l.statement_id AS "statementId", l.id AS "lineId", m.kind, l.booked_on AS "bookedOn",
         m.pence AS "amountPence"
    FROM ${WANTED} JOIN bank_match m ON m.payment_id = w.id AND m.ended_at IS NULL JOIN bank_line l ON l.id = m.line_id
   ORDER BY w.place, l.booked_on, l.id`;
