import { Inject, Injectable } from '@nestjs/common';
import { DomainError, refused } from '#kernel';
import { appendAudit } from '#audit';
import { Notices } from '#documents';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { requirePrintable } from '#platform/pdf';
import {
  BicField,
  CodeField,
  IbanField,
  requireVersion,
  TextField,
  validateInput,
  type ExpectedVersion,
} from '#platform/validation';
import { loadAuthority, lockAuthority, type AuthorityProfile, type BankAccount } from './authority.queries.js';
import { changedLetter } from './changed-letter.js';
import { checkIbanAccount, checkUkAccount } from './domain/index.js';

/** Bank details: a UK account by sort code and number, or an account abroad by IBAN and BIC. */
export class BankDetailsInput {
  @TextField({ max: 70, example: 'London Borough of Brent' })
  accountName: string;

  @CodeField(/^\d{2}-?\d{2}-?\d{2}$/, { optional: true, example: '08-99-99', message: 'Give a sort code: six digits.' })
  sortCode?: string;

  @CodeField(/^\d{8}$/, { optional: true, example: '66374958', message: 'Give an account number: eight digits.' })
  accountNumber?: string;

  @IbanField({ optional: true })
  iban?: string;

  @BicField({ optional: true })
  bic?: string;
}

/** The authority's finance officer enters the account its claims are paid to. */
@Injectable()
export class ReplaceBankDetails {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(Notices) private readonly notices: Notices,
  ) {}

  /**
   * Adds a version: the accounts before it stay, since money went to them. It is not paid to before MTM has confirmed it, and
   * whoever has been the contact lately is told. The answer shows the last four digits. Throws malformed (`iban_invalid`,
   * `bic_invalid` among its fields), not_found, forbidden, stale `version_stale`, refused `unsupported_character`, `account_check_failed`,
   * `iban_bic_mismatch`, `account_in_use`.
   */
  async run(actor: Actor, code: string, body: unknown, expected: ExpectedVersion): Promise<BankAccount> {
    const input = validateInput(BankDetailsInput, body);
    requireOneKindOfAccount(input);
    return this.uow.run(actor, async (tx) => {
      const authority = await lockAuthority(tx, code);
      const { bankDetails } = authority;
      requireMay(actor, 'authority.edit_bank_details', { authority: code });
      const version = bankDetails?.version ?? 0;
      requireVersion(expected, version);
      requirePrintable({ accountName: input.accountName });
      requireBankable(input.accountName);
      const account = accountOf(input);
      requirePossibleAccount(account);
      await requireNobodyElses(tx, code, account);
      const before = await loadAccount(tx, code, version);
      await addAccount(tx, code, account, version + 1);
      await appendAudit(tx, {
        chain: code,
        action: 'authority.bank_details_changed',
        subjectType: 'authority',
        subjectId: code,
        before: bankDetails && { version, lastFour: bankDetails.lastFour },
        after: {
          version: version + 1,
          lastFour: (account.accountNumber ?? account.iban!).slice(-4),
          // Which, not what: the numbers themselves are in bank_details, every version of them.
          fieldsChanged: FIELDS.filter((field) => account[field] !== (before?.[field] ?? null)),
        },
      });
      await this.tellContacts(tx, authority, version + 1);
      return (await loadAuthority(tx, code)).bankDetails!;
    });
  }

  private async tellContacts(tx: Tx, authority: AuthorityProfile, version: number): Promise<void> {
    const contacts = await tx.query<{ email: string }>(
      `SELECT DISTINCT contact_email AS email FROM (
         SELECT contact_email, coalesce(lead(held_from) OVER (ORDER BY version), $2) AS held_to
           FROM authority_contact WHERE authority_code = $1) AS held
        WHERE contact_email IS NOT NULL AND held_to > $2::timestamptz - interval '${LATELY_DAYS} days' ORDER BY 1`,
      [authority.code, tx.now],
    );
    const letter = changedLetter(
      authority,
      `/bank-details/${authority.code}`,
      'The bank account',
      'is another one now',
      [['What happens next', 'The payer rings you back before it pays anything to it']],
    );
    await this.notices.send(
      tx,
      contacts.map(({ email }) => ({
        key: `bank-details:${authority.code}:${version}:${email}`.slice(0, 200),
        owner: authority.code,
        audience: 'authority',
        to: email,
        letter,
      })),
    );
  }
}

/** A contact that was replaced so short a time ago is told too. */
const LATELY_DAYS = 90;

/** Of two keys, so that it is none of those that repeated requests take. Any number that no other lock of ours has. */
const ENTERING = 12;

async function requireNobodyElses(tx: Tx, code: string, account: Account): Promise<void> {
  // Who enters the same account elsewhere at this moment waits here, and then finds it.
  const numbers = [account.sortCode, account.accountNumber, account.iban].join(' ');
  await tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [ENTERING, numbers]);
  const [row] = await tx.query<{ taken: boolean }>('SELECT bank_account_of_another($1, $2, $3, $4) AS taken', [
    code,
    account.sortCode,
    account.accountNumber,
    account.iban,
  ]);
  if (!row?.taken) return;
  throw refused(
    'account_in_use',
    'This account belongs to another authority. Check the numbers; if they are right, ring the payer.',
  );
}

function requireOneKindOfAccount(input: BankDetailsInput): void {
  const uk = input.sortCode !== undefined && input.accountNumber !== undefined;
  const abroad = input.iban !== undefined && input.bic !== undefined;
  const given = [input.sortCode, input.accountNumber, input.iban, input.bic].filter(
    (part) => part !== undefined,
  ).length;
  if (given === 2 && uk !== abroad) return;
  const message = 'Give either sortCode and accountNumber, or iban and bic.';
  throw new DomainError('malformed', 'malformed', message, [{ path: 'sortCode', code: 'required', message }]);
}

/** Throws refused `account_check_failed`, `iban_bic_mismatch`: the numbers have their form, but no account can have them. */
function requirePossibleAccount({ sortCode, accountNumber, iban, bic }: Account): void {
  const check = iban === null ? checkUkAccount(sortCode!, accountNumber!) : checkIbanAccount(iban, bic!);
  if (check.ok) {
    if (iban?.startsWith('GB')) throw enterBySortCode();
    return;
  }
  const path = iban === null ? 'accountNumber' : 'iban';
  throw refused(check.code, check.message, [{ path, code: check.code, message: check.message }]);
}

/** Of a name in another script nothing would be left in a bank file, and no run that pays to it could be approved. */
function requireBankable(accountName: string): void {
  if (/[A-Za-z0-9]/.test(accountName.normalize('NFKD'))) return;
  const message = 'Banks take Latin letters: give the name of the account as your bank writes it in them.';
  throw refused('unsupported_character', message, [{ path: 'accountName', code: 'unsupported_character', message }]);
}

/** By its IBAN a UK account would escape the modulus check, look like another than by its number, and be paid as one abroad. */
function enterBySortCode(): Error {
  const message = 'This account is in the United Kingdom: give its sort code and account number instead of its IBAN.';
  return refused('account_check_failed', message, [{ path: 'iban', code: 'account_check_failed', message }]);
}

const FIELDS = ['accountName', 'sortCode', 'accountNumber', 'iban', 'bic'] as const;
type Account = Record<(typeof FIELDS)[number], string | null>;

const accountOf = (input: BankDetailsInput): Account => ({
  accountName: input.accountName,
  sortCode: input.sortCode?.replaceAll('-', '') ?? null,
  accountNumber: input.accountNumber ?? null,
  iban: input.iban ?? null,
  bic: input.bic ?? null,
});

async function loadAccount(tx: Tx, code: string, version: number): Promise<Account | null> {
  const [row] = await tx.query<Account>(
    `SELECT account_name AS "accountName", sort_code AS "sortCode", account_number AS "accountNumber", iban, bic
       FROM bank_details WHERE authority_code = $1 AND version = $2`,
    [code, version],
  );
  return row ?? null;
}

async function addAccount(tx: Tx, code: string, account: Account, version: number): Promise<void> {
  await tx.execute(
    `INSERT INTO bank_details (authority_code, version, account_name, sort_code, account_number, iban, bic, entered_by, entered_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [code, version, ...FIELDS.map((field) => account[field]), tx.actor.userId, tx.now],
  );
}
