import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { may, scopeOf, type Role } from '#identity/domain';
import { WorkerModule } from '../../apps/worker/worker.module.js';
import { asking } from '../support/openapi-tour-ask.js';
import { rest } from '../support/openapi-tour.js';
import { actionOfPage, OPEN_PAGES, pageAddress, type PageIds } from '../support/page-access.js';
import { findPageIds } from '../support/page-ids.js';
import { pageRoutes } from '../support/page-routes.js';
import { finance, manager, MTM } from '../support/people.js';
import { Service } from '../support/service.js';
import { playOn } from '../support/story.js';
import { tablesOf } from '../support/page-tables.js';
import { tablesWithoutFile } from '../support/table-files.js';
import { WebVisitor } from '../support/web.js';

interface Person {
  role: Role;
  email: string;
  organisation: string;
}
interface Seen {
  status: number;
  text: string;
  headers: Headers;
}

const payers: Person[] = (
  [
    ['mtm_finance', MTM.finance2],
    ['mtm_approver', MTM.approver],
    ['coordinator', MTM.coordinator],
    ['auditor', MTM.auditor],
    ['administrator', MTM.admin],
  ] as const
).map(([role, email]) => ({ role, email, organisation: 'MTM' }));
const brents: Person[] = [
  { role: 'la_finance', email: finance('BRENT'), organisation: 'BRENT' },
  { role: 'la_manager', email: manager('BRENT'), organisation: 'BRENT' },
];
const strangers: Person[] = [
  { role: 'la_finance', email: finance('WOKINGHAM'), organisation: 'WOKINGHAM' },
  { role: 'la_manager', email: manager('WOKINGHAM'), organisation: 'WOKINGHAM' },
];

let service: Service;
let pages: string[];
let ids: PageIds;
/** What only Brent and MTM may see. */
let secrets: string[];
/** Every GET page, as each person saw it. */
const seen = new Map<string, Seen>();
/** Everybody signed in, by e-mail address. */
const visitors = new Map<string, WebVisitor>();

beforeAll(async () => {
  service = await Service.start({ clock: '2018-01-15T09:00:00.000Z', modules: [WorkerModule], web: true });
  const played = await playOn(service, fetch);
  await rest(service, asking(service, fetch), played);
  ids = await findPageIds(service, played);
  pages = pageRoutes()
    .filter(({ method }) => method === 'GET')
    .map(({ path }) => path);
  const sql = `SELECT id FROM claim WHERE authority_code = 'BRENT' UNION SELECT id FROM payment WHERE authority_code = 'BRENT'
    UNION SELECT id FROM user_account WHERE organisation = 'BRENT'`;
  const { rows } = await service.admin.query<{ id: string }>(sql);
  secrets = ['EIP2-BRENT-', finance('BRENT'), manager('BRENT'), ...rows.map(({ id }) => id)];
  await Promise.all([...payers, ...brents, ...strangers].map(walk));
}, 400_000);
afterAll(async () => {
  // Connections that a walk left open would otherwise be waited for.
  await service?.stop();
});

const addressOf = (path: string): string => pageAddress(path, ids);

async function walk({ email }: Person): Promise<void> {
  const visitor = new WebVisitor(service.base);
  await visitor.signIn(email);
  visitors.set(email, visitor);
  for (const path of pages.filter((page) => !OPEN_PAGES.test(page))) {
    const answer = await visitor.raw(addressOf(path));
    seen.set(`${path} ${email}`, { status: answer.status, text: await answer.text(), headers: answer.headers });
  }
}

const sawOf = ({ email }: Person, path: string): Seen => seen.get(`${path} ${email}`)!;
const closed = () => pages.filter((path) => !OPEN_PAGES.test(path));

const mayOpen = ({ role, organisation }: Person, path: string): boolean => {
  const action = actionOfPage(path) ?? null;
  return action === null || may({ userId: 'somebody', scope: scopeOf(organisation), roles: [role] }, action).allowed;
};

/** Everybody and every page, of those that are not as they must be. */
const wrong = (people: Person[], bad: (one: Seen, person: Person, path: string) => boolean): string[] =>
  people.flatMap((person) =>
    closed().flatMap((path) => {
      const one = sawOf(person, path);
      return bad(one, person, path) ? [`${path} as ${person.role} of ${person.organisation}: ${one.status}`] : [];
    }),
  );

describe('every page that can be opened', () => {
  it('says which permission it asks for', () => {
    expect(pages.length).toBeGreaterThan(80);
    expect(closed().filter((path) => actionOfPage(path) === undefined)).toEqual([]);
  });

  it('is found by somebody, so that what follows says something', () => {
    const people = [...payers, ...brents];
    const nobodys = closed().filter(
      (path) => !people.some((person) => [200, 303].includes(sawOf(person, path).status)),
    );
    // Evidence of a form whose draft has none, what is only looked at after a file was sent, and steps of another state.
    const known =
      /\/evidence\/:file|\/(check|preview)(\/download|\/\w+\.csv)?$|\/(confirmation|claim-invoice|bank-file|match|pdf|remittance)$/;
    expect(nobodys.filter((path) => !known.test(path))).toEqual([]);
  });

  it('never fails, whoever opens it', () => {
    expect(wrong([...payers, ...brents, ...strangers], ({ status }) => status >= 500)).toEqual([]);
  });

  it('is refused to every role that may not', () => {
    // Sent on to a page of the others' like it, which refuses.
    const refused = ({ status }: Seen) => [303, 403, 404].includes(status);
    expect(wrong([...payers, ...brents], (one, person, path) => !mayOpen(person, path) && !refused(one))).toEqual([]);
  });

  it('is not refused to a role that may', () => {
    const bad = ({ status, text }: Seen, person: Person, path: string) =>
      mayOpen(person, path) && status === 403 && text.includes('You may not');
    // Steps of these pages ask for more than looking does, and say so.
    const steps =
      /:id\/(edit|deactivate|reset-second-factor|approve|cancel|refuse|confirm|reverse|submit|close)|lines\/:lineId\/|:id\/(match|undo)|mappings\/new|^\/account/;
    expect(wrong([...payers, ...brents], bad).filter((line) => !steps.test(line))).toEqual([]);
  });

  it('is not there for another authority when it is of one claim, form, payment, document, file or allocation', () => {
    const own = (path: string) => path.includes('/:') && !/^\/(programme|help)\//.test(path);
    expect(wrong(strangers, ({ status }, _, path) => own(path) && status !== 404 && status !== 403)).toEqual([]);
  });

  it('shows another authority nothing of Brent’s', () => {
    const leaks = ({ text, headers }: Seen, _: Person, path: string) => {
      const asked = addressOf(path);
      const shown = `${text} ${[...headers.values()].join(' ')}`;
      return secrets.some((secret) => !asked.includes(secret) && shown.includes(secret));
    };
    expect(wrong(strangers, leaks)).toEqual([]);
    // The same look finds Brent's own on Brent's pages.
    expect(wrong(brents, leaks).length).toBeGreaterThan(5);
  });

  it('has a policy that lets no inline script or style run, and is kept nowhere', () => {
    const html = ({ headers }: Seen) => headers.get('content-type')?.startsWith('text/html') ?? false;
    const weak = (one: Seen) => {
      const policy = one.headers.get('content-security-policy') ?? '';
      const framed = one.headers.get('x-frame-options');
      const kept = one.headers.get('cache-control') !== 'no-store';
      return (
        html(one) &&
        (!policy.includes("script-src 'self' 'nonce-") || policy.includes('unsafe') || kept || framed !== 'SAMEORIGIN')
      );
    };
    expect(wrong([...payers, ...brents], weak)).toEqual([]);
    const inline = (one: Seen) =>
      html(one) && (/ style="|<style| on[a-z]+="/.test(one.text) || /<script(?![^>]*(nonce|src)=)/.test(one.text));
    expect(wrong([...payers, ...brents], inline)).toEqual([]);
  });
});

describe('every table', () => {
  it('downloads as CSV, a row for each of its rows, by a link below it, for whoever sees it', async () => {
    const missing = new Set<string>();
    const tables = new Set<string>();
    for (const { email } of [...payers, ...brents]) {
      for (const path of closed()) {
        const { status, text } = seen.get(`${path} ${email}`)!;
        if (status !== 200 || !text.includes('<table')) continue;
        tablesOf(text).forEach((caption) => tables.add(`${path}: ${caption}`));
        const without = await tablesWithoutFile(text, visitors.get(email)!);
        without.forEach((caption) => missing.add(`${path}: ${caption}`));
      }
    }
    expect([...missing]).toEqual([]);
    expect(tables.size).toBeGreaterThan(50);
  }, 120_000);
});

describe('the green button', () => {
  const greens = ({ text }: Seen): number =>
    [...text.matchAll(/class="(govuk-button(?: [^"]*)?)"/g)].filter(([, name]) => !/--(secondary|warning)/.test(name!))
      .length;

  it('is one at most on every page, for what the page is for', () => {
    expect(wrong([...payers, ...brents], (one) => greens(one) > 1)).toEqual([]);
    expect(wrong([...payers, ...brents], (one) => greens(one) === 1).length).toBeGreaterThan(50);
  });
});

describe('the archive of a claim', () => {
  it('holds each of its documents as PDF and XML, and its evidence', async () => {
    const { rows } = await service.admin.query<{ id: string; numbers: string[]; files: number }>(
      `SELECT c.id, array_agg(DISTINCT d.number) AS numbers, count(DISTINCT e.id)::int AS files
         FROM claim c JOIN document d ON d.claim_id = c.id AND d.state = 'stored' JOIN evidence e ON e.claim_id = c.id AND e.removed_at IS NULL
        WHERE c.authority_code = 'BRENT' GROUP BY c.id ORDER BY count(DISTINCT d.number) DESC, c.id LIMIT 1`,
    );
    const [{ id, numbers, files }] = rows as [(typeof rows)[0]];
    expect([numbers.length > 0, files > 0]).toEqual([true, true]);
    const visitor = new WebVisitor(service.base);
    await visitor.signIn(finance('BRENT'));
    const archive = Buffer.from(await (await visitor.raw(`/claims/${id}/everything`)).arrayBuffer()).toString('latin1');
    // Names stand in the directory at its end, each behind `PK` and its own header.
    const names = [
      ...archive.matchAll(/PK\x01\x02[^]{42}((?:EIP2-|evidence\/)[\w./ -]+?\.(?:pdf|xml|eml|png|jpg|csv))/g),
    ].map(([, name]) => name!);
    expect(names.filter((name) => !name.startsWith('evidence/')).sort()).toEqual(
      numbers.flatMap((number) => [`${number}.pdf`, `${number}.xml`]).sort(),
    );
    expect(names.filter((name) => name.startsWith('evidence/'))).toHaveLength(files);
  });
});

describe('every form', () => {
  it('is refused without a token of the session, and from another site even with one', async () => {
    const forms = pageRoutes().filter(({ method }) => method === 'POST');
    expect(forms.length).toBeGreaterThan(60);
    const visitor = new WebVisitor(service.base);
    const home = await visitor.signIn(finance('BRENT'));
    const _csrf = home.root.querySelector('input[name=_csrf]')!.getAttribute('value')!;
    const taken: string[] = [];
    for (const { path } of forms) {
      const address = path.replace(/:\w+/g, 'x');
      const send = (origin: string, fields: Record<string, string>) =>
        visitor.raw(address, { method: 'POST', headers: { origin }, body: new URLSearchParams(fields) });
      const answers = [
        await send(service.base, {}),
        await send(service.base, { _csrf: 'x' }),
        await send('https://evil.example', { _csrf }),
        await send('null', { _csrf }),
      ];
      const statuses = await Promise.all(answers.map(async (one) => (await one.text(), one.status)));
      if (statuses.some((status) => status !== 403)) taken.push(`${path}: ${statuses.join(' ')}`);
    }
    expect(taken).toEqual([]);
  }, 60_000);
});
