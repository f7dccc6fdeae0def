import { Inject, Injectable } from '@nestjs/common';
import { malformed } from '#kernel';
import { requireMay } from '#identity/domain';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { ArrayField, InstantField, kinds, PenceField, TextField, validateQuery } from '#platform/validation';
import { balancesAsOf, periodOf } from './balances.js';

const MAX_PENCE = Number.MAX_SAFE_INTEGER;

/** The query of GET /ledger/trial-balance. */
export class TrialBalanceInput {
  @TextField({
    max: 40,
    optional: true,
    example: '2018-04-30',
    description: 'An instant, or a date for the end of that day in London. Now, when left out.',
  })
  asOf?: string;
}

export class AccountBalanceView {
  @TextField({ example: 'assets:restricted cash' })
  account: string;

  @PenceField({ max: MAX_PENCE })
  debitPence: number;

  @PenceField({ max: MAX_PENCE })
  creditPence: number;

  @PenceField({ min: -MAX_PENCE, max: MAX_PENCE })
  balancePence: number;
}

export class TrialBalanceView {
  @InstantField()
  asOf: string;

  @ArrayField(() => AccountBalanceView, {
    description: 'Every account posted to by then. The balances come to nothing.',
  })
  accounts: AccountBalanceView[];
}

export const TRIAL_BALANCE_COLUMNS = ['account', 'debitPence', 'creditPence', 'balancePence'] as const;

/** What every account came to, as of any instant. Allowed: `ledger.read`. */
@Injectable()
export class TrialBalance {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Throws malformed, forbidden. */
  run(actor: Actor, query: unknown): Promise<TrialBalanceView> {
    const { asOf } = validateQuery(TrialBalanceInput, query);
    const wrong = asOf !== undefined && kinds.date().check(asOf) !== null && kinds.instant().check(asOf);
    if (wrong) throw malformed([{ path: 'asOf', ...wrong }]);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'ledger.read');
      const at = await instantOf(tx, asOf);
      const totals = await balancesAsOf(tx, at);
      const accounts = totals.map((one) => ({ ...one, balancePence: one.debitPence - one.creditPence }));
      return { asOf: at.toISOString(), accounts };
    });
  }
}

async function instantOf(tx: Tx, asOf: string | undefined): Promise<Date> {
  if (asOf === undefined) return tx.now;
  if (kinds.date().check(asOf) !== null) return new Date(asOf);
  const { until } = await periodOf(tx, asOf, asOf);
  return new Date(until.getTime() - 1);
}
