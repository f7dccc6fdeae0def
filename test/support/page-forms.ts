import { parse, type HTMLElement } from 'node-html-parser';
import { may, scopeOf, type Role } from '#identity/domain';
import { actionOfPage, OPEN_PAGES, pageAddress, type PageIds } from './page-access.js';
import { pageRoutes } from './page-routes.js';
import { finance, manager, MTM } from './people.js';
import { type Service } from './service.js';
import { WebVisitor } from './web.js';

export interface FormField {
  name: string;
  kind: 'hidden' | 'text' | 'secret' | 'choice' | 'file';
  value: string;
  /** Whether a browser would send it as it stands: of choices the one that is chosen. */
  sent: boolean;
}

/** A form as a page shows it to somebody. */
export interface FoundForm {
  method: 'GET' | 'POST';
  /** `/claims/:id/withdraw`; of one that asks, whatever page it asks. */
  route: string;
  action: string;
  /** The page it stands on. */
  page: string;
  /** Null: whoever is not signed in. */
  email: string | null;
  fields: FormField[];
  /** Name and value of each button that has them. */
  buttons: [string, string][];
  multipart: boolean;
}

const PEOPLE: readonly { email: string; role: Role; organisation: string }[] = [
  { email: finance('BRENT'), role: 'la_finance', organisation: 'BRENT' },
  { email: MTM.finance2, role: 'mtm_finance', organisation: 'MTM' },
  { email: MTM.approver, role: 'mtm_approver', organisation: 'MTM' },
  { email: manager('BRENT'), role: 'la_manager', organisation: 'BRENT' },
  { email: MTM.coordinator, role: 'coordinator', organisation: 'MTM' },
  { email: MTM.admin, role: 'administrator', organisation: 'MTM' },
  { email: MTM.auditor, role: 'auditor', organisation: 'MTM' },
];

const POSTS = pageRoutes().filter(({ method }) => method === 'POST');
const PATTERNS = POSTS.map(({ path }) => ({
  path,
  pattern: new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`),
  // The one with the fewest parameters is meant: `/bank/mappings/new` before `/bank/mappings/:name`.
  open: path.split(':').length,
})).sort((a, b) => a.open - b.open);

export const postRoutes = (): string[] => POSTS.map(({ path }) => path);

/** The route that takes what is posted to an address; undefined when none does. */
export const routeOf = (address: string): string | undefined =>
  PATTERNS.find(({ pattern }) => pattern.test(address.split('?', 1)[0]!))?.path;

/** Who may open the pages under this address, as far as the table of permissions tells. */
export function whoMayOpen(path: string): string[] {
  const action = actionOfPage(path) ?? null;
  return PEOPLE.filter(({ role, organisation }) => {
    const who = { userId: 'somebody', scope: scopeOf(organisation), roles: [role] };
    return action === null || may(who, action).allowed;
  }).map(({ email }) => email);
}

/**
 * The same things in other states, since what may be done, and so the forms, depend on them: one of each state, by the part of
 * the address that it stands for.
 */
const STATES: readonly (readonly [pattern: RegExp, sql: string])[] = [
  [
    /^\/claims\/:id$/,
    `SELECT DISTINCT ON (state, hold_reason IS NULL) id FROM claim ORDER BY state, hold_reason IS NULL, authority_code = 'BRENT' DESC, id`,
  ],
  [/^\/adjustments\/:id$/, 'SELECT DISTINCT ON (state) id FROM adjustment ORDER BY state, id'],
  [/^\/payments\/:id$/, 'SELECT DISTINCT ON (state) id FROM payment_run ORDER BY state, id'],
  [/^\/funding\/requests\/:id$/, 'SELECT DISTINCT ON (state) id FROM funding_request ORDER BY state, id'],
  [/^\/funding\/receipts\/:id$/, 'SELECT DISTINCT ON (state) id FROM funding_receipt ORDER BY state, id'],
  [/^\/bank\/:id$/, 'SELECT DISTINCT ON (state) id FROM bank_statement ORDER BY state, id'],
  [
    /^\/users\/:id$/,
    `SELECT DISTINCT ON (active) id FROM user_account ORDER BY active, email = 'finance@lincs.example' DESC, id`,
  ],
  [/^\/jobs\/delivery\/:id$/, 'SELECT DISTINCT ON (state) id FROM delivery ORDER BY state, id'],
  [
    // Of those not checked, one that the person of finance here did not review.
    /^\/assurance\/items\/:id$/,
    `SELECT DISTINCT ON (i.state) i.id FROM assurance_item i JOIN claim c ON c.id = i.claim_id
      ORDER BY i.state, (SELECT u.id = ANY (c.makers) FROM user_account u WHERE u.email = '${MTM.finance2}'), i.id`,
  ],
];
const PAIRS: readonly (readonly [outer: RegExp, inner: RegExp, sql: string])[] = [
  [
    /^\/bank\/:id$/,
    /\/lines\/:lineId$/,
    'SELECT DISTINCT ON (state) statement_id AS outer, id AS inner FROM bank_line ORDER BY state, id',
  ],
  [
    /^\/payments\/:id$/,
    /\/:paymentId$/,
    'SELECT DISTINCT ON (state) run_id AS outer, id AS inner FROM payment ORDER BY state, id',
  ],
];

async function otherStates({ admin }: Service): Promise<PageIds[]> {
  const found: PageIds[] = [];
  for (const [pattern, sql] of STATES) {
    const { rows } = await admin.query<{ id: string }>(sql);
    found.push(...rows.map(({ id }): PageIds => [[pattern, id]]));
  }
  for (const [outer, inner, sql] of PAIRS) {
    const { rows } = await admin.query<{ outer: string; inner: string }>(sql);
    found.push(
      ...rows.map((row): PageIds => [
        [outer, row.outer],
        [inner, row.inner],
      ]),
    );
  }
  return found;
}

/** Every form of every page, as somebody who may open it has it: once for each route and set of fields. */
export async function findForms(service: Service, ids: PageIds, more: readonly PageIds[]): Promise<FoundForm[]> {
  const pages = pageRoutes().filter(({ method }) => method === 'GET');
  const others = [...more, ...(await otherStates(service))];
  const found = new Map<string, FoundForm>();
  const look = async (visitor: WebVisitor, email: string | null, path: string, addresses: string[]) => {
    for (const address of addresses) {
      for (const form of await formsOn(visitor, email, address)) {
        // Rows of a list have forms that differ by ids alone.
        const names = form.fields.map(({ name }) => name.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\d+/g, '#'));
        const key = `${form.route} ${form.route.includes('/sign-out') ? '' : path} ${[...new Set(names)].sort().join()}`;
        if (!found.has(key)) found.set(key, form);
      }
    }
  };
  const nobody = new WebVisitor(service.base);
  for (const { path } of pages.filter((page) => OPEN_PAGES.test(page.path) && !page.path.includes('/:'))) {
    await look(nobody, null, path, [path]);
  }
  for (const { email } of PEOPLE) {
    const visitor = new WebVisitor(service.base);
    await visitor.signIn(email);
    for (const { path } of pages.filter((page) => !OPEN_PAGES.test(page.path))) {
      if (!whoMayOpen(path).includes(email)) continue;
      const addresses = new Set([pageAddress(path, ids), ...others.map((own) => pageAddress(path, [...own, ...ids]))]);
      await look(visitor, email, path, [...addresses]);
    }
  }
  return [...found.values()];
}

async function formsOn(visitor: WebVisitor, email: string | null, address: string): Promise<FoundForm[]> {
  const answer = await visitor.raw(address);
  const type = answer.headers.get('content-type') ?? '';
  if (answer.status !== 200 || !type.startsWith('text/html')) {
    await answer.arrayBuffer();
    return [];
  }
  const root = parse(await answer.text());
  return root.querySelectorAll('form').map((form) => {
    const action = form.getAttribute('action') ?? address;
    const method = form.getAttribute('method') === 'post' ? 'POST' : 'GET';
    const route = method === 'GET' ? action.split('?', 1)[0] : routeOf(action);
    if (route === undefined) throw new Error(`The form of ${address} goes to ${action}, which takes none`);
    const multipart = form.getAttribute('enctype') === 'multipart/form-data';
    const [fields, buttons] = [fieldsOf(form), buttonsOf(form)];
    return { method, route, action, page: address, email, fields, buttons, multipart };
  });
}

const buttonsOf = (form: HTMLElement): [string, string][] =>
  form
    .querySelectorAll('button[name]')
    .map((button) => [button.getAttribute('name')!, button.getAttribute('value') ?? '']);

const CHOICES = ['checkbox', 'radio'];

function kindOf(tag: string, type: string): FormField['kind'] {
  if (tag === 'SELECT' || CHOICES.includes(type)) return 'choice';
  if (type === 'hidden' || type === 'file') return type;
  return type === 'password' ? 'secret' : 'text';
}

function fieldsOf(form: HTMLElement): FormField[] {
  return form.querySelectorAll('input, select, textarea').flatMap((field) => {
    const name = field.getAttribute('name');
    const type = field.getAttribute('type') ?? 'text';
    if (!name || ['submit', 'button'].includes(type)) return [];
    const chosen = field.querySelector('option[selected]') ?? field.querySelector('option');
    const value = field.tagName === 'TEXTAREA' ? field.text : (chosen ?? field).getAttribute('value');
    const sent = !CHOICES.includes(type) || field.hasAttribute('checked');
    return [{ name, kind: kindOf(field.tagName, type), value: value ?? '', sent }];
  });
}
