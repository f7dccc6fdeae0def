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
const NAME = 'bench_receipt_all';

const grouped = (count: number): string => count.toLocaleString('en-GB');

/** Every run begins with a copy of the same database, in which the receipt is recorded already. */
export const receiptAll: Figure = {
  name: 'receipt-all',
  title: 'Confirming one receipt that covers every waiting claim ÷ the same statements by psql',
  run: async (context) => {
    const { services, say } = context;
    const count = context.full ? 1_000_000 : 100_000;
    const looped = await loop(context);
    const { database, receiptId } = await recorded(context, count);
    say(`Funding ${grouped(count)} claims over HTTP …`);
    const { ms: http, command } = await overHttp(context, database, receiptId, count);
    say(`Funding them by ${hasPsql() ? 'psql' : 'pg'} …`);
    const raw = await sent(context, database, command, count);
    await services.drop(database.name);
    return findings(count, { http, raw, looped }, command);
  },
};

/** A copy of the generated claims with a receipt for the first so many of them. */
async function recorded(
  { services, say }: BenchContext,
  count: number,
): Promise<{ database: Database; receiptId: string }> {
  const kept = await claimsDatabase(services, WAITING, count, say);
  const database = await services.copy(kept, `${NAME}_${count}`);
  const receiptId = await services.asOwner(database.name, async (client) =>
    recordByHand(client, await pendingPence(client, count)),
  );
  return { database, receiptId };
}

async function overHttp({ services }: BenchContext, of: Database, receiptId: string, count: number) {
  const database = await services.copy(of, `${NAME}_http`);
  const api = await capturingApi(services, database, 'funding_receipt.confirmed');
  const receipts = await Receipts.over(services, database, api);
  const ms = await receipts.confirm(receiptId, count);
  const [command] = api.captured();
  await api.stop();
  await proved({ services }, database, count);
  return { ms, command: command! };
}

/** Without psql on the machine, by `pg`. */
async function sent({ services }: BenchContext, of: Database, command: Command, count: number): Promise<number> {
  const database = await services.copy(of, `${NAME}_raw`);
  let ms: number;
  if (hasPsql()) ms = await replayByPsql(database, command);
  else {
    const pool = rawPool(database.url);
    ms = await timed(() => replay(pool, [command]));
    await pool.end();
  }
  await proved({ services }, database, count);
  return ms;
}

async function loop(context: BenchContext): Promise<number> {
  const { database, receiptId } = await recorded(context, LOOPED);
  context.say(`Funding ${grouped(LOOPED)} claims one by one …`);
  const { ms, claims } = await rowByRow(database, receiptId);
  await proved(context, database, claims);
  return ms / claims;
}

async function proved({ services }: Pick<BenchContext, 'services'>, database: Database, count: number): Promise<void> {
  await services.asOwner(database.name, (client) => proveFunded(client, count));
  await services.drop(database.name);
}

function findings(count: number, ms: { http: number; raw: number; looped: number }, command: Command): Findings {
  const loopOfAll = ms.looped * count;
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
      { name: `a loop over rows, of ${grouped(LOOPED)}`, value: (ms.looped * LOOPED) / 1000, unit: 's' },
      { name: `the loop, extrapolated to ${grouped(count)}`, value: loopOfAll / 1000, unit: 's' },
    ],
    notes: [
      `${command.transaction.length} statements in the transaction, one before it; one run each, on equal copies`,
      ...(hasPsql() ? [] : ['psql is not installed: the same statements by pg instead']),
    ],
  };
}
