import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { type DataSource } from 'typeorm';
import {
  AcceptInvitation,
  ChangePassword,
  CreateUser,
  EndSession,
  InviteUser,
  IssueToken,
  ListSessions,
  LookAtLink,
  RequestReset,
  ResetPassword,
  ResetSecondFactor,
  SecondFactor,
  SetUserActive,
  SignInByPassword,
  SweepSessions,
  UpdateUser,
  UserAccess,
  WebSessions,
  type Role,
} from '#identity';
import { Notices } from '#documents';
import { loadConfig, Secrets } from '#platform/config';
import { createDataSource, systemActor, UnitOfWork, type Actor } from '#platform/database';
import { Guesses } from '../../libs/identity/sign-in/guesses.js';
import { Seals } from '../../libs/identity/sign-in/seals.js';
import { totpCode } from '../../libs/identity/sign-in/totp.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const PASSWORD = 'teapot harbour nine';
/** As a cookie's: random and long. */
export const newId = (): string => randomBytes(32).toString('base64url');

/** A database of its own with two authorities, the use cases of signing in, and a clock that stands still until it is moved. */
export class SignInWorld {
  now = new Date('2018-03-20T09:00:00.000Z');
  readonly clock = { now: () => this.now };
  readonly secrets = new Secrets({ env: 'test', secretKey: 'k'.repeat(40), dataDir: '/nowhere' });
  readonly seals = new Seals(this.secrets);
  readonly guesses = new Guesses(this.secrets);
  readonly notices = new Notices(loadConfig({ NODE_ENV: 'test', MAIL_FROM: 'claims@claims.example' }));
  database: TestDatabase;
  source: DataSource;
  admin: pg.Client;
  uow: UnitOfWork;
  private made = 0;

  static async start(): Promise<SignInWorld> {
    const world = new SignInWorld();
    world.database = await createTestDatabase();
    world.source = await createDataSource(world.database.url, { poolSize: 6 }).initialize();
    world.admin = new pg.Client({ connectionString: world.database.adminUrl });
    await world.admin.connect();
    await world.admin.query(
      `INSERT INTO authority (code, name, ons_code) VALUES ('BRENT', 'Brent', 'E00000001'), ('LEICS', 'Leics', 'E00000002')`,
    );
    world.uow = new UnitOfWork(world.source, world.clock);
    return world;
  }

  async stop(): Promise<void> {
    await this.source.destroy();
    await this.admin.end();
    await this.database.drop();
  }

  pass(milliseconds: number): void {
    this.now = new Date(this.now.getTime() + milliseconds);
  }

  get sessions() {
    return new WebSessions(this.source, this.uow, this.clock);
  }

  get use() {
    const { uow, guesses, seals, notices } = this;
    return {
      create: new CreateUser(uow),
      update: new UpdateUser(uow, notices),
      active: new SetUserActive(uow),
      listSessions: new ListSessions(uow),
      endSession: new EndSession(uow),
      sweep: new SweepSessions(uow),
      signIn: new SignInByPassword(uow, guesses),
      secondFactor: new SecondFactor(uow, guesses, seals),
      resetSecondFactor: new ResetSecondFactor(uow, guesses, notices),
      changePassword: new ChangePassword(uow, guesses),
      issue: new IssueToken(uow, notices),
      invite: new InviteUser(uow, seals),
      requestReset: new RequestReset(uow, guesses, seals),
      look: new LookAtLink(uow),
      accept: new AcceptInvitation(uow, guesses),
      reset: new ResetPassword(uow, guesses),
      access: new UserAccess(uow),
    };
  }

  /** A user, known by an address of their own. */
  async user(organisation = 'BRENT', roles: Role[] = organisation === 'MTM' ? ['mtm_finance'] : ['la_finance']) {
    const email = `person${++this.made}@${organisation.toLowerCase()}.example`;
    return this.use.create.run(systemActor, { email, name: `Person ${this.made}`, organisation, roles });
  }

  async actor(organisation = 'BRENT', roles?: Role[]): Promise<Actor> {
    const user = await this.user(organisation, roles);
    return { userId: user.id, organisation, scope: organisation === 'MTM' ? '*' : organisation, roles: user.roles };
  }

  administrator(): Promise<Actor> {
    return this.actor('MTM', ['administrator']);
  }

  /** The token of the newest link of a user, as the e-mail would tell it. */
  async token(userId: string): Promise<string> {
    const { rows } = await this.admin.query<{ id: string; sealed: Buffer }>(
      'SELECT id, sealed FROM user_link WHERE user_id = $1 ORDER BY id DESC LIMIT 1',
      [userId],
    );
    const token = this.seals.open('link', rows[0]!.id, rows[0]!.sealed);
    if (token === null) throw new Error('the link is not sealed any more');
    return token;
  }

  /** A user with a password. */
  async member(organisation = 'BRENT', roles?: Role[]) {
    const user = await this.user(organisation, roles);
    await this.use.invite.run(systemActor, user.id);
    await this.use.accept.run({ token: await this.token(user.id), password: PASSWORD });
    return user;
  }

  /** Sets a telephone up for a user. Returns what it shows at the moment it is asked. */
  async telephone(userId: string): Promise<() => string> {
    const { secret, sealed } = await this.use.secondFactor.begin(userId);
    const code = () => totpCode(secret, this.now);
    const answer = await this.use.secondFactor.confirm(userId, sealed, code());
    if (answer.state !== 'signed_in') throw new Error(answer.code);
    return code;
  }

  /** Somebody signed in, as the pages do it. */
  async signedIn(userId: string, userAgent: string | null = null): Promise<string> {
    const id = newId();
    await this.sessions.save(id, { csrf: 'x' }, { userId, how: 'password', userAgent });
    return id;
  }

  /** What is on the trail of a user, oldest first. */
  async trail(userId: string): Promise<{ action: string; after: unknown; actor_id: string }[]> {
    const { rows } = await this.admin.query<{ action: string; after: unknown; actor_id: string }>(
      `SELECT action, after, actor_id FROM audit_entry WHERE subject_type = 'user' AND subject_id = $1 ORDER BY seq`,
      [userId],
    );
    return rows;
  }

  async count(sql: string, parameters: unknown[] = []): Promise<number> {
    const { rows } = await this.admin.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, parameters);
    return rows[0]!.n;
  }
}
