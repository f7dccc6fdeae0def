import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '#kernel';
import { AppConfig, ConfigError } from '#platform/config';
import { systemActor, UnitOfWork, type Tx } from '#platform/database';
import { type Role } from '../domain/index.js';

export interface DemoPerson {
  email: string;
  name: string;
  organisation: string;
  roles: Role[];
}

/** Invented people and no others: their addresses are of a domain nobody can have (RFC 2606), their names say it. */
const DEMO = `SELECT id, email, name, organisation, roles FROM user_account
  WHERE active AND email LIKE '%.example' AND name LIKE '%(demo)'`;

/** Lets whoever is at the machine be a demo user. Only where the settings say so, never in production. */
@Injectable()
export class DemoSignIn {
  readonly enabled: boolean;

  constructor(
    @Inject(AppConfig) config: AppConfig,
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
  ) {
    // loadConfig refuses it too; a configuration made in another way must not open this door either.
    if (config.demo && config.env === 'production') {
      throw new ConfigError(['DEMO_SIGN_IN lets anybody in; unset it when NODE_ENV is production.']);
    }
    this.enabled = config.demo;
  }

  /** The demo users, the payer's first. Throws not_found where there is no demonstration. */
  list(): Promise<DemoPerson[]> {
    this.requireEnabled();
    return this.uow.read(systemActor, async (tx) => {
      const found = await tx.query<DemoPerson & { id: string }>(
        `${DEMO} ORDER BY organisation = 'MTM' DESC, organisation, email`,
      );
      return found.map(({ email, name, organisation, roles }) => ({ email, name, organisation, roles }));
    });
  }

  /** Throws not_found for anybody who is no demo user. */
  run(email: string): Promise<{ userId: string }> {
    this.requireEnabled();
    return this.uow.read(systemActor, async (tx: Tx) => {
      const [found] = await tx.query<{ id: string }>(`${DEMO} AND email = $1`, [email]);
      if (!found) throw notFound('demo user');
      return { userId: found.id };
    });
  }

  private requireEnabled(): void {
    if (!this.enabled) throw notFound('page');
  }
}
