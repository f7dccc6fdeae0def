import { type BenchContext, type Figure, type Findings } from '../figure.js';
import { capturingApi } from '../captured/capturing-api.js';
import { type Command } from '../captured/statements.js';
import { rawPool, replay } from '../submit/replay.js';
import { AT_ONCE, draftClaims, financeTokens, raiseAllotments, submitClaims, type Drafted } from '../support/claims.js';
import { type Database, type Services } from '../support/services.js';
import { inTurns, median, medianRatio, timed } from '../support/stats.js';

/** Where a captured submission's numbers begin, out of the way of those given while measuring. */
const CAPTURED_NUMBERS = 500_000;

interface Sizes {
  rounds: number;
  warmUp: number;
  perRound: number;
}

/**
 * The statements of the baseline are not written by us but taken from the API itself: it submits the baseline's claims on a
 * copy of the database while every statement is written down. They are then sent, with their own parameters, to the
 * database in which the API submits the other half of the claims.
 */
export const submit: Figure = {
  name: 'submit',
  title: 'Submit over HTTP ÷ the same statements by raw pg',
  run: async ({ full, services, say }) => {
    const sizes = full ? { rounds: 11, warmUp: 600, perRound: 500 } : { rounds: 7, warmUp: 300, perRound: 150 };
    const { database, mine, baseline } = await prepare({ full, services, say }, sizes);
    const submissions = await capture(services, database, baseline);
    say('Measuring submissions …');
    const api = await services.api(database);
    const pool = rawPool(database.url);
    try {
      const part = <Item>(of: readonly Item[], round: number) => {
        const from = sizes.warmUp + round * sizes.perRound;
        return of.slice(from, from + sizes.perRound);
      };
      await submitClaims(api.client, mine.slice(0, sizes.warmUp));
      await replay(pool, submissions.slice(0, sizes.warmUp));
      const ms = await inTurns(sizes.rounds, {
        http: (round) => timed(() => submitClaims(api.client, part(mine, round))),
        raw: (round) => timed(() => replay(pool, part(submissions, round))),
      });
      await mustAllBeSubmitted(services, database, mine.length + baseline.length);
      return findings(ms, sizes, submissions[0]!);
    } finally {
      await pool.end();
      await api.stop();
    }
  },
};

async function prepare({ services, say }: BenchContext, sizes: Sizes) {
  const count = sizes.warmUp + sizes.rounds * sizes.perRound;
  say(`Drafting ${2 * count} claims …`);
  const database = await services.fresh('bench_submit');
  await raiseAllotments(database, 900_000);
  const tokens = await financeTokens(services, database);
  const api = await services.api(database);
  const drafted = await draftClaims(api.client, tokens, { from: 1, count: 2 * count });
  await api.stop();
  await services.asOwner(database.name, (client) => client.query('VACUUM ANALYZE'));
  // Blocks of ten, one an authority, so that both halves have claims of every authority.
  const half = (which: number) => drafted.filter((_, index) => Math.floor(index / 10) % 2 === which);
  return { database, mine: half(0), baseline: half(1) };
}

async function capture(services: Services, of: Database, claims: readonly Drafted[]): Promise<Command[]> {
  const copy = await services.copy(of, 'bench_submit_capture');
  await services.asOwner(copy.name, (client) =>
    client.query(
      `INSERT INTO number_series (programme_code, authority_code, kind, last)
       SELECT programme_code, authority_code, 'invoice', $1 FROM programme_authority`,
      [CAPTURED_NUMBERS],
    ),
  );
  const api = await capturingApi(services, copy, 'claim.submitted');
  await submitClaims(api.client, claims);
  await api.stop();
  await services.drop(copy.name);
  const found = api.captured();
  if (found.length !== claims.length) throw new Error(`captured ${found.length} of ${claims.length} submissions`);
  return found;
}

async function mustAllBeSubmitted(services: Services, database: Database, count: number): Promise<void> {
  const { rows } = await services.asOwner(database.name, (client) =>
    client.query<{ claims: number; documents: number; audits: number; jobs: number }>(
      `SELECT (SELECT count(*)::int FROM claim WHERE state = 'submitted') AS claims,
              (SELECT count(*)::int FROM document) AS documents,
              (SELECT count(*)::int FROM audit_entry WHERE action = 'claim.submitted') AS audits,
              (SELECT count(*)::int FROM outbox) AS jobs`,
    ),
  );
  const done = Object.values(rows[0]!);
  if (done.some((found) => found !== count)) throw new Error(`submitted ${done.join('/')} of ${count}`);
}

function findings(ms: Record<'http' | 'raw', number[]>, sizes: Sizes, one: Command): Findings {
  const rate = (taken: number[]) => median(taken.map((each) => (sizes.perRound / each) * 1000));
  return {
    ratios: [
      { name: 'submissions a second: HTTP ÷ raw', value: medianRatio(ms.raw, ms.http), target: { atLeast: 0.5 } },
    ],
    amounts: [
      { name: 'over HTTP', value: rate(ms.http), unit: '/s' },
      { name: 'raw pg', value: rate(ms.raw), unit: '/s' },
    ],
    notes: [
      `${AT_ONCE} at once over ten authorities, ${sizes.rounds} rounds of ${sizes.perRound}; ${one.transaction.length} statements in the transaction, one before it`,
    ],
  };
}
