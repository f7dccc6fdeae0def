import { Inject, Injectable } from '@nestjs/common';
import { requireMay } from '#identity/domain';
import { UnitOfWork, type Actor } from '#platform/database';
import { ArrayField, InstantField, PenceField, TextField, validateQuery } from '#platform/validation';
import { instantOf, requireAsOf } from './as-of.js';
import { balancesAsOf } from './balances.js';

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
    requireAsOf(asOf);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'ledger.read');
      const at = await instantOf(tx, asOf);
      const totals = await balancesAsOf(tx, at);
      const accounts = totals.map((one) => ({ ...one, balancePence: one.debitPence - one.creditPence }));
      return { asOf: at.toISOString(), accounts };
    });
  }
}
