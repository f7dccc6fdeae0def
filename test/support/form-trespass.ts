import { may, scopeOf, type Role } from '#identity/domain';
import { actionOfForm } from './form-access.js';
import { type FoundForm } from './page-forms.js';
import { finance, manager, MTM } from './people.js';
import { type Service } from './service.js';
import { WebVisitor } from './web.js';

interface Person {
  role: Role;
  email: string;
  organisation: string;
}

const PEOPLE: readonly Person[] = [
  { role: 'la_finance', email: finance('BRENT'), organisation: 'BRENT' },
  { role: 'la_manager', email: manager('BRENT'), organisation: 'BRENT' },
  { role: 'la_finance', email: finance('WOKINGHAM'), organisation: 'WOKINGHAM' },
  { role: 'la_manager', email: manager('WOKINGHAM'), organisation: 'WOKINGHAM' },
  { role: 'mtm_finance', email: MTM.finance2, organisation: 'MTM' },
  { role: 'mtm_approver', email: MTM.approver, organisation: 'MTM' },
  { role: 'coordinator', email: MTM.coordinator, organisation: 'MTM' },
  { role: 'auditor', email: MTM.auditor, organisation: 'MTM' },
  { role: 'administrator', email: MTM.admin, organisation: 'MTM' },
];
/** Has nothing in any of the states that the forms are about. */
const STRANGER = 'WOKINGHAM';

/** Forms as a page shows them to somebody who may, sent by everybody who may not. */
export class Trespass {
  sent = 0;
  private readonly visitors = new Map<string, { visitor: WebVisitor; csrf: string; id: string }>();

  private constructor(private readonly service: Service) {}

  static async start(service: Service): Promise<Trespass> {
    const trespass = new Trespass(service);
    for (const { email } of PEOPLE) {
      const visitor = new WebVisitor(service.base);
      await visitor.signIn(email);
      const { root } = await visitor.open('/account');
      const { rows } = await service.admin.query<{ id: string }>('SELECT id FROM user_account WHERE email = $1', [
        email,
      ]);
      const csrf = root.querySelector('input[name=_csrf]')!.getAttribute('value')!;
      trespass.visitors.set(email, { visitor, csrf, id: rows[0]!.id });
    }
    return trespass;
  }

  /** What was answered otherwise than by a refusal. */
  async tryAll(forms: readonly FoundForm[]): Promise<string[]> {
    const letIn: string[] = [];
    for (const form of forms) {
      for (const person of PEOPLE.filter((one) => mustNot(one, form))) {
        const status = await this.send(form, person);
        if (status !== null) letIn.push(`${form.route} as ${person.role} of ${person.organisation}: ${status}`);
      }
    }
    return [...new Set(letIn)];
  }

  /** What these people are said to have done, apart from signing in. */
  async deeds(): Promise<number> {
    const ids = [...this.visitors.values()].map(({ id }) => id);
    const { rows } = await this.service.admin.query<{ count: string }>(
      `SELECT count(*) FROM audit_entry WHERE actor_id = ANY ($1::uuid[]) AND action NOT LIKE 'session.%'`,
      [ids],
    );
    return Number(rows[0]!.count);
  }

  /** Null when it was refused: by its answer, or by the page that it leads back to. */
  private async send({ action, fields, buttons, multipart }: FoundForm, { email }: Person): Promise<number | null> {
    const { visitor, csrf } = this.visitors.get(email)!;
    const body = multipart ? new FormData() : new URLSearchParams();
    body.append('_csrf', csrf);
    for (const { name, value, sent, kind } of fields) {
      if (['_csrf', '_key'].includes(name) || !sent) continue;
      if (kind === 'file' && body instanceof FormData) body.append(name, new Blob(['%PDF-1.7']), 'a.pdf');
      else body.append(name, value);
    }
    for (const [name, value] of buttons.slice(0, 1)) body.append(name, value);
    const answer = await visitor.raw(action, { method: 'POST', headers: { origin: this.service.base }, body });
    await answer.arrayBuffer();
    this.sent++;
    if (answer.status >= 400 && answer.status < 500) return null;
    if (answer.status !== 303) return answer.status;
    const next = await visitor.raw(answer.headers.get('location') ?? '');
    return next.status === 403 || (await next.text()).includes('You may not') ? null : answer.status;
  }
}

function mustNot({ role, organisation }: Person, { method, route, email }: FoundForm): boolean {
  const action = actionOfForm(route);
  if (method === 'GET' || email === null || action === undefined) return false;
  if (action === null) return organisation === STRANGER && route.includes('/:');
  if (!may({ userId: 'somebody', scope: scopeOf(organisation), roles: [role] }, action).allowed) return true;
  return organisation === STRANGER && route.includes('/:');
}
