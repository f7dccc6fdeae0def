import { notFound } from '#kernel';
import { type Tx } from '#platform/database';

/** The account claims are paid to, by its last four digits only. */
export interface BankAccount {
  accountName: string;
  lastFour: string;
  /** Invented, for the demonstration. */
  demo: boolean;
  version: number;
  /** When MTM confirmed it by ringing back; nothing is paid to it before. */
  confirmedAt: string | null;
}

/** Whom a claim invoice comes from and where its money goes; account numbers by their last four digits only. */
export interface AuthorityProfile {
  code: string;
  name: string;
  onsCode: string;
  legalName: string;
  addressLines: string[];
  postcode: string | null;
  country: string;
  contactName: string | null;
  contactEmail: string | null;
  contactPhone: string | null;
  bankDetails: BankAccount | null;
  version: number;
}

/** An authority as a list shows it: the second half is null for whoever may not see it. */
export type AuthorityListItem = { code: string; name: string; onsCode: string } & {
  [
    K in
      | 'legalName'
      | 'addressLines'
      | 'postcode'
      | 'country'
      | 'contactName'
      | 'contactEmail'
      | 'contactPhone'
      | 'bankDetails'
      | 'version'
  ]: AuthorityProfile[K] | null;
};

// Row-level security empties the joined tables for other authorities, so what is not one's own comes back null.
const SELECT = `SELECT a.code, a.name, a.ons_code AS "onsCode", p.legal_name AS "legalName", p.address_lines AS "addressLines",
    p.postcode, p.country, p.contact_name AS "contactName", p.contact_email AS "contactEmail",
    p.contact_phone AS "contactPhone", p.version,
    CASE WHEN b.authority_code IS NULL THEN NULL ELSE json_build_object('accountName', b.account_name,
      'lastFour', right(coalesce(b.account_number, b.iban), 4), 'demo', b.demo, 'version', b.version, 'confirmedAt',
      to_char(k.confirmed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) END AS "bankDetails"
  FROM authority a
  LEFT JOIN authority_profile p ON p.authority_code = a.code
  LEFT JOIN LATERAL (
    SELECT * FROM bank_details WHERE authority_code = a.code ORDER BY version DESC LIMIT 1
  ) b ON true
  LEFT JOIN bank_details_confirmation k ON k.authority_code = b.authority_code AND k.version = b.version`;

/** Every authority, by code: at most a few hundred, so one page after a code. */
export function listAuthorities(tx: Tx, after: string | null, limit: number): Promise<AuthorityListItem[]> {
  return tx.query<AuthorityListItem>(`${SELECT} WHERE a.code > $1 ORDER BY a.code LIMIT $2`, [after ?? '', limit]);
}

/** One authority with its address and contact. Throws not_found, also for one the actor may not see. */
export async function loadAuthority(tx: Tx, code: string): Promise<AuthorityProfile> {
  const [row] = await tx.query<AuthorityProfile>(`${SELECT} WHERE a.code = $1 AND p.authority_code IS NOT NULL`, [
    code,
  ]);
  if (!row) throw notFound('authority');
  return row;
}

/**
 * `loadAuthority` for whoever changes it: its profile's row is held until commit, so that writers of the address or of
 * the bank details come one after another. Throws not_found.
 */
export async function lockAuthority(tx: Tx, code: string): Promise<AuthorityProfile> {
  await tx.query('SELECT 1 FROM authority_profile WHERE authority_code = $1 FOR UPDATE', [code]);
  return loadAuthority(tx, code);
}

/** Throws not_found unless the authority takes part in the programme and is the actor's to see. */
export async function requireParticipant(tx: Tx, programme: string, authority: string): Promise<void> {
  const [row] = await tx.query(
    `SELECT 1 FROM programme_authority pa JOIN authority_profile p USING (authority_code)
      WHERE pa.programme_code = $1 AND pa.authority_code = $2`,
    [programme, authority],
  );
  if (!row) throw notFound('authority in this programme');
}

/** Programmes the authority takes part in, at most two: enough to know whether there is only one. */
export async function programmesOf(tx: Tx, authority: string): Promise<string[]> {
  const rows = await tx.query<{ code: string }>(
    'SELECT programme_code AS code FROM programme_authority WHERE authority_code = $1 ORDER BY 1 LIMIT 2',
    [authority],
  );
  return rows.map(({ code }) => code);
}
