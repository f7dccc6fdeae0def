import { v7 as uuid } from 'uuid';
import { withClient, type Database, type Services } from './services.js';
import { type HttpClient } from './http-client.js';
import { atOnce } from './stats.js';

/** The ten authorities of EIP2. */
export const AUTHORITIES = [
  ...['BRENT', 'BRISTOL', 'LEICS', 'LINCS', 'NORFOLK', 'SUFFOLK', 'TOWERHAM', 'WAKEFIELD', 'WSUSSEX', 'WOKINGHAM'],
] as const;

export const financeOf = (authority: string): string => `finance@${authority.toLowerCase()}.example`;

/** A drafted claim, ready to be submitted by its authority's finance officer. */
export interface Drafted {
  id: string;
  token: string;
}

/** Requests under way at once, and the connections of the pool: the default of both sides. */
export const AT_ONCE = 10;

/**
 * As many days as any bench draws: what is measured is the work, not the refusal. Written with its entry, so that the
 * allocation still equals what its entries say.
 */
export async function raiseAllotments(database: Pick<Database, 'ownerUrl'>, days: number): Promise<void> {
  await withClient(database.ownerUrl, async (client) => {
    await client.query(`SET app.authority = '*'`);
    await client.query(
      `WITH raised AS (
         UPDATE allocation a SET allotted_days = $1::numeric FROM allocation was
          WHERE was.id = a.id AND was.allotted_days < $1::numeric
         RETURNING a.id, a.authority_code, $1::numeric - was.allotted_days AS days)
       INSERT INTO allocation_entry (allocation_id, authority_code, kind, days, at, actor_id)
       SELECT id, authority_code, 'allotted', days, '2017-10-01T00:00:00Z', '00000000-0000-0000-0000-000000000000' FROM raised`,
      [days],
    );
  });
}

/** One trainer's invoice with a day of training and the travel to it: what most claims of the programme are. */
export function claimBody(serial: number): object {
  const authority = AUTHORITIES[serial % AUTHORITIES.length]!;
  return {
    programme: 'EIP2',
    authority,
    authorityReference: `CYP/2018/${serial}`,
    trainerInvoices: [
      {
        trainer: { name: `Trainer ${serial % 997} Ltd`, vatNumber: 'GB999999973' },
        number: `INV-${String(serial).padStart(6, '0')}`,
        issuedOn: '2018-03-14',
        paidOn: '2018-03-28',
        lines: [
          {
            kind: 'training',
            category: 'targeted',
            rate: 'standard',
            description: `Safety planning for group ${serial % 61}, two days`,
            bookedOn: '2018-01-10',
            deliveredOn: ['2018-03-12', '2018-03-13'],
            trainerDays: '2',
            netPence: 200_000,
            vatRate: '20',
            vatPence: 40_000,
          },
          { kind: 'travel', description: 'Rail', netPence: 15_640, vatRate: '20', vatPence: 3_128 },
        ],
      },
    ],
  };
}

/** Drafts claims over HTTP, numbered from `from`, turning through the authorities. */
export async function draftClaims(
  client: HttpClient,
  tokens: ReadonlyMap<string, string>,
  range: { from: number; count: number },
): Promise<Drafted[]> {
  const serials = Array.from({ length: range.count }, (_, index) => range.from + index);
  const drafted: Drafted[] = [];
  await atOnce(AT_ONCE, serials, async (serial, index) => {
    const token = tokens.get(financeOf(AUTHORITIES[serial % AUTHORITIES.length]!))!;
    const headers = { 'idempotency-key': uuid() };
    const reply = await client.expect(201, 'POST', '/api/v1/claims', token, JSON.stringify(claimBody(serial)), headers);
    drafted[index] = { id: (JSON.parse(reply.text) as { id: string }).id, token };
  });
  return drafted;
}

/** Submits drafted claims over HTTP, `AT_ONCE` at a time. */
export async function submitClaims(client: HttpClient, drafted: readonly Drafted[]): Promise<void> {
  await atOnce(AT_ONCE, drafted, async ({ id, token }) => {
    await client.expect(200, 'POST', `/api/v1/claims/${id}/submit`, token, '{}', { 'idempotency-key': uuid() });
  });
}

/** Tokens of every authority's finance officer. */
export const financeTokens = (services: Services, database: Pick<Database, 'url'>): Promise<Map<string, string>> =>
  services.tokens(database, AUTHORITIES.map(financeOf));
