import { Inject, Injectable } from '@nestjs/common';
import { conflict, refused } from '#kernel';
import { appendAudit } from '#audit';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { CodeField, honourVersion, TextField, validateInput, type ExpectedVersion } from '#platform/validation';
import { loadAuthority, lockAuthority, type BankAccount } from './authority.queries.js';
import { digitsOf, PHONE } from './update-authority.js';

/** The call by which an account was checked. */
export class ConfirmBankDetailsInput {
  @CodeField(PHONE, {
    max: 30,
    example: '020 7946 0991',
    message: 'Give the telephone number that was called, with its area code.',
  })
  calledNumber: string;

  @TextField({ max: 100, example: 'Head of exchequer services', description: 'Who confirmed the account.' })
  spokeTo: string;
}

/**
 * MTM finance rings the authority back on a number it held before the account was entered, and records the call. Until
 * then nothing is paid to the account: whoever sent in a false account would also send in a number to ring.
 */
@Injectable()
export class ConfirmBankDetails {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /**
   * Confirms the account that is entered last. Throws malformed, not_found, forbidden, stale, conflict
   * `bank_details_missing`, `bank_details_confirmed`, refused `number_not_held_before`.
   */
  async run(actor: Actor, code: string, body: unknown, expected?: ExpectedVersion): Promise<BankAccount> {
    const input = validateInput(ConfirmBankDetailsInput, body);
    return this.uow.run(actor, async (tx) => {
      const { bankDetails } = await lockAuthority(tx, code);
      requireMay(actor, 'authority.confirm_bank_details', { authority: code });
      if (!bankDetails) throw conflict('bank_details_missing', 'The authority has not entered an account yet.');
      honourVersion(expected, bankDetails.version);
      if (bankDetails.confirmedAt !== null) {
        throw conflict('bank_details_confirmed', 'This account is confirmed already.');
      }
      await requireHeldBefore(tx, code, bankDetails.version, input.calledNumber);
      await tx.execute(
        `INSERT INTO bank_details_confirmation (authority_code, version, called_number, spoke_to, confirmed_by, confirmed_at)
         VALUES ($1, $2, $3, $4, $5, $6)`,
        [code, bankDetails.version, input.calledNumber, input.spokeTo, actor.userId, tx.now],
      );
      await appendAudit(tx, {
        chain: code,
        action: 'authority.bank_details_confirmed',
        subjectType: 'authority',
        subjectId: code,
        // Whom and on which number is a person's: bank_details_confirmation has it.
        after: { version: bankDetails.version, lastFour: bankDetails.lastFour },
      });
      return (await loadAuthority(tx, code)).bankDetails!;
    });
  }
}

async function requireHeldBefore(tx: Tx, code: string, version: number, called: string): Promise<void> {
  const [held] = await tx.query<{ any: boolean; this: boolean }>(
    `SELECT count(*) > 0 AS "any", coalesce(bool_or(c.phone_digits = $3), false) AS "this"
       FROM authority_contact c JOIN bank_details b ON b.authority_code = c.authority_code AND b.version = $2
      WHERE c.authority_code = $1 AND c.phone_digits IS NOT NULL AND c.held_from < b.entered_at`,
    [code, version, digitsOf(called)],
  );
  if (held?.this) return;
  const what = held?.any
    ? 'Ring a number that the authority had given before it entered this account.'
    : 'No number was held before this account was entered. Have the authority give its number, then enter the account again.';
  throw refused('number_not_held_before', what, [
    { path: 'calledNumber', code: 'number_not_held_before', message: what },
  ]);
}
