import { Inject, Injectable } from '@nestjs/common';
import { conflict, DomainError, refused } from '#kernel';
import { appendAudit } from '#audit';
import { requireMay } from '#identity';
import { commandContext, UnitOfWork, type Actor, type Tx } from '#platform/database';
import {
  CodeField,
  honourVersion,
  NestedField,
  TextField,
  validateInput,
  type ExpectedVersion,
} from '#platform/validation';
import { loadAuthority, lockAuthority, type BankAccount } from './authority.queries.js';
import { agreesWithStored, ReadBackInput, requireWhole } from './read-back.js';
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

  @NestedField(() => ReadBackInput, {
    optional: true,
    description:
      'The account as it was read out in the call: sortCode and accountNumber, or iban and bic. It is compared with what was entered and not kept.',
  })
  readBack?: ReadBackInput;
}

/**
 * MTM finance rings the authority back on a number it held before the account was entered, has the account read out, and
 * records the call. Until then nothing is paid to the account: whoever sent in a false account would also send in a number
 * to ring. Since nobody at MTM sees more than the last four digits, what was read out is compared here.
 */
@Injectable()
export class ConfirmBankDetails {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /**
   * Confirms the account that is entered last. Throws malformed, not_found, forbidden, stale, conflict
   * `bank_details_missing`, `bank_details_confirmed`, refused `number_not_held_before`, `bank_details_read_back_differs`;
   * the last is on the trail, without what was read out.
   */
  async run(actor: Actor, code: string, body: unknown, expected?: ExpectedVersion): Promise<BankAccount> {
    const input = validateInput(ConfirmBankDetailsInput, body);
    if (input.readBack) requireWhole(input.readBack);
    let account: BankAccount | undefined;
    try {
      return await this.uow.run(actor, async (tx) => {
        account = await accountToConfirm(tx, code, expected);
        return confirm(tx, code, account, input);
      });
    } catch (error) {
      const differs = error instanceof DomainError && error.code === 'bank_details_read_back_differs';
      if (account && differs) await this.tell(actor, code, account);
      throw error;
    }
  }

  /** In a transaction of its own, which has no answer to keep: what was refused left nothing else behind. */
  private tell(actor: Actor, code: string, { version, lastFour }: BankAccount): Promise<void> {
    return commandContext.exit(() =>
      this.uow.run(actor, (tx) =>
        appendAudit(tx, {
          chain: code,
          action: 'authority.bank_details_read_back_differed',
          subjectType: 'authority',
          subjectId: code,
          after: { version, lastFour },
        }),
      ),
    );
  }
}

async function accountToConfirm(tx: Tx, code: string, expected: ExpectedVersion): Promise<BankAccount> {
  const { bankDetails } = await lockAuthority(tx, code);
  requireMay(tx.actor, 'authority.confirm_bank_details', { authority: code });
  if (!bankDetails) throw conflict('bank_details_missing', 'The authority has not entered an account yet.');
  honourVersion(expected, bankDetails.version);
  if (bankDetails.confirmedAt !== null) {
    throw conflict('bank_details_confirmed', 'This account is confirmed already.');
  }
  return bankDetails;
}

async function confirm(
  tx: Tx,
  code: string,
  { version, lastFour }: BankAccount,
  { calledNumber, spokeTo, readBack }: ConfirmBankDetailsInput,
): Promise<BankAccount> {
  await requireHeldBefore(tx, code, version, calledNumber);
  if (readBack && !(await agreesWithStored(tx, code, version, readBack))) throw differs();
  await tx.execute(
    `INSERT INTO bank_details_confirmation (authority_code, version, called_number, spoke_to, confirmed_by, confirmed_at)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [code, version, calledNumber, spokeTo, tx.actor.userId, tx.now],
  );
  await appendAudit(tx, {
    chain: code,
    action: 'authority.bank_details_confirmed',
    subjectType: 'authority',
    subjectId: code,
    // Whom and on which number is a person's: bank_details_confirmation has it.
    after: { version, lastFour, ...(readBack ? { readBack: 'agreed' } : {}) },
  });
  return (await loadAuthority(tx, code)).bankDetails!;
}

/** Which of the digits differs is told nobody: who guesses would learn from it. */
function differs(): Error {
  const message =
    'What was read out to you is not the account that was entered, so it is not confirmed and nothing is paid to it. Ring the authority again on a number it had given before. If it still differs, the authority must enter the account anew.';
  return refused('bank_details_read_back_differs', message, [
    { path: 'readBack', code: 'bank_details_read_back_differs', message },
  ]);
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
