import { type BenchContext, type Figure, type Findings } from '../figure.js';
import { capturingApi } from '../captured/capturing-api.js';
import { type Command } from '../captured/statements.js';
import { WAITING } from '../claims/generate-sql.js';
import { claimsDatabase } from '../claims/generate.js';
import { proveFunded } from '../receipt/prove.js';
import { hasPsql, replayByPsql } from '../receipt/psql.js';
import { pendingPence, Receipts, recordByHand } from '../receipt/receipts.js';
import { rowByRow } from '../receipt/row-by-row.js';
import { rawPool, replay } from '../submit/replay.js';
import { type Database } from '../support/services.js';
import { timed } from '../support/stats.js';

/** How many claims the loop takes one by one. */
const LOOPED = 5_000;
/** The same in every copy, so that the captured statements fit all of them. */
const RECEIPT = '0199a8e0-0000-7000-8000-000000000001';

const grouped = (count: number): string => count.toLocaleString('en-GB');

/** Every run begins with a copy of the same claims, in which the same receipt is recorded. */
export const receiptAll: Figure = {
  name: 'receipt-all',
  title: 'Confirming one receipt that covers every waiting claim ÷ the same statements by psql',
  run: async (context) => {
    const count = context.full ? 1_000_000 : 100_000;
    context.say(`Funding ${grouped(LOOPED)} claims one by one …`);
    const looped = await onCopy(context, LOOPED, 10_000, (database) => rowByRow(database, RECEIPT, LOOPED));
    context.say(`Funding ${grouped(count)} claims over HTTP …`);
    let command: Command | undefined;
    const http = await onCopy(context, count, count, async (database) => {
      const api = await capturingApi(context.services, database, 'funding_receipt.confirmed');
      const receipts = await Receipts.over(context.services, database, api);
      const ms = await receipts.confirm(RECEIPT, count);
      [command] = api.captured();
      await api.stop();
      return ms;
    });
    context.say(`Funding them by ${hasPsql() ? 'psql' : 'pg'} …`);
    const raw = await onCopy(context, count, count, (database) => sent(database, command!));
    return findings(count, { http, raw, looped }, command!);
  },
};

/** What `work` takes with a receipt for the first so many of the claims that wait; what it funds is proved. */
async function onCopy(
  { services, say }: BenchContext,
  covered: number,
  waiting: number,
  work: (database: Database) => Promise<number>,
): Promise<number> {
  const kept = await claimsDatabase(services, WAITING, waiting, say);
  const database = await services.copy(kept, 'bench_receipt_all');
  await services.asOwner(database.name, async (client) =>
    recordByHand(client, RECEIPT, await pendingPence(client, covered)),
  );
  const ms = await work(database);
  await services.asOwner(database.name, (client) => proveFunded(client, covered));
  await services.drop(database.name);
  return ms;
}

/** Without psql on the machine, by `pg`. */
async function sent(database: Database, command: Command): Promise<number> {
  if (hasPsql()) return replayByPsql(database, command);
  const pool = rawPool(database.url);
  const ms = await timed(() => replay(pool, [command]));
  await pool.end();
  return ms;
}

function findings(count: number, ms: { http: number; raw: number; looped: number }, command: Command): Findings {
  const loopOfAll = (ms.looped / LOOPED) * count;
  return {
    ratios: [
      {
        name: `${grouped(count)} claims: HTTP ÷ ${hasPsql() ? 'psql' : 'pg'}`,
        value: ms.http / ms.raw,
        target: { atMost: 1.5 },
      },
      { name: `a loop over rows (${grouped(LOOPED)} measured, extrapolated) ÷ HTTP`, value: loopOfAll / ms.http },
    ],
    amounts: [
      { name: 'over HTTP', value: ms.http / 1000, unit: 's' },
      { name: hasPsql() ? 'psql' : 'raw pg', value: ms.raw / 1000, unit: 's' },
      { name: `a loop over rows, of ${grouped(LOOPED)}`, value: ms.looped / 1000, unit: 's' },
      { name: `the loop, extrapolated to ${grouped(count)}`, value: loopOfAll / 1000, unit: 's' },
    ],
    notes: [
      `${command.transaction.length} statements in the transaction, one before it; one run each, on equal copies`,
      ...(hasPsql() ? [] : ['psql is not installed: the same statements by pg instead']),
    ],
  };
}
