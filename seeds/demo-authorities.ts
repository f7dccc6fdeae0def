import { appendAudits } from '#audit';
import { systemActor, type UnitOfWork } from '#platform/database';

/** Whom a demo authority writes as. Addresses, contacts and accounts are invented; nothing here is a real account. */
const STREETS: Readonly<Record<string, readonly [street: string, town: string, postcode: string]>> = {
  BRENT: ['1 Invented Way', 'Wembley', 'HA9 0ZZ'],
  BRISTOL: ['2 Invented Quay', 'Bristol', 'BS1 0ZZ'],
  LEICS: ['3 Invented Hall', 'Leicester', 'LE3 0ZZ'],
  LINCS: ['4 Invented Hill', 'Lincoln', 'LN1 0ZZ'],
  NORFOLK: ['5 Invented Lane', 'Norwich', 'NR1 0ZZ'],
  SUFFOLK: ['6 Invented Road', 'Ipswich', 'IP1 0ZZ'],
  TOWERHAM: ['7 Invented Place', 'London', 'E14 0ZZ'],
  WAKEFIELD: ['8 Invented Street', 'Wakefield', 'WF1 0ZZ'],
  WSUSSEX: ['9 Invented Terrace', 'Chichester', 'PO19 0ZZ'],
  WOKINGHAM: ['10 Invented Close', 'Wokingham', 'RG40 0ZZ'],
};

/** Ofcom keeps these numbers for drama: nobody has one. */
const DEMO_PHONE = '020 7946 0991';

interface Address {
  code: string;
  addressLines: string[];
  postcode: string;
  version: number;
}
interface Account {
  code: string;
  version: number;
  lastFour: string;
}

const entered = (code: string, action: string, after: object) => ({
  chain: code,
  action,
  subjectType: 'authority',
  subjectId: code,
  after,
});

/** Fills in what an authority would enter itself, where nothing is entered yet. Idempotent. */
export async function loadDemoAuthorities(uow: UnitOfWork): Promise<void> {
  await uow.run(systemActor, async (tx) => {
    const codes = Object.keys(STREETS);
    const addresses = await tx.query<Address>(
      `UPDATE authority_profile p SET address_lines = ARRAY[d.street, d.town], postcode = d.postcode,
              contact_name = 'Finance office (demo)', contact_email = 'finance@' || lower(d.code) || '.example',
              contact_phone = '${DEMO_PHONE}', updated_at = $5
         FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS d (code, street, town, postcode)
        WHERE p.authority_code = d.code AND p.address_lines = '{}'
      RETURNING p.authority_code AS code, p.address_lines AS "addressLines", p.postcode, p.version`,
      [codes, ...[0, 1, 2].map((part) => codes.map((code) => STREETS[code]![part as 0 | 1 | 2])), tx.now],
    );
    // Sort code 00-00-00 belongs to no bank, so no payment could ever reach these.
    const accounts = await tx.query<Account>(
      `INSERT INTO bank_details (authority_code, version, account_name, sort_code, account_number, demo, entered_by, entered_at)
       SELECT p.authority_code, 1, p.legal_name || ' (demo)', '000000', lpad((10000000 + 1111 * row_number() OVER (ORDER BY p.authority_code))::text, 8, '0'),
              true, $2, $3
         FROM authority_profile p WHERE p.authority_code = ANY ($1) ON CONFLICT DO NOTHING
       RETURNING authority_code AS code, version, right(account_number, 4) AS "lastFour"`,
      [codes, tx.actor.userId, tx.now],
    );
    await tx.execute(
      `INSERT INTO authority_contact (authority_code, version, contact_email, phone_digits, held_from)
       SELECT p.authority_code, p.version, p.contact_email, $2, $3 FROM authority_profile p
        WHERE p.authority_code = ANY ($1) ON CONFLICT DO NOTHING`,
      [addresses.map(({ code }) => code), DEMO_PHONE.replaceAll(' ', ''), tx.now],
    );
    await tx.execute(
      `INSERT INTO bank_details_confirmation (authority_code, version, called_number, spoke_to, confirmed_by, confirmed_at)
       SELECT code, version, $3, 'Nobody: this account is invented', $4, $5
         FROM unnest($1::text[], $2::int[]) AS made (code, version)`,
      [accounts.map(({ code }) => code), accounts.map(({ version }) => version), DEMO_PHONE, tx.actor.userId, tx.now],
    );
    await appendAudits(tx, [
      ...addresses.map(({ code, ...after }) =>
        entered(code, 'authority.address_changed', { ...after, contactChanged: true }),
      ),
      ...accounts.map(({ code, ...after }) =>
        entered(code, 'authority.bank_details_changed', { ...after, demo: true }),
      ),
      ...accounts.map(({ code, ...after }) => entered(code, 'authority.bank_details_confirmed', after)),
    ]);
  });
}
