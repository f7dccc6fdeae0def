import pg from 'pg';
import { RUNTIME_ROLE, setTypeParsers } from '#platform/database';
import { type Database } from '../support/services.js';
import { timed } from '../support/stats.js';

const PAGE = 500;
const NOBODY = '00000000-0000-0000-0000-000000000000';

interface Waiting {
  id: string;
  authority: string;
  pence: number;
  version: number;
  due: string;
  submitted: string;
}

const NEXT = `
  SELECT id, authority_code AS authority, approved_pence AS pence, version, due_on::text AS due, submitted_at::text AS submitted FROM claim
   WHERE programme_code = 'EIP2' AND state = 'approved' AND held_at IS NULL AND (due_on, submitted_at, id) > ($1::date, $2::timestamptz, $3::uuid)
   ORDER BY due_on, submitted_at, id LIMIT ${PAGE}`;

/**
 * What a loop over the queue does, in one transaction: reads pages of claims, and locks, funds, changes and tells of each one,
 * by prepared statements. Answers milliseconds for the first so many claims, which the receipt covers.
 */
export async function rowByRow(database: Database, receiptId: string, claims: number): Promise<number> {
  setTypeParsers();
  const client = new pg.Client({
    connectionString: database.url,
    options: `-c timezone=UTC -c role=${RUNTIME_ROLE} -c app.authority=*`,
  });
  await client.connect();
  let place = 0;
  const ms = await timed(async () => {
    const now = new Date();
    await client.query('BEGIN');
    await client.query(
      `UPDATE funding_receipt SET state = 'confirmed', evidence = 'Loop', confirmed_by = $2, confirmed_at = $3, updated_at = $3 WHERE id = $1`,
      [receiptId, NOBODY, now],
    );
    let last: Pick<Waiting, 'due' | 'submitted' | 'id'> = { due: '-infinity', submitted: '-infinity', id: NOBODY };
    while (place < claims) {
      const { rows } = await client.query<Waiting>(NEXT, [last.due, last.submitted, last.id]);
      for (const claim of rows.slice(0, claims - place)) {
        await fundOne(client, { claim, receiptId, place: ++place, now });
      }
      last = rows.at(-1)!;
    }
    await book(client, receiptId, now);
    await client.query('COMMIT');
  });
  await client.end();
  return ms;
}

/** Once for all of them, as the service does too: a loop would have no reason to post a million journals. */
async function book(client: pg.Client, receiptId: string, now: Date): Promise<void> {
  const posting = (account: string, amountPence: number) => ({ account, amountPence });
  const { rows } = await client.query<{ amount: number; funded: number }>(
    'SELECT amount_pence AS amount, allocated_pence AS funded FROM funding_receipt WHERE id = $1',
    [receiptId],
  );
  const { amount, funded } = rows[0]!;
  const [cash, advance, owed] = [
    'assets:restricted cash',
    'liabilities:received in advance:DfE',
    'assets:receivable:DfE',
  ] as const;
  const journals = [
    {
      event: `funding_receipt.confirmed:${receiptId}`,
      kind: 'receipt_confirmed',
      postings: [posting(cash, amount), posting(advance, -amount)],
    },
    {
      event: `claims.funded:${receiptId}`,
      kind: 'claims_funded',
      postings: [posting(advance, funded), posting(owed, -funded)],
    },
  ].map((journal) => ({ ...journal, programme: 'EIP2', description: 'Loop' }));
  await client.query('SELECT ledger_post($1, $2, $3)', [now, NOBODY, JSON.stringify(journals)]);
}

async function fundOne(
  client: pg.Client,
  { claim, receiptId, place, now }: { claim: Waiting; receiptId: string; place: number; now: Date },
): Promise<void> {
  const { id, authority, pence, version } = claim;
  const send = (name: string, text: string, values: unknown[]) => client.query({ name, text, values });
  await send('lock', `SELECT 1 FROM claim WHERE id = $1 AND state = 'approved' AND held_at IS NULL FOR UPDATE`, [id]);
  await send(
    'slice',
    `INSERT INTO funding_slice (funded_by, place, seq, claim_id, authority_code, receipt_id, pence, at) VALUES ($1, $2, 1, $3, $4, $1, $5, $6)`,
    [receiptId, place, id, authority, pence, now],
  );
  await send(
    'fund',
    `UPDATE claim SET state = 'funded', version = version + 1, updated_at = $2 WHERE id = $1 AND state = 'approved'`,
    [id, now],
  );
  const before = JSON.stringify({ state: 'approved', version });
  const after = JSON.stringify({ state: 'funded', version: version + 1, receiptId });
  await send(
    'tell',
    `SELECT audit_append($1, $2, $3, '{mtm_finance}', 'MTM', NULL, 'claim.funded', 'claim', $4::text, $4::text::uuid, $5, $6, NULL)`,
    [authority, now, NOBODY, id, before, after],
  );
}
