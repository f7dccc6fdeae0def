import { v7 as uuid } from 'uuid';
import { WAITING } from '../claims/generate-sql.js';
import { claimsDatabase } from '../claims/generate.js';
import { type BenchContext } from '../figure.js';
import { pendingPence, Receipts } from '../receipt/receipts.js';
import { type Database } from '../support/services.js';
import { type MadePayment } from './statement-file.js';

const CLAIMS = 1_000;
const PREPARER = 'finance@mtm.example';
/** Who approved none of the generated claims. */
const APPROVER = 'approver2@mtm.example';

interface Run {
  id: string;
  payments: MadePayment[];
}

/** A database with one approved run that pays all ten authorities for a thousand claims: everything over HTTP. */
export async function approvedRun({
  services,
  say,
}: BenchContext): Promise<{ database: Database; payments: MadePayment[] }> {
  const kept = await claimsDatabase(services, WAITING, 10_000, say);
  const database = await services.copy(kept, 'bench_camt');
  const pence = await services.asOwner(database.name, (client) => pendingPence(client, CLAIMS));
  const api = await services.api(database);
  const receipts = await Receipts.over(services, database, api);
  await receipts.confirm(await receipts.record(pence), CLAIMS);
  const tokens = await services.tokens(database, [PREPARER, APPROVER]);
  const post = (status: number, user: string, path: string) =>
    api.client.expect(status, 'POST', `/api/v1/payment-runs${path}`, tokens.get(user)!, '{}', {
      'idempotency-key': uuid(),
    });
  const run = JSON.parse((await post(201, PREPARER, '')).text) as Run;
  await post(200, APPROVER, `/${run.id}/approve`);
  await api.stop();
  return { database, payments: run.payments };
}
