import pg from 'pg';
import { v7 as uuid } from 'uuid';
import { renderDocumentJob } from '#documents';
import type { DocumentModel } from '../../libs/claims/documents/document-model.js';
import { aDocument } from './document.js';

export interface IssuedDocument {
  id: string;
  claimId: string;
  number: string;
}

/** The instant everything here happens at. */
export const ISSUED_AT = '2018-04-03T09:00:00.000Z';
const MAKER = '00000000-0000-7000-8000-0000000000aa';

/** What the builder needs of a programme: EIP2 and one authority, without loading the seeds. */
export async function arrangeProgramme(admin: pg.Client, authority = 'BRENT'): Promise<void> {
  const ignore = 'ON CONFLICT DO NOTHING';
  await admin.query('SET session_replication_role = replica'); // only the rows a document refers to are needed
  await admin.query(
    `INSERT INTO claim (id, programme_code, authority_code, state, total_pence, above_rate_pence, makers, created_by, created_at, updated_at)
     SELECT $1, 'EIP2', $2, 'draft', 0, 0, ARRAY[$3]::uuid[], $3, $4, $4 ${ignore}`,
    [claimOf(authority), authority, MAKER, ISSUED_AT],
  );
  await admin.query('SET session_replication_role = origin');
}

const claimOf = (authority: string): string =>
  `00000000-0000-7000-8000-${Buffer.from(authority.padEnd(6, '_').slice(0, 6)).toString('hex')}`;

/** Issues a document as submitting a claim does: its frozen row and the job that renders it, in one transaction. */
export async function issueTestDocument(
  admin: pg.Client,
  seq: number,
  options: { authority?: string; authorityEmail?: string | null; model?: Partial<DocumentModel> } = {},
): Promise<IssuedDocument> {
  const authority = options.authority ?? 'BRENT';
  const number = `EIP2-${authority}-${String(seq).padStart(4, '0')}`;
  const model = aDocument({ number, ...options.model });
  const id = uuid();
  const claimId = claimOf(authority);
  const authorityEmail = options.authorityEmail === undefined ? 'finance@brent.example' : options.authorityEmail;
  await admin.query('BEGIN');
  await admin.query(
    `INSERT INTO document (id, authority_code, programme_code, claim_id, kind, number, seq, issued_on, total_pence,
                                 refers_to, model, payer_email, authority_email, created_at, touched_at)
     VALUES ($1, $2, 'EIP2', $3, 'invoice', $4, $5, $6, $7, NULL, $8, $9, $10, $11, $11)`,
    [
      id,
      authority,
      claimId,
      number,
      seq,
      model.issuedOn,
      model.totalPence,
      JSON.stringify(model),
      'finance@resolutionsconsultancy.com',
      authorityEmail,
      ISSUED_AT,
    ],
  );
  await admin.query('INSERT INTO outbox (at, job, payload) VALUES ($1, $2, $3)', [
    ISSUED_AT,
    renderDocumentJob.name,
    JSON.stringify({ documentId: id }),
  ]);
  await admin.query('COMMIT');
  return { id, claimId, number };
}
