import fc, { type Arbitrary } from 'fast-check';
import { parse, type HTMLElement } from 'node-html-parser';
import { v7 as uuid } from 'uuid';
import { bent, encoded, MARKS, RENDERED, shotAt, shotInTheDark, type Shot } from './form-arbitrary.js';
import { type FoundForm } from './page-forms.js';
import { type Service } from './service.js';
import { WebVisitor } from './web.js';

/** What no page tells: where something broke, what was asked of the database, how secrets are kept. */
const INNARDS =
  /\n\s+at .+:\d+|node_modules|\.(ts|js|njk):\d+|Template render error|(SELECT|INSERT INTO|UPDATE) [a-z_"]+ |QueryFailedError|(Type|Range|Reference|Syntax)Error|\$argon2|postgres(ql)?:\/\/|ECONN/;

/** These answer with a page instead of leading to one: a step that is looked at before it is done, a secret told once, work in progress. */
const ANSWERS_ITSELF =
  /^\/(claims\/:id\/(review|adjust)|users\/:id\/tokens|audit\/verify|claim-forms\/:id\/paste|.*\/(totals|working))(\/|$)/;

/** Pieces of a page that its script asks for while somebody types: nobody reads what is refused. */
const FOR_SCRIPTS = /\/(totals|working)$/;

const UNREADABLE = 'This address or form could not be read';

/** No field may be called so: what reads forms would trip over it. */
const isNoName = (name: string): boolean => name === '' || name in Object.prototype;

const isUnreadable = ({ pairs, raw, odd }: Shot): boolean =>
  raw !== '' || odd !== null || pairs.some(([name]) => isNoName(name));

interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

interface Session {
  visitor: WebVisitor;
  csrf: string;
}

/** Sends forms of pages, good and hostile, and says what was answered otherwise than a page may answer. */
export class FormFuzzer {
  shots = 0;
  readonly statuses = new Map<number, number>();
  /** By who is meant: each has one session for all forms, until something they send ends it. */
  private readonly sessions = new Map<string | null, Session>();

  constructor(private readonly service: Service) {}

  /** Null, or the smallest sending that is answered wrongly, and how. */
  async attack(form: FoundForm, options: { seed: number; numRuns: number; dark?: boolean }): Promise<string | null> {
    const { dark = false, seed, numRuns } = options;
    const shots: Arbitrary<Shot> = dark ? shotInTheDark : shotAt(form);
    const property = fc.asyncProperty(shots, async (shot) => {
      const faults = await this.fire(form, shot);
      if (faults.length > 0) throw new Error(faults.slice(0, 3).join('\n'));
    });
    const result = await fc.check(property, { seed, numRuns });
    if (!result.failed) return null;
    const [shot] = result.counterexample ?? [];
    const fault = result.errorInstance instanceof Error ? result.errorInstance.message : 'no answer';
    const sent = shot ? `${JSON.stringify(shot.pairs).slice(0, 600)} ${shot.raw.slice(0, 40)}` : '';
    return `${form.route} on ${form.page} as ${form.email ?? 'nobody'}: ${sent}\n${fault}`;
  }

  private async fire(form: FoundForm, shot: Shot): Promise<string[]> {
    const session = this.sessions.get(form.email) ?? (await this.enter(form.email));
    const { visitor } = session;
    this.shots++;
    const answer = await this.take(await this.send(session, form, shot));
    this.statuses.set(answer.status, (this.statuses.get(answer.status) ?? 0) + 1);
    const faults = [...this.badAnswer(form, shot, answer), ...this.badPage(answer)];
    if (answer.status === 400 && form.method === 'POST') faults.push(...notKept(form, shot, parse(answer.text)));
    if (answer.status !== 303) return faults;
    const to = answer.headers.get('location') ?? '';
    // Signed out by what was sent: the next one comes from a new session.
    if (to.startsWith('/sign-in')) this.sessions.delete(form.email);
    const next = await this.take(await visitor.raw(to));
    return [...faults, ...this.badPage(next).map((fault) => `${to.slice(0, 200)} afterwards: ${fault}`)];
  }

  private send({ visitor, csrf }: Session, form: FoundForm, shot: Shot): Promise<Response> {
    const action = bent(form, shot);
    if (form.method === 'GET') return visitor.raw(`${action.split('?', 1)[0]}?${query(shot)}`);
    const type: Record<string, string> = form.multipart ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
    return visitor.raw(action, {
      method: 'POST',
      headers: { origin: this.service.base, ...type },
      body: form.multipart ? multipart(form, shot, csrf) : urlencoded(shot, csrf),
    });
  }

  private async take(answer: Response): Promise<Answer> {
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  }

  private badAnswer({ method, route }: FoundForm, shot: Shot, { status, headers, text }: Answer): string[] {
    if (status === 200 && method === 'GET') return [];
    if (status === 200) return ANSWERS_ITSELF.test(route) ? [] : ['200, and neither done nor refused'];
    if (status === 303) {
      const to = headers.get('location') ?? '';
      return /^\/(?![/\\])[\x21-\x7e]*$/.test(to) ? [] : [`sent on to ${to.slice(0, 200)}`];
    }
    if (status < 400 || status >= 500) return [`${status}: ${text.slice(0, 300)}`];
    if (status !== 400 || method === 'GET' || FOR_SCRIPTS.test(route)) return [];
    const page = parse(text);
    // Nobody's typing: the body names what no field may be called, or the address cannot be one of ours.
    if (page.querySelector('h1')?.text.trim() === UNREADABLE && isUnreadable(shot)) return [];
    const said = page.querySelectorAll('.govuk-error-summary__list li');
    return said.length > 0
      ? []
      : [`400, and no summary of errors: ${page.querySelector('main')?.text.trim().slice(0, 200)}`];
  }

  private badPage({ status, headers, text }: Answer): string[] {
    const faults: string[] = [];
    if (status >= 500) faults.push(`${status}`);
    if (!(headers.get('content-type') ?? '').startsWith('text/html')) return status === 303 ? faults : [...faults];
    if (headers.get('x-injected') !== null) faults.push('a header of the sender’s');
    if (!headers.get('content-security-policy')?.includes("default-src 'self'")) faults.push('no policy');
    for (const mark of MARKS) {
      const at = text.indexOf(mark);
      if (at >= 0) faults.push(`${mark} stands in the page: …${text.slice(Math.max(0, at - 100), at + 30)}`);
    }
    if (text.includes(RENDERED)) faults.push('a field was rendered as a template');
    const innards = INNARDS.exec(text) ?? (text.includes(this.service.dataDir) ? [this.service.dataDir] : null);
    if (innards)
      faults.push(
        `the page tells ${innards[0]}: ${text.slice(text.indexOf(innards[0]) - 200, text.indexOf(innards[0]) + 200)}`,
      );
    const secrets = parse(text).querySelectorAll('input[type=password]');
    if (secrets.some((field) => field.getAttribute('value'))) faults.push('a password is in the page');
    return faults;
  }

  /** Somebody with a session of their own, and a token for its forms. */
  private async enter(email: string | null): Promise<Session> {
    const visitor = new WebVisitor(this.service.base);
    if (email !== null) await visitor.signIn(email);
    const { root } = await visitor.open(email === null ? '/sign-in' : '/account');
    const csrf = root.querySelector('input[name=_csrf]')?.getAttribute('value');
    if (csrf === undefined) throw new Error(`No form for ${email ?? 'nobody'}`);
    const session = { visitor, csrf };
    this.sessions.set(email, session);
    return session;
  }
}

function urlencoded({ pairs, raw, key }: Shot, csrf: string): string {
  const own: [string, string][] = [['_csrf', csrf], ...keyOf(key)];
  const body = [...own, ...pairs].map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
  return raw === '' ? body : `${body}&${raw}`;
}

function multipart({ fields }: FoundForm, { pairs, key, file }: Shot, csrf: string): FormData {
  const body = new FormData();
  body.append('_csrf', csrf);
  for (const [name, value] of [...keyOf(key), ...pairs]) body.append(name, value);
  const [fileName, content] = file;
  for (const { name, kind } of fields) if (kind === 'file') body.append(name, new Blob([content]), fileName);
  return body;
}

const keyOf = (key: Shot['key']): [string, string][] =>
  key === 'none' ? [] : [['_key', key === 'new' ? uuid() : 'zq9']];

/** No longer than an address may be. */
function query({ pairs, raw }: Shot): string {
  const asked = pairs.map(([name, value]) => `${encoded(name.slice(0, 100))}=${encoded(value.slice(0, 500))}`);
  return [...asked, raw.slice(0, 500)].join('&').replaceAll('#', '').slice(0, 8_000);
}

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Amounts of lines of which another field says that they stay as they are. */
const NOT_ASKED = /^(net|days)\./;

/** What was read out over the telephone is compared and stays nowhere. */
const READ_OUT = /^\/bank-details\/:code\/confirm$/;
const READ_OUT_FIELDS: ReadonlySet<string> = new Set(['sortCode', 'accountNumber', 'iban', 'bic']);

/** Text fields that are shown again with something else than was typed into them. */
function notKept({ route, multipart }: FoundForm, { pairs, typed }: Shot, root: HTMLElement): string[] {
  return typed.flatMap(([name, text]) => {
    const sent = pairs.filter(([known]) => known === name);
    // What no keyboard types may be left out; what came twice has no one value.
    if (
      sent.length !== 1 ||
      NOT_ASKED.test(name) ||
      (READ_OUT.test(route) && READ_OUT_FIELDS.has(name)) ||
      sent[0]![1] !== text ||
      // No sentence beside a file is as long as that; it is refused, and not read to its end.
      (multipart && text.length > 1_000) ||
      /[\p{Cc}\p{Cs}\p{Cf}\u2028\u2029]/u.test(text)
    )
      return [];
    const shown = root
      .querySelectorAll('input, textarea')
      .filter((one) => one.getAttribute('name') === name && one.getAttribute('type') !== 'hidden');
    if (shown.length !== 1) return [];
    const [field] = shown as [HTMLElement];
    // A code is good once, so nobody is shown it again.
    if (field.getAttribute('autocomplete') === 'one-time-code') return [];
    const value = field.tagName === 'TEXTAREA' ? field.text : (field.getAttribute('value') ?? '');
    if (plain(value) === plain(text)) return [];
    return [`${name} shows ${JSON.stringify(value.slice(0, 80))} and not ${JSON.stringify(text.slice(0, 80))}`];
  });
}
