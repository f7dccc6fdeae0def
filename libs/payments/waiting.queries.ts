import { Inject, Injectable } from '@nestjs/common';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor } from '#platform/database';

/** Counted no further: each number costs little however much waits. */
const MOST = 1000;

/** What waits of payment runs and the bank; each counted up to a thousand. */
export interface PaymentsWaiting {
  /** Prepared, for another person to approve. */
  preparedRuns: number;
  /** Lines of bank statements that nobody has matched. */
  openLines: number;
  /** Payments the bank has not shown yet. */
  sentPayments: number;
}

@Injectable()
export class PaymentsWaitingQuery {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Allowed: `payment.read`. Throws forbidden. */
  run(actor: Actor): Promise<PaymentsWaiting> {
    const count = (from: string) => `(SELECT count(*)::int FROM (SELECT 1 FROM ${from} LIMIT ${MOST}) AS counted)`;
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'payment.read');
      const [row] = await tx.query<PaymentsWaiting>(
        `SELECT ${count(`payment_run WHERE state = 'prepared'`)} AS "preparedRuns",
                ${count(`bank_line WHERE state <> 'matched'`)} AS "openLines",
                ${count(`payment p JOIN payment_run r ON r.id = p.run_id AND r.state = 'approved' WHERE p.state = 'scheduled'`)} AS "sentPayments"`,
      );
      return row!;
    });
  }
}
