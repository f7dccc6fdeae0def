import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '#kernel';
import { appendAudit } from '#audit';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { requirePrintable } from '#platform/pdf';
import {
  ArrayField,
  CodeField,
  EmailField,
  kinds,
  requireVersion,
  TextField,
  validateInput,
  versionStale,
  type ExpectedVersion,
} from '#platform/validation';
import { AuthorityProfileEntity } from './authority-profile.entity.js';
import { loadAuthority, type AuthorityProfile, type BankAccount } from './authority.queries.js';

/** What an authority keeps of itself; the claim invoice prints it. */
export class AuthorityInput {
  @TextField({ max: 200, example: 'London Borough of Brent' })
  legalName: string;

  @ArrayField(kinds.text({ max: 100 }), { min: 1, max: 6, description: 'Address, a line each, without the postcode.' })
  addressLines: string[];

  @TextField({ max: 12, optional: true, nullable: true, example: 'HA9 0FJ' })
  postcode?: string | null;

  @TextField({ max: 100, optional: true, nullable: true, description: 'Who answers questions about an invoice.' })
  contactName?: string | null;

  @EmailField({ optional: true, nullable: true, description: 'Where the copy of each invoice goes.' })
  contactEmail?: string | null;
}

/** Bank details: a UK account by sort code and number, or an account abroad by IBAN and BIC. */
export class BankDetailsInput {
  @TextField({ max: 70, example: 'London Borough of Brent' })
  accountName: string;

  @CodeField(/^\d{2}-?\d{2}-?\d{2}$/, { optional: true, example: '01-02-03', message: 'Give a sort code: six digits.' })
  sortCode?: string;

  @CodeField(/^\d{8}$/, { optional: true, example: '12345678', message: 'Give an account number: eight digits.' })
  accountNumber?: string;

  @CodeField(/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/, { optional: true, message: 'Give an IBAN in capitals, without spaces.' })
  iban?: string;

  @CodeField(/^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/, { optional: true, message: 'Give a BIC: 8 or 11 characters.' })
  bic?: string;
}

/** The authority's finance officer keeps its address, invoice contact and bank details. */
@Injectable()
export class UpdateAuthority {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Replaces address and contact. Throws not_found, forbidden, stale `version_stale`. */
  async replaceProfile(
    actor: Actor,
    code: string,
    body: unknown,
    expected: ExpectedVersion,
  ): Promise<AuthorityProfile> {
    const input = validateInput(AuthorityInput, body);
    return this.uow.run(actor, async (tx) => {
      const before = await loadAuthority(tx, code);
      requireMay(actor, 'authority.edit_address', { authority: code });
      requireVersion(expected, before.version);
      requirePrintable(input);
      await saveProfile(tx, code, input, before.version);
      const after = await loadAuthority(tx, code);
      await appendAudit(tx, {
        chain: code,
        action: 'authority.address_changed',
        subjectType: 'authority',
        subjectId: code,
        before: sender(before),
        after: { ...sender(after), contactChanged: contactOf(before) !== contactOf(after) },
      });
      return after;
    });
  }

  /**
   * Replaces the bank details; the answer shows the last four digits. Throws malformed, not_found, forbidden, stale,
   * refused `unsupported_character`.
   */
  async replaceBankDetails(actor: Actor, code: string, body: unknown, expected: ExpectedVersion): Promise<BankAccount> {
    const input = validateInput(BankDetailsInput, body);
    requireOneKindOfAccount(input);
    return this.uow.run(actor, async (tx) => {
      const before = await loadAuthority(tx, code);
      requireMay(actor, 'authority.edit_bank_details', { authority: code });
      const version = before.bankDetails?.version ?? 0;
      requireVersion(expected, version);
      requirePrintable({ accountName: input.accountName });
      await saveBankDetails(tx, code, input, version);
      await appendAudit(tx, {
        chain: code,
        action: 'authority.bank_details_changed',
        subjectType: 'authority',
        subjectId: code,
        before: before.bankDetails && { lastFour: before.bankDetails.lastFour, version },
        after: { lastFour: (input.accountNumber ?? input.iban!).slice(-4), version: version + 1 },
      });
      return (await loadAuthority(tx, code)).bankDetails!;
    });
  }
}

/** What the trail keeps of a profile: what invoices print of the authority itself. The contact is a person: only that it changed. */
const sender = ({ legalName, addressLines, postcode, version }: AuthorityProfile) => ({
  legalName,
  addressLines,
  postcode,
  version,
});
const contactOf = ({ contactName, contactEmail }: AuthorityProfile): string =>
  JSON.stringify([contactName, contactEmail]);

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

async function saveProfile(tx: Tx, code: string, input: AuthorityInput, version: number): Promise<void> {
  const change = {
    legalName: input.legalName,
    addressLines: input.addressLines,
    postcode: input.postcode ?? null,
    contactName: input.contactName ?? null,
    contactEmail: input.contactEmail ?? null,
    version: version + 1,
    updatedAt: tx.now,
  };
  const { affected } = await tx.manager.update(AuthorityProfileEntity, { authorityCode: code, version }, change);
  if (affected !== 1) throw versionStale();
}

/** SQL: one statement that enters, replaces or, of two at once, leaves alone, which no repository has. */
async function saveBankDetails(tx: Tx, code: string, input: BankDetailsInput, version: number): Promise<void> {
  const changed = await tx.execute(
    `INSERT INTO bank_details (authority_code, account_name, sort_code, account_number, iban, bic, entered_by, entered_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (authority_code) DO UPDATE SET account_name = excluded.account_name, sort_code = excluded.sort_code,
       account_number = excluded.account_number, iban = excluded.iban, bic = excluded.bic, demo = false,
       version = bank_details.version + 1, entered_by = excluded.entered_by, entered_at = excluded.entered_at
       WHERE bank_details.version = $9`,
    [
      code,
      input.accountName,
      input.sortCode?.replaceAll('-', '') ?? null,
      input.accountNumber ?? null,
      input.iban ?? null,
      input.bic ?? null,
      tx.actor.userId,
      tx.now,
      version,
    ],
  );
  if (changed !== 1) throw versionStale();
}
