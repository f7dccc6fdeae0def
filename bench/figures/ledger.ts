import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchContext, type Figure, type Ratio } from '../figure.js';
import { daysOf, FIRST_DAY } from '../books/generate-sql.js';
import { booksDatabase } from '../books/generate.js';
import { hasHledger, hledgerBalances } from '../books/hledger.js';
import { KEPT } from '../support/processes.js';
import { type Api } from '../support/services.js';
import { median, quantile } from '../support/stats.js';

const MTM = 'finance@mtm.example';

interface Kind {
  name: string;
  /** `part` runs from 0 to 1: how far into the books to ask. */
  path: (days: number, part: number) => string;
}

const DAY_MS = 24 * 3600_000;
const instant = (days: number, part: number): Date => new Date(Date.parse(FIRST_DAY) + days * DAY_MS * part);
const day = (days: number, part: number): string => instant(days, part).toISOString().slice(0, 10);
const STATEMENT = '/api/v1/authorities/BRENT/statement-of-account';

const KINDS: readonly Kind[] = [
  { name: 'trial balance, now', path: () => '/api/v1/ledger/trial-balance' },
  {
    name: 'trial balance, as of any instant',
    path: (days, part) => `/api/v1/ledger/trial-balance?asOf=${instant(days, part).toISOString()}`,
  },
  { name: 'statement of account, from the beginning', path: () => STATEMENT },
  { name: 'statement of account, from any day', path: (days, part) => `${STATEMENT}?from=${day(days, part * 0.9)}` },
  {
    name: 'statement of account, of any one day',
    path: (days, part) => `${STATEMENT}?from=${day(days, part)}&to=${day(days, part)}`,
  },
];

interface Size {
  count: number;
  api: Api;
  token: string;
}

interface TrialBalance {
  accounts: { account: string; balancePence: number }[];
}

const grouped = (count: number): string => count.toLocaleString('en-GB');

/** Over HTTP, one request at a time. Both books grow by as much a day and have a snapshot of each: the larger are older. */
export const ledger: Figure = {
  name: 'ledger',
  title: 'Trial balance and statement of account over HTTP: p95 with more postings ÷ with 100,000',
  run: async (context) => {
    const counts = context.full ? [100_000, 10_000_000] : [100_000, 1_000_000];
    const rounds = context.full ? 9 : 5;
    const requests = 40;
    const sizes: Size[] = [];
    for (const count of counts) sizes.push(await open(context, count));
    context.say('Measuring the books …');
    const p95 = await measure(sizes, rounds, requests);
    const at = (kind: Kind, count: number) => median(p95.get(`${kind.name} ${count}`)!);
    const largest = sizes.at(-1)!;
    const exported = context.full ? 1_000_000 : 100_000;
    const outside = hasHledger() ? await byHledger(context, largest, exported) : null;
    await Promise.all(sizes.map(({ api }) => api.stop()));
    const balance = at(KINDS[0]!, largest.count);
    return {
      ratios: [
        ...KINDS.map((kind): Ratio => ({
          name: `${kind.name}: ${grouped(largest.count)} ÷ 100,000`,
          value: at(kind, largest.count) / at(kind, 100_000),
          target: { atMost: 1.5 },
        })),
        ...(outside === null
          ? []
          : [
              {
                name: `hledger bal of ${grouped(exported)} ÷ trial balance of ${grouped(largest.count)}`,
                value: outside / balance,
              },
            ]),
      ],
      amounts: [
        ...counts.flatMap((count) =>
          KINDS.map((kind) => ({ name: `p95 of ${grouped(count)}: ${kind.name}`, value: at(kind, count), unit: 'ms' })),
        ),
        ...(outside === null
          ? []
          : [{ name: `hledger bal of ${grouped(exported)}`, value: outside / 1000, unit: 's' }]),
      ],
      notes: [
        `medians over ${rounds} rounds of the p95 of ${requests} requests, one at a time`,
        ...(outside === null ? ['hledger is not installed: not compared with it (apt-get install hledger)'] : []),
      ],
    };
  },
};

async function open({ services, say }: BenchContext, count: number): Promise<Size> {
  const database = await booksDatabase(services, count, say);
  const tokens = await services.tokens(database, [MTM]);
  return { count, token: tokens.get(MTM)!, api: await services.api(database) };
}

/** One request of each size in turn, so that what else the machine does falls on both alike. */
async function measure(sizes: readonly Size[], rounds: number, requests: number): Promise<Map<string, number[]>> {
  const p95 = new Map<string, number[]>();
  for (let round = -1; round < rounds; round++) {
    for (const kind of KINDS) {
      const taken = new Map(sizes.map((size): [Size, number[]] => [size, []]));
      for (let request = 0; request < requests; request++) {
        // Steps of the golden ratio: spread evenly, and never the same place twice.
        const part = ((round * requests + request + requests) * 0.6180339887) % 1;
        const order = request % 2 === 0 ? sizes : [...sizes].reverse();
        for (const size of order) taken.get(size)!.push(await asked(size, kind, part));
      }
      if (round < 0) continue; // warming up
      for (const [{ count }, found] of taken) {
        const key = `${kind.name} ${count}`;
        p95.set(key, [...(p95.get(key) ?? []), quantile(found, 0.95)]);
      }
    }
  }
  return p95;
}

async function asked({ api, token, count }: Size, kind: Kind, part: number): Promise<number> {
  const reply = await api.client.expect(200, 'GET', kind.path(daysOf(count), part), token);
  const { items, accounts } = JSON.parse(reply.text) as { items?: unknown[]; accounts?: unknown[] };
  if ((items ?? accounts)!.length === 0) throw new Error(`nothing for ${kind.name}`);
  return reply.ms;
}

/** Milliseconds for the first so many postings of the books, as they are exported. Both must come to the same. */
async function byHledger({ say }: BenchContext, { api, token }: Size, postings: number): Promise<number> {
  say('Exporting the books for hledger …');
  const to = day(daysOf(postings) - 1, 1);
  const journal = await api.client.expect(200, 'GET', `/api/v1/ledger/journal?to=${to}`, token);
  const file = join(KEPT, 'books.journal');
  writeFileSync(file, journal.text);
  const { ms, balances } = await hledgerBalances(file);
  rmSync(file);
  const ours = await api.client.expect(200, 'GET', `/api/v1/ledger/trial-balance?asOf=${to}`, token);
  const { accounts } = JSON.parse(ours.text) as TrialBalance;
  const wrong = accounts.filter(({ account, balancePence }) => balances.get(account) !== balancePence);
  if (wrong.length > 0 || accounts.length !== balances.size) {
    throw new Error(`hledger does not agree about ${wrong.length} of ${accounts.length} accounts`);
  }
  return ms;
}
