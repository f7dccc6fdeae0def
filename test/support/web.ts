import { parse, type HTMLElement } from 'node-html-parser';
import { tablesWithoutLink } from './page-tables.js';

/** What a person types or chooses, by the label of the field (radios and checkboxes: the label of the one to choose). */
export type Filled = Readonly<Record<string, string | boolean>>;

const clean = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** A page as a browser without JavaScript has it. */
export class WebPage {
  readonly root: HTMLElement;

  constructor(
    readonly visitor: WebVisitor,
    readonly url: string,
    readonly status: number,
    readonly headers: Headers,
    readonly html: string,
  ) {
    this.root = parse(html);
  }

  get path(): string {
    return this.url.slice(this.visitor.base.length);
  }

  get heading(): string {
    return clean(this.root.querySelector('h1')?.text ?? '');
  }

  get title(): string {
    return clean(this.root.querySelector('title')?.text ?? '');
  }

  /** What stands in the page's main part. */
  get text(): string {
    return clean(this.root.querySelector('main')?.structuredText ?? '');
  }

  /** The problems of the error summary. */
  get errors(): string[] {
    return this.root.querySelectorAll('.govuk-error-summary__list li').map((item) => clean(item.text));
  }

  /** What the notification banner says; empty without one. */
  get notice(): string {
    return clean(this.root.querySelector('.govuk-notification-banner__content')?.text ?? '');
  }

  /** The cells of a table's body, row by row. */
  rows(selector = 'table'): string[][] {
    return this.root
      .querySelectorAll(`${selector} tbody tr`)
      .map((row) => row.querySelectorAll('th, td').map((cell) => clean(cell.text)));
  }

  links(): { text: string; href: string }[] {
    return this.root
      .querySelectorAll('a[href]')
      .map((link) => ({ text: clean(link.text), href: link.getAttribute('href') ?? '' }));
  }

  /** Follows the first link with this text. */
  follow(text: string): Promise<WebPage> {
    const link = this.links().find((one) => one.text === text) ?? this.links().find((one) => one.text.includes(text));
    if (!link)
      throw new Error(
        `No link "${text}" on ${this.path}: ${this.links()
          .map((one) => one.text)
          .join(' | ')}`,
      );
    return this.visitor.open(link.href);
  }

  /** Fills the form that has this button and presses it. */
  press(button: string, fill: Filled = {}, files: Readonly<Record<string, File>> = {}): Promise<WebPage> {
    const { form, pressed } = this.formWith(button);
    const action = form.getAttribute('action') ?? this.path;
    const fields = fieldsOf(form);
    for (const [label, value] of Object.entries(fill)) put(form, fields, label, value);
    const name = pressed.getAttribute('name');
    if (name) fields.push([name, pressed.getAttribute('value') ?? '']);
    if ((form.getAttribute('method') ?? 'get').toLowerCase() === 'get') {
      return this.visitor.open(`${action.split('?', 1)[0]}?${new URLSearchParams(fields).toString()}`);
    }
    if (form.getAttribute('enctype') !== 'multipart/form-data')
      return this.visitor.post(action, new URLSearchParams(fields));
    const body = new FormData();
    for (const [field, value] of fields) body.append(field, value);
    for (const [label, file] of Object.entries(files))
      body.append(labelled(form, label).getAttribute('name') ?? '', file);
    return this.visitor.post(action, body);
  }

  /** The value a field has, by its label. */
  value(label: string): string {
    const field = labelled(this.root, label);
    return field.tagName === 'TEXTAREA' ? field.text : (field.getAttribute('value') ?? '');
  }

  private formWith(button: string): { form: HTMLElement; pressed: HTMLElement } {
    const buttons = this.root.querySelectorAll('form button, button[form]');
    const pressed =
      buttons.find((one) => clean(one.text) === button) ?? buttons.find((one) => clean(one.text).includes(button));
    // A button may belong to a form that it does not stand in.
    const of = pressed?.getAttribute('form');
    const form = of ? this.root.querySelector(`form#${of}`) : pressed?.closest('form');
    if (!pressed || !form) {
      throw new Error(`No button "${button}" on ${this.path}: ${buttons.map((one) => clean(one.text)).join(' | ')}`);
    }
    return { form, pressed };
  }
}

/** One person at a browser without JavaScript: cookies, links, forms. */
export class WebVisitor {
  private readonly cookies = new Map<string, string>();

  constructor(readonly base: string) {}

  async open(path: string): Promise<WebPage> {
    return this.send(path, { method: 'GET' });
  }

  async post(path: string, body: URLSearchParams | FormData, headers: Record<string, string> = {}): Promise<WebPage> {
    return this.send(path, { method: 'POST', body, headers: { origin: this.base, ...headers } });
  }

  /** Signs in on the demonstration's page. */
  async signIn(email: string): Promise<WebPage> {
    const page = await this.open('/sign-in');
    const csrf = page.root.querySelector('input[name=_csrf]')?.getAttribute('value') ?? '';
    const home = await this.post('/sign-in/demo', new URLSearchParams({ _csrf: csrf, email }));
    if (home.path.startsWith('/sign-in')) throw new Error(`${email} could not sign in: ${home.text}`);
    return home;
  }

  /** The cookie header this person's browser would send. */
  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Without following a redirect. */
  async raw(path: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(path, this.base);
    const headers = { ...(init.headers as Record<string, string>), cookie: this.cookie };
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';', 1);
      const [name = '', ...value] = pair.split('=');
      if (/expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value.join('='));
    }
    return answer;
  }

  private async send(path: string, init: RequestInit): Promise<WebPage> {
    let at = path;
    let answer = await this.raw(at, init);
    for (let hops = 0; answer.status === 303 && hops < 5; hops++) {
      await answer.arrayBuffer();
      at = answer.headers.get('location') ?? '/';
      answer = await this.raw(at, { method: 'GET' });
    }
    const html = await answer.text();
    // Of every page that any test opens, also those that answer a form or stand in a state only that test brings about.
    const without = tablesWithoutLink(html);
    if (without.length > 0) throw new Error(`No file of these tables on ${at}: ${without.join(', ')}`);
    return new WebPage(this, new URL(at, this.base).href, answer.status, answer.headers, html);
  }
}

/** What the form would send as it stands. */
function fieldsOf(form: HTMLElement): [string, string][] {
  const fields: [string, string][] = [];
  for (const field of form.querySelectorAll('input, select, textarea')) {
    const name = field.getAttribute('name');
    const type = field.getAttribute('type') ?? 'text';
    if (!name || ['submit', 'button', 'file'].includes(type)) continue;
    if (['checkbox', 'radio'].includes(type) && !field.hasAttribute('checked')) continue;
    if (field.tagName === 'SELECT') {
      const options = field.querySelectorAll('option');
      const chosen = options.find((option) => option.hasAttribute('selected')) ?? options[0];
      fields.push([name, chosen?.getAttribute('value') ?? '']);
    } else {
      fields.push([name, field.tagName === 'TEXTAREA' ? field.text : (field.getAttribute('value') ?? '')]);
    }
  }
  return fields;
}

function labelled(root: HTMLElement, label: string): HTMLElement {
  const labels = root.querySelectorAll('label');
  const found =
    labels.find((one) => clean(one.text) === label) ?? labels.find((one) => clean(one.text).includes(label));
  const id = found?.getAttribute('for');
  const field = id ? root.querySelectorAll('input, select, textarea').find((one) => one.id === id) : undefined;
  if (!field) throw new Error(`No field "${label}": ${labels.map((one) => clean(one.text)).join(' | ')}`);
  return field;
}

function put(form: HTMLElement, fields: [string, string][], label: string, value: string | boolean): void {
  const field = labelled(form, label);
  const name = field.getAttribute('name') ?? '';
  const type = field.getAttribute('type');
  const others = (same: (pair: [string, string]) => boolean) => {
    const kept = fields.filter((pair) => !same(pair));
    fields.splice(0, fields.length, ...kept);
  };
  if (type === 'checkbox' || type === 'radio') {
    const own = field.getAttribute('value') ?? 'on';
    others(([at, has]) => at === name && (type === 'radio' || has === own));
    if (value !== false) fields.push([name, own]);
    return;
  }
  let text = String(value);
  if (field.tagName === 'SELECT') {
    const option = field.querySelectorAll('option').find((one) => clean(one.text) === text);
    text = option?.getAttribute('value') ?? text;
  }
  // A label may stand for several fields of one name; the labelled one is the first with its place kept.
  const index = form
    .querySelectorAll('input, select, textarea')
    .filter((one) => one.getAttribute('name') === name)
    .indexOf(field);
  let seen = -1;
  const at = fields.findIndex(([known]) => known === name && ++seen === index);
  if (at >= 0) fields[at] = [name, text];
  else fields.push([name, text]);
}
