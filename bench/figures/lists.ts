import { type BenchContext, type Figure, type Ratio } from '../figure.js';
import { MIXED } from '../claims/generate-sql.js';
import { claimsDatabase } from '../claims/generate.js';
import { financeOf } from '../support/claims.js';
import { type Api } from '../support/services.js';
import { median, quantile } from '../support/stats.js';

const MTM = 'finance@mtm.example';
const BRENT = financeOf('BRENT');

interface Kind {
  name: string;
  user: string;
  query: string;
}

const KINDS: readonly Kind[] = [
  { name: 'MTM, first page', user: MTM, query: '' },
  { name: 'MTM, one state', user: MTM, query: '?state=submitted' },
  { name: 'MTM, one settled state', user: MTM, query: '?state=reconciled' },
  { name: 'MTM, one authority', user: MTM, query: '?authority=LEICS' },
  { name: 'MTM, one authority and state', user: MTM, query: '?authority=LEICS&state=approved' },
  { name: 'MTM, on hold', user: MTM, query: '?hold=true' },
  { name: 'MTM, one programme', user: MTM, query: '?programme=EIP2' },
  { name: 'MTM, an invoice number', user: MTM, query: '?invoiceNumber=EIP2-BRENT-0042' },
  { name: 'MTM, an authority’s reference', user: MTM, query: '?authorityReference=CYP/42' },
  { name: 'MTM, approved and due', user: MTM, query: '?state=approved&dueBy=2018-03-20' },
  { name: 'MTM, due by the middle', user: MTM, query: '?dueBy=2018-03-20' },
  { name: 'authority, first page of its own', user: BRENT, query: '' },
  { name: 'authority, its own in one state', user: BRENT, query: '?state=returned' },
];

interface Size {
  count: number;
  api: Api;
  tokens: ReadonlyMap<string, string>;
}

const grouped = (count: number): string => count.toLocaleString('en-GB');

/** Fifty claims a page, one request at a time, so that what is measured is the work and not the queue for it. */
export const lists: Figure = {
  name: 'lists',
  title: 'List of claims over HTTP: p95 at more claims ÷ p95 at 10,000',
  run: async (context) => {
    const counts = context.full ? [10_000, 100_000, 1_000_000] : [10_000, 100_000];
    const rounds = context.full ? 9 : 5;
    const requests = 40;
    const sizes: Size[] = [];
    for (const count of counts) sizes.push(await open(context, count));
    context.say('Measuring lists …');
    const p95 = await measure(sizes, rounds, requests);
    await Promise.all(sizes.map(({ api }) => api.stop()));
    const at = (kind: Kind, count: number) => median(p95.get(`${kind.name} ${count}`)!);
    const ratios = counts.slice(1).flatMap((count) =>
      KINDS.map((kind): Ratio => ({
        name: `${kind.name}: ${grouped(count)} ÷ 10,000`,
        value: at(kind, count) / at(kind, 10_000),
        ...(count === counts.at(-1) ? { target: { atMost: 1.5 } } : {}),
      })),
    );
    const amounts = counts.flatMap((count) =>
      KINDS.map((kind) => ({ name: `p95 of ${grouped(count)}: ${kind.name}`, value: at(kind, count), unit: 'ms' })),
    );
    return {
      ratios,
      amounts,
      notes: [`medians over ${rounds} rounds of the p95 of ${requests} requests, one at a time`],
    };
  },
};

async function open({ services, say }: BenchContext, count: number): Promise<Size> {
  const database = await claimsDatabase(services, MIXED, count, say);
  const tokens = await services.tokens(database, [MTM, BRENT]);
  return { count, tokens, api: await services.api(database) };
}

async function measure(sizes: readonly Size[], rounds: number, requests: number): Promise<Map<string, number[]>> {
  const p95 = new Map<string, number[]>();
  for (let round = -1; round < rounds; round++) {
    const order = round % 2 === 0 ? sizes : [...sizes].reverse();
    for (const kind of KINDS) {
      for (const size of order) {
        const found = await pages(size, kind, requests);
        if (round < 0) continue; // warming up
        const key = `${kind.name} ${size.count}`;
        p95.set(key, [...(p95.get(key) ?? []), quantile(found, 0.95)]);
      }
    }
  }
  return p95;
}

async function pages({ api, tokens }: Size, { user, query }: Kind, requests: number): Promise<number[]> {
  const taken: number[] = [];
  for (let request = 0; request < requests; request++) {
    const reply = await api.client.expect(200, 'GET', `/api/v1/claims${query}`, tokens.get(user)!);
    const { items } = JSON.parse(reply.text) as { items: unknown[] };
    if (items.length === 0) throw new Error(`no claims for ${query}`);
    taken.push(reply.ms);
  }
  return taken;
}
