import { CreateUser, InviteUser, RequestReset, type Role, type UserView } from '#identity';
import { Secrets } from '#platform/config';
import { systemActor } from '#platform/database';
import { Seals } from '../../libs/identity/sign-in/seals.js';
import { totpCode } from '../../libs/identity/sign-in/totp.js';
import { type Service } from '../support/service.js';
import { WebVisitor, type WebPage } from '../support/web.js';

export const PASSWORD = 'teapot harbour nine';

/** People with accounts of their own on a running service. */
export class Accounts {
  private made = 0;

  constructor(private readonly service: Service) {}

  visitor(): WebVisitor {
    return new WebVisitor(this.service.base);
  }

  async create(organisation = 'BRENT', roles: Role[] = ['la_finance']): Promise<UserView> {
    const email = `person${++this.made}@${organisation.toLowerCase()}.example`;
    const name = `Person ${this.made}`;
    return this.service.app.get(CreateUser).run(systemActor, { email, name, organisation, roles });
  }

  /** The path that the e-mail of an invitation leads to. */
  async invite(user: UserView): Promise<string> {
    await this.service.app.get(InviteUser).run(systemActor, user.id);
    return `/invitation/${await this.token(user.id)}`;
  }

  /** The path that the e-mail of a reset leads to. */
  async forget(user: UserView): Promise<string> {
    await this.service.app.get(RequestReset).run({ email: user.email });
    return `/reset/${await this.token(user.id)}`;
  }

  /** Somebody of an authority with a password, signed in on the pages. */
  async member(organisation?: string, roles?: Role[]): Promise<{ user: UserView; visitor: WebVisitor; page: WebPage }> {
    const user = await this.create(organisation, roles);
    const visitor = this.visitor();
    const form = await visitor.open(await this.invite(user));
    return { user, visitor, page: await form.press('Save the password', { 'New password': PASSWORD }) };
  }

  async signIn(user: UserView, password = PASSWORD, visitor = this.visitor()): Promise<WebPage> {
    const page = await visitor.open('/sign-in');
    return page.press('Sign in', { 'E-mail address': user.email, Password: password });
  }

  /** The six digits a telephone with this key shows now. */
  code(key: string): string {
    return totpCode(key.replaceAll(' ', ''), this.service.clock.now());
  }

  /** Turns the clock, so that a telephone shows another code. */
  pass(milliseconds: number): void {
    const { clock } = this.service;
    clock.set(new Date(clock.now().getTime() + milliseconds).toISOString());
  }

  /** The token of the newest link of a user, which nobody but its e-mail tells. */
  private async token(userId: string): Promise<string> {
    const { rows } = await this.service.admin.query<{ id: string; sealed: Buffer }>(
      'SELECT id, sealed FROM user_link WHERE user_id = $1 ORDER BY id DESC LIMIT 1',
      [userId],
    );
    const token = new Seals(this.service.app.get(Secrets)).open('link', rows[0]!.id, rows[0]!.sealed);
    if (token === null) throw new Error('the link is not sealed any more');
    return token;
  }
}
