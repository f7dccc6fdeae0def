import { Inject, Injectable } from '@nestjs/common';
import { londonDate } from '#kernel';
import { Notices } from '#documents';
import { usersWithRole } from '#identity';
import { loadAuthority, type ProgrammeTerms } from '#programme';
import { type Tx } from '#platform/database';
import { evidenceLetter, type AskedClaim } from './evidence-letter.js';

type Row = Omit<AskedClaim, 'approvedOn'> & { authority: string; approvedAt: Date };

/** Writes to the authorities of a sample: their contact and their finance officers, one letter each with all their claims. */
@Injectable()
export class AskForEvidence {
  constructor(@Inject(Notices) private readonly notices: Notices) {}

  async run(tx: Tx, sampleId: string, terms: ProgrammeTerms): Promise<void> {
    const rows = await tx.query<Row>(
      `SELECT i.authority_code AS authority, c.id AS "claimId", c.invoice_number AS "invoiceNumber", i.pence, c.approved_at AS "approvedAt"
         FROM assurance_item i JOIN claim c ON c.id = i.claim_id WHERE i.sample_id = $1 ORDER BY i.authority_code, c.invoice_number`,
      [sampleId],
    );
    for (const code of new Set(rows.map(({ authority }) => authority))) {
      const authority = await loadAuthority(tx, code);
      const claims = rows
        .filter((row) => row.authority === code)
        .map(({ claimId, invoiceNumber, pence, approvedAt }) => ({
          claimId,
          invoiceNumber,
          pence,
          approvedOn: londonDate(approvedAt),
        }));
      const letter = evidenceLetter(authority, claims, terms);
      const officers = await usersWithRole(tx, code, 'la_finance');
      const contact = authority.contactEmail === null ? [] : [authority.contactEmail.toLowerCase()];
      const addresses = new Set([...contact, ...officers.map(({ email }) => email)]);
      await this.notices.send(
        tx,
        [...addresses].map((to) => ({
          // With the authority: one address may be the contact of several.
          key: `assurance:${sampleId}:${code}:${to}`.slice(0, 200),
          owner: code,
          audience: 'authority',
          to,
          letter,
        })),
      );
    }
  }
}
