import { type BenchContext, type Figure, type Ratio } from '../figure.js';
import { WAITING } from '../claims/generate-sql.js';
import { claimsDatabase } from '../claims/generate.js';
import { proveFunded } from '../receipt/prove.js';
import { pendingPence, Receipts } from '../receipt/receipts.js';
import { type Api, type Database } from '../support/services.js';
import { inTurns, median, medianRatio } from '../support/stats.js';

const COVERED = 1_000;

interface Size {
  waiting: number;
  database: Database;
  api: Api;
  receipts: Receipts;
  pence: number;
}

const grouped = (count: number): string => count.toLocaleString('en-GB');

/**
 * Confirmed over HTTP, answer included, and reversed again before the next turn. Tables are vacuumed after each reversal, or the
 * small ones alone would be: autovacuum goes by the share that changed.
 */
export const receipt: Figure = {
  name: 'receipt',
  title: `Confirming a receipt that covers ${grouped(COVERED)} claims: with more waiting ÷ with 10,000 waiting`,
  run: async (context) => {
    const counts = context.full ? [10_000, 100_000, 1_000_000] : [10_000, 100_000];
    const rounds = context.full ? 9 : 7;
    const sizes: Size[] = [];
    for (const count of counts) sizes.push(await open(context, count));
    context.say('Measuring confirmations …');
    for (const size of sizes) await confirmed(context, size, true); // warming up
    const ms = await inTurns(
      rounds,
      Object.fromEntries(
        sizes.map((size) => [String(size.waiting), (round: number) => confirmed(context, size, round === rounds - 1)]),
      ),
    );
    for (const { api, database } of sizes) {
      await api.stop();
      await context.services.drop(database.name);
    }
    const of = (count: number) => ms[String(count)]!;
    return {
      ratios: counts.slice(1).map((count): Ratio => ({
        name: `${grouped(count)} waiting ÷ 10,000`,
        value: medianRatio(of(count), of(10_000)),
        ...(count === counts.at(-1) ? { target: { atMost: 1.5 } } : {}),
      })),
      amounts: counts.map((count) => ({
        name: `with ${grouped(count)} waiting`,
        value: median(of(count)),
        unit: 'ms',
      })),
      notes: [
        `medians of ${rounds} rounds in turns; reversed after each; what the first and the last funded is proved`,
      ],
    };
  },
};

async function open({ services, say }: BenchContext, waiting: number): Promise<Size> {
  const kept = await claimsDatabase(services, WAITING, waiting, say);
  const database = await services.copy(kept, `bench_receipt_${waiting}`);
  const pence = await services.asOwner(database.name, (client) => pendingPence(client, COVERED));
  const api = await services.api(database);
  return { waiting, database, api, pence, receipts: await Receipts.over(services, database, api) };
}

async function confirmed(
  { services }: BenchContext,
  { database, receipts, pence }: Size,
  prove: boolean,
): Promise<number> {
  const id = await receipts.record(pence);
  const ms = await receipts.confirm(id, COVERED);
  if (prove) await services.asOwner(database.name, (client) => proveFunded(client, COVERED));
  await receipts.reverse(id);
  await services.asOwner(database.name, (client) =>
    client.query('VACUUM (ANALYZE, INDEX_CLEANUP ON) claim, funding_slice'),
  );
  return ms;
}
