import { Inject, Injectable } from '@nestjs/common';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor } from '#platform/database';
import { loadAuthority } from './authority.queries.js';

/** An account an authority has had, by its last four digits. Instants are ISO 8601. */
export interface PastAccount {
  version: number;
  accountName: string;
  lastFour: string;
  /** Whether it is abroad: entered by IBAN. */
  abroad: boolean;
  enteredAt: string;
  /** When the payer had rung back; null while it has not. */
  confirmedAt: string | null;
}

/** A telephone number that the authority had given before it entered its newest account, in digits. */
export interface HeldNumber {
  digits: string;
  /** ISO 8601. */
  since: string;
}

const MOST_ACCOUNTS = 50;

/** What became of an authority's accounts: a row of either table never changes. */
@Injectable()
export class BankDetailsHistory {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Every account, the newest first. Throws not_found, forbidden. */
  accounts(actor: Actor, code: string): Promise<PastAccount[]> {
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'authority.read');
      await loadAuthority(tx, code);
      const rows = await tx.query<
        Omit<PastAccount, 'enteredAt' | 'confirmedAt'> & { entered: Date; confirmed: Date | null }
      >(
        `SELECT b.version, b.account_name AS "accountName", right(coalesce(b.account_number, b.iban), 4) AS "lastFour",
                b.iban IS NOT NULL AS abroad, b.entered_at AS entered, k.confirmed_at AS confirmed
           FROM bank_details b LEFT JOIN bank_details_confirmation k USING (authority_code, version)
          WHERE b.authority_code = $1 ORDER BY b.version DESC LIMIT ${MOST_ACCOUNTS}`,
        [code],
      );
      return rows.map(({ entered, confirmed, ...row }) => ({
        ...row,
        enteredAt: entered.toISOString(),
        confirmedAt: confirmed?.toISOString() ?? null,
      }));
    });
  }

  /** Numbers by which the newest account may be confirmed, for whoever may. Throws not_found, forbidden. */
  numbersHeldBefore(actor: Actor, code: string): Promise<HeldNumber[]> {
    return this.uow.read(actor, async (tx) => {
      await loadAuthority(tx, code);
      requireMay(actor, 'authority.confirm_bank_details', { authority: code });
      const rows = await tx.query<{ digits: string; since: Date }>(
        `SELECT c.phone_digits AS digits, min(c.held_from) AS since FROM authority_contact c
          WHERE c.authority_code = $1 AND c.phone_digits IS NOT NULL
            AND c.held_from < (SELECT entered_at FROM bank_details WHERE authority_code = $1 ORDER BY version DESC LIMIT 1)
          GROUP BY c.phone_digits ORDER BY 2, 1`,
        [code],
      );
      return rows.map(({ digits, since }) => ({ digits, since: since.toISOString() }));
    });
  }
}
