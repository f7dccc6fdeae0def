import { setTimeout } from 'node:timers/promises';
import { type Amount, type BenchContext, type Figure, type Ratio } from '../figure.js';
import { MIXED } from '../claims/generate-sql.js';
import { claimsDatabase } from '../claims/generate.js';
import { BrowserClient } from '../support/browser-client.js';
import { submitByPages } from '../support/claim-by-pages.js';
import { AUTHORITIES, financeOf, raiseAllotments } from '../support/claims.js';
import { type Api } from '../support/services.js';
import { median, quantile } from '../support/stats.js';

const MTM = 'finance@mtm.example';
const BRENT = financeOf('BRENT');
const ADMINISTRATOR = 'admin@mtm.example';
const AUDITOR = 'auditor@mtm.example';

interface Looked {
  name: string;
  who: string;
  path: string;
  /** Lists and single records may not grow with the claims; what aggregates reads daily summaries. */
  grows?: 'list';
}

const page = (name: string, who: string, path: string): Looked => ({ name, who, path });
const list = (name: string, who: string, path: string): Looked => ({ name, who, path, grows: 'list' });

const LOOKED_AT: readonly Looked[] = [
  page('home of MTM finance', MTM, '/'),
  page('home of an authority', BRENT, '/'),
  list('work queue', MTM, '/queue'),
  list('work queue, to approve', MTM, '/queue?show=approve'),
  list('claims', MTM, '/claims'),
  list('claims of one state', MTM, '/claims?state=approved'),
  list('claims of an authority', BRENT, '/claims'),
  list('a claim', BRENT, '/claims/:claim'),
  list('timeline of a claim', BRENT, '/claims/:claim/timeline'),
  list('evidence of a claim', BRENT, '/claims/:claim/evidence'),
  list('a claim being reviewed', MTM, '/claims/:submitted/review'),
  list('claims in preparation', BRENT, '/claim-forms'),
  page('what a new claim needs', BRENT, '/claim-forms/new'),
  list('search by amount', MTM, '/search?q=250.00'),
  list('search by trainer', BRENT, '/search?q=trainer'),
  list('search by invoice number', MTM, '/search?q=INV-0042'),
  page('funding', MTM, '/funding'),
  list('payment queue', MTM, '/funding/queue'),
  list('funding requests', MTM, '/funding/requests'),
  page('preview of a funding request', MTM, '/funding/requests/preview?which=all'),
  list('receipts', MTM, '/funding/receipts'),
  list('a receipt', MTM, '/funding/receipts/:receipt'),
  list('payment runs', MTM, '/payments'),
  list('a payment run', MTM, '/payments/:run'),
  page('preview of a payment run', MTM, '/payments/new'),
  list('payments', MTM, '/payments/all'),
  list('payments to an authority', BRENT, '/payments-to-us'),
  list('bank', MTM, '/bank'),
  list('a bank statement', MTM, '/bank/:statement'),
  list('adjustments', MTM, '/adjustments'),
  list('assurance', MTM, '/assurance'),
  page('ageing', MTM, '/reports/ageing'),
  list('claims of an age', MTM, '/reports/ageing/claims?authority=BRENT&band=overdue'),
  list('warnings', MTM, '/reports/warnings'),
  page('payment times', MTM, '/reports/payment-times'),
  page('cash', MTM, '/reports/cash'),
  page('accruals', MTM, '/reports/accruals'),
  page('trial balance', MTM, '/reports/trial-balance'),
  page('statement of account', BRENT, '/reports/statement'),
  page('allocations of all', MTM, '/allocations'),
  page('allocations of an authority', BRENT, '/allocations'),
  list('moves of allocations', MTM, '/allocations/moves'),
  page('grants of all', MTM, '/grants'),
  page('grant of an authority', BRENT, '/grants'),
  list('authorities', MTM, '/authorities'),
  list('bank details of all', MTM, '/bank-details'),
  list('audit trail', AUDITOR, '/audit'),
  list('users', ADMINISTRATOR, '/users'),
  list('failed jobs', ADMINISTRATOR, '/jobs'),
  page('programme', BRENT, '/programme'),
  page('one’s own account', BRENT, '/account'),
  page('help', BRENT, '/help'),
];

const ID = '([0-9a-f]{8}-[0-9a-f-]{27})';
/** The first of a list stands for a parameter: whose list, where it is, and how it leads to one. */
const FIRST: Readonly<Record<string, readonly [who: string, path: string, link: RegExp]>> = {
  ':claim': [BRENT, '/claims?state=approved', new RegExp(`/claims/${ID}`)],
  ':submitted': [MTM, '/claims?state=submitted', new RegExp(`/claims/${ID}`)],
  ':receipt': [MTM, '/funding/receipts', new RegExp(`/funding/receipts/${ID}`)],
  ':run': [MTM, '/payments', new RegExp(`/payments/${ID}`)],
  ':statement': [MTM, '/bank', new RegExp(`/bank/${ID}`)],
};

const BUDGETS = { html: 15 * 1024, css: 20 * 1024, js: 15 * 1024, cold: 60 * 1024, p95Ms: 200 } as const;
const BROWSING = 100;
const SUBMITTING = 10;
/** More than all claims of any size draw, and ten times it is still a number of days. */
const DAYS = 99_000;

interface Size {
  count: number;
  web: Api;
  people: ReadonlyMap<string, BrowserClient>;
  /** What stands for `:claim`, `:submitted` and the like. */
  ids: ReadonlyMap<string, string>;
}

/** Pages against their budgets, one request at a time; then a hundred people at once. */
export const pages: Figure = {
  name: 'pages',
  title: 'Pages: bytes and p95 ÷ their budgets at 100,000 claims; lists and single records at more claims ÷ at 100,000',
  run: async (context) => {
    const counts = context.full ? [100_000, 1_000_000] : [100_000];
    const sizes: Size[] = [];
    for (const count of counts) sizes.push(await open(context, count));
    const [base] = sizes;
    if (!base) throw new Error('no size');
    context.say('Measuring pages …');
    const weight = await weigh(base);
    const p95 = await measure(sizes, context.full ? 5 : 3, 20);
    const crowd = await together(base);
    await Promise.all(sizes.map(({ web }) => web.stop()));
    return {
      ratios: [...weight.ratios, ...budgetRatios(p95), ...growthRatios(p95, counts)],
      amounts: [...weight.amounts, ...amountsOf(p95), ...crowd],
      notes: [`${BROWSING} people browse while ${SUBMITTING} submit claims; any error would fail the figure`],
    };
  },
};

async function open({ services, say }: BenchContext, count: number): Promise<Size> {
  const database = await claimsDatabase(services, MIXED, count, say);
  await raiseAllotments(database, DAYS);
  const web = await services.web(database);
  const people = new Map<string, BrowserClient>();
  for (const email of new Set(LOOKED_AT.map(({ who }) => who))) people.set(email, await signedIn(web.base, email));
  const ids = new Map<string, string>();
  for (const [name, [who, path, link]] of Object.entries(FIRST)) {
    const id = link.exec((await people.get(who)!.page(path)).text)?.[1];
    if (id === undefined) throw new Error(`nothing to look at on ${path}`);
    ids.set(name, id);
  }
  return { count, web, people, ids };
}

async function signedIn(base: string, email: string): Promise<BrowserClient> {
  const person = new BrowserClient(base);
  await person.signIn(email);
  return person;
}

const look = ({ people, ids }: Size, { who, path }: Looked) =>
  people.get(who)!.page(path.replace(/:\w+/, (name) => ids.get(name) ?? name));

/** Bytes gzipped of every page, of what all pages share, and of a first visit to the heaviest. */
async function weigh(size: Size): Promise<{ ratios: Ratio[]; amounts: Amount[] }> {
  let heaviest = 0;
  const shared = { css: 0, js: 0 };
  for (const looked of LOOKED_AT) {
    const { text, gzipped } = await look(size, looked);
    heaviest = Math.max(heaviest, gzipped);
    const visitor = size.people.get(looked.who)!;
    const css = await bytesOf(visitor, text, /href="(\/assets\/[^"]+\.css)"/g);
    const js = await bytesOf(visitor, text, /src="(\/assets\/[^"]+\.js)"/g);
    shared.css = Math.max(shared.css, css);
    shared.js = Math.max(shared.js, js);
  }
  const budget = (name: string, bytes: number, most: number): Ratio => ({
    name: `${name} ÷ ${most / 1024} KB`,
    value: bytes / most,
    target: { atMost: 1 },
  });
  const cold = heaviest + shared.css + shared.js;
  return {
    ratios: [
      budget('heaviest page, gzipped', heaviest, BUDGETS.html),
      budget('style sheet, gzipped', shared.css, BUDGETS.css),
      budget('scripts of a page, gzipped', shared.js, BUDGETS.js),
      budget('a first visit', cold, BUDGETS.cold),
    ],
    amounts: [
      { name: 'heaviest page, gzipped', value: heaviest / 1024, unit: 'KB' },
      { name: 'style sheet, gzipped', value: shared.css / 1024, unit: 'KB' },
      { name: 'scripts of a page, gzipped', value: shared.js / 1024, unit: 'KB' },
    ],
  };
}

async function bytesOf(visitor: BrowserClient, html: string, links: RegExp): Promise<number> {
  let bytes = 0;
  for (const [, path] of html.matchAll(links)) bytes += (await visitor.page(path!)).gzipped;
  return bytes;
}

async function measure(sizes: readonly Size[], rounds: number, requests: number): Promise<Map<string, number[]>> {
  const p95 = new Map<string, number[]>();
  for (let round = -1; round < rounds; round++) {
    const order = round % 2 === 0 ? sizes : [...sizes].reverse();
    for (const looked of LOOKED_AT) {
      for (const size of order) {
        const taken: number[] = [];
        for (let request = 0; request < requests; request++) taken.push((await look(size, looked)).ms);
        if (round < 0) continue; // warming up
        const key = `${looked.name} ${size.count}`;
        p95.set(key, [...(p95.get(key) ?? []), quantile(taken, 0.95)]);
      }
    }
  }
  return p95;
}

const SMALLEST = 100_000;
const at = (p95: ReadonlyMap<string, number[]>, { name }: Looked, count: number): number =>
  median(p95.get(`${name} ${count}`)!);

const budgetRatios = (p95: ReadonlyMap<string, number[]>): Ratio[] =>
  LOOKED_AT.map((looked) => ({
    name: `p95 of ${looked.name} at 100,000 claims ÷ ${BUDGETS.p95Ms} ms`,
    value: at(p95, looked, SMALLEST) / BUDGETS.p95Ms,
    target: { atMost: 1 },
  }));

const growthRatios = (p95: ReadonlyMap<string, number[]>, counts: readonly number[]): Ratio[] =>
  counts
    .filter((count) => count > SMALLEST)
    .flatMap((count) =>
      LOOKED_AT.map((looked) => ({
        name: `p95 of ${looked.name}: ${count.toLocaleString('en-GB')} ÷ 100,000 claims`,
        value: at(p95, looked, count) / at(p95, looked, SMALLEST),
        ...(looked.grows === 'list' ? { target: { atMost: 1.5 } } : {}),
      })),
    );

const amountsOf = (p95: ReadonlyMap<string, number[]>): Amount[] =>
  [...p95].map(([name, values]) => ({ name: `p95 of ${name}`, value: median(values), unit: 'ms' }));

/** How a hundred people go about it: each page as soon as the last came, or after reading it for a while. */
const PACES: readonly { name: string; pauseMs: number }[] = [
  { name: 'without a pause', pauseMs: 0 },
  { name: 'reading each page for 5 s', pauseMs: 5000 },
];

/** What everybody may open. */
const LOOKED_AROUND = [
  '/',
  '/claims',
  '/search?q=trainer',
  '/claims?state=approved',
  '/allocations',
  '/reports/ageing',
];

/** A hundred people look around while ten prepare and submit claims: those who read come one after another, the others all at once. */
async function together(size: Size): Promise<Amount[]> {
  const emails = [MTM, 'approver@mtm.example', AUDITOR, 'coordinator@mtm.example', ...AUTHORITIES.map(financeOf)];
  const people = await Promise.all(
    Array.from({ length: BROWSING }, (_, index) => signedIn(size.web.base, emails[index % emails.length]!)),
  );
  const officers = await Promise.all(
    AUTHORITIES.slice(0, SUBMITTING).map((authority) => signedIn(size.web.base, financeOf(authority))),
  );
  const amounts: Amount[] = [];
  for (const { name, pauseMs } of PACES) {
    const taken: number[] = [];
    const browse = async (person: BrowserClient, index: number) => {
      await setTimeout((pauseMs * index) / BROWSING);
      for (const path of LOOKED_AROUND) {
        taken.push((await person.page(path)).ms);
        await setTimeout(pauseMs);
      }
    };
    await Promise.all([
      ...people.map(browse),
      ...officers.map((officer) => submitByPages(officer, (ms) => void taken.push(ms))),
    ]);
    const who = `${BROWSING} people browsing ${name} and ${SUBMITTING} submitting claims`;
    amounts.push(
      { name: `p99 with ${who}`, value: quantile(taken, 0.99), unit: 'ms' },
      { name: 'median of the same', value: quantile(taken, 0.5), unit: 'ms' },
    );
  }
  return amounts;
}
