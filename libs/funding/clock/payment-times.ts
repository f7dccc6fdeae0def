import { Inject, Injectable } from '@nestjs/common';
import { addDays, daysBetween, londonDate, malformed } from '#kernel';
import { requireMay } from '#identity';
import { AuthorityField, TermsStore, WhichProgramme } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { ArrayField, DateField, IntegerField, PenceField, TextField, validateQuery } from '#platform/validation';
import { programmeMeant, termsToday } from '../programme-funding.js';

const MAX_PENCE = Number.MAX_SAFE_INTEGER;
/** Ten years: a row a month and authority. */
const LONGEST_DAYS = 3660;

/** The query of GET /reports/payment-times. */
export class PaymentTimesInput {
  @WhichProgramme()
  programme?: string;

  @AuthorityField({ optional: true })
  authority?: string;

  @DateField({ optional: true, description: 'Paid on this London day or later; a year back, when left out.' })
  from?: string;

  @DateField({ optional: true, description: 'Paid on this London day or before; today, when left out.' })
  to?: string;
}

export class PaymentTimesItem {
  @TextField({ example: '2018-05', description: 'The month of the payment.' })
  month: string;

  @TextField({ nullable: true, example: 'BRENT', description: 'Null: all authorities together.' })
  authority: string | null;

  @IntegerField({ min: 1 })
  claimCount: number;

  @PenceField({ max: MAX_PENCE, description: 'Approved.' })
  amountPence: number;

  @IntegerField({ min: 0, description: 'Paid by their due date.' })
  inTimeCount: number;

  @TextField({ example: '92.3', description: 'Per cent of the claims, to one place.' })
  inTimePercent: string;

  @IntegerField({ description: 'Days from submission to payment: half of the claims took no longer.' })
  medianDays: number;

  @IntegerField({ description: 'Nine tenths took no longer.' })
  p90Days: number;
}

export class PaymentTimesView {
  @TextField({ example: 'EIP2' })
  programme: string;

  @DateField()
  from: string;

  @DateField()
  to: string;

  @IntegerField({ min: 1, description: 'Days from submission to the due date.' })
  withinDays: number;

  @ArrayField(() => PaymentTimesItem, { description: 'By month, all authorities together before each of them.' })
  items: PaymentTimesItem[];
}

export const PAYMENT_TIMES_COLUMNS = [
  ...['month', 'authority', 'claimCount', 'amountPence', 'inTimeCount', 'inTimePercent', 'medianDays', 'p90Days'],
] as const;

/**
 * How long it took from submission to payment, by month and authority. A claim is paid when its payment is settled, and counts
 * while it is: one whose money bounced back waits again. An authority sees its own. Allowed: `claim.read`.
 */
@Injectable()
export class PaymentTimes {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
  ) {}

  /** Throws malformed, not_found, forbidden. */
  run(actor: Actor, query: unknown): Promise<PaymentTimesView> {
    const input = validateQuery(PaymentTimesInput, query);
    return this.uow.read(actor, async (tx) => {
      const period = periodOf(input, londonDate(tx.now));
      requireMay(actor, 'claim.read');
      const programme = await programmeMeant(tx, input.programme);
      const { payment } = await termsToday(tx, this.terms, programme);
      const items = await readTimes(tx, { programme, ...period, authority: input.authority ?? null });
      return { programme, ...period, withinDays: payment.withinDays, items };
    });
  }
}

function periodOf(input: PaymentTimesInput, today: string): { from: string; to: string } {
  const to = input.to ?? today;
  const from = input.from ?? addDays(to, -365);
  const days = daysBetween(from, to);
  if (days >= 0 && days <= LONGEST_DAYS) return { from, to };
  const message = days < 0 ? 'This is before the first day.' : 'Ask for ten years at most.';
  throw malformed([{ path: 'to', code: 'out_of_range', message }]);
}

/** One statement that reads the index of what is paid and no claim; an authority's part of it for the authority. */
export function readTimes(
  tx: Tx,
  of: { programme: string; from: string; to: string; authority: string | null },
): Promise<PaymentTimesItem[]> {
  const own = tx.actor.scope === '*' ? null : tx.actor.scope;
  const parameters: unknown[] = [of.programme, of.from, of.to];
  const authorities = [own, of.authority].flatMap((code) =>
    code === null ? [] : [`AND c.authority_code = $${parameters.push(code)}`],
  );
  const all = authorities.length === 0 ? ', (month)' : '';
  return tx.query<PaymentTimesItem>(
    `WITH done AS (
       SELECT c.authority_code AS authority, c.approved_pence AS pence, c.due_on, (c.paid_at AT TIME ZONE 'Europe/London')::date AS paid_on,
              (c.submitted_at AT TIME ZONE 'Europe/London')::date AS submitted_on, to_char(c.paid_at AT TIME ZONE 'Europe/London', 'YYYY-MM') AS month
         FROM claim c
        WHERE c.programme_code = $1 AND c.paid_at IS NOT NULL AND c.paid_at >= $2::date::timestamp AT TIME ZONE 'Europe/London'
          AND c.paid_at < ($3::date + 1)::timestamp AT TIME ZONE 'Europe/London' ${authorities.join(' ')}
     )
     SELECT month, authority, count(*)::int AS "claimCount", sum(pence)::bigint AS "amountPence",
            (count(*) FILTER (WHERE paid_on <= due_on))::int AS "inTimeCount",
            round(100.0 * count(*) FILTER (WHERE paid_on <= due_on) / count(*), 1)::text AS "inTimePercent",
            percentile_disc(0.5) WITHIN GROUP (ORDER BY paid_on - submitted_on) AS "medianDays",
            percentile_disc(0.9) WITHIN GROUP (ORDER BY paid_on - submitted_on) AS "p90Days"
       FROM done GROUP BY GROUPING SETS ((month, authority)${all}) ORDER BY month, authority NULLS FIRST`,
    parameters,
  );
}
