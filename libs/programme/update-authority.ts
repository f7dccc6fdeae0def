import { Inject, Injectable } from '@nestjs/common';
import { appendAudit } from '#audit';
import { Notices } from '#documents';
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
  type ExpectedVersion,
} from '#platform/validation';
import { AuthorityProfileEntity } from './authority-profile.entity.js';
import { changedLetter } from './changed-letter.js';
import { loadAuthority, lockAuthority, type AuthorityProfile } from './authority.queries.js';

/** A telephone number as people write it, and what it comes to. */
export const PHONE = /^(?=(?:[^0-9]*[0-9]){7,15}[^0-9]*$)[0-9+() -]{7,30}$/;
export const digitsOf = (phone: string): string => phone.replace(/[^0-9]/g, '');

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

  @CodeField(PHONE, {
    max: 30,
    optional: true,
    nullable: true,
    example: '020 7946 0991',
    message: 'Give a telephone number with its area code.',
    description: 'Where MTM rings back before it pays to an account entered later.',
  })
  contactPhone?: string | null;
}

/** The authority's finance officer keeps its address and invoice contact. */
@Injectable()
export class UpdateAuthority {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(Notices) private readonly notices: Notices,
  ) {}

  /** Replaces address and contact. Throws not_found, forbidden, stale `version_stale`. */
  async run(actor: Actor, code: string, body: unknown, expected: ExpectedVersion): Promise<AuthorityProfile> {
    const input = validateInput(AuthorityInput, body);
    return this.uow.run(actor, async (tx) => {
      const before = await lockAuthority(tx, code);
      requireMay(actor, 'authority.edit_address', { authority: code });
      requireVersion(expected, before.version);
      requirePrintable(input);
      await saveProfile(tx, code, input, before.version);
      await this.tellOldContact(tx, before, input);
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

  /** Whoever was the contact hears that it is somebody else now: a false contact would hear of a false account alone. */
  private async tellOldContact(tx: Tx, before: AuthorityProfile, input: AuthorityInput): Promise<void> {
    const to = before.contactEmail;
    if (to === null || to === (input.contactEmail ?? null)) return;
    const key = `contact-changed:${before.code}:${before.version + 1}`;
    const page = `/authorities/${before.code}`;
    const letter = changedLetter(before, page, 'The invoice contact', 'is not this address any more');
    await this.notices.send(tx, [{ key, owner: before.code, audience: 'authority', to, letter }]);
  }
}

/** What the trail keeps of a profile: what invoices print of the authority itself. The contact is a person: only that it changed. */
const sender = ({ legalName, addressLines, postcode, version }: AuthorityProfile) => ({
  legalName,
  addressLines,
  postcode,
  version,
});
const contactOf = ({ contactName, contactEmail, contactPhone }: AuthorityProfile): string =>
  JSON.stringify([contactName, contactEmail, contactPhone]);

async function saveProfile(tx: Tx, code: string, input: AuthorityInput, version: number): Promise<void> {
  const change = {
    legalName: input.legalName,
    addressLines: input.addressLines,
    postcode: input.postcode ?? null,
    contactName: input.contactName ?? null,
    contactEmail: input.contactEmail ?? null,
    contactPhone: input.contactPhone ?? null,
    version: version + 1,
    updatedAt: tx.now,
  };
  await tx.manager.update(AuthorityProfileEntity, { authorityCode: code }, change);
  await tx.execute(
    'INSERT INTO authority_contact (authority_code, version, contact_email, phone_digits, held_from) VALUES ($1, $2, $3, $4, $5)',
    [code, change.version, change.contactEmail, change.contactPhone && digitsOf(change.contactPhone), tx.now],
  );
}
