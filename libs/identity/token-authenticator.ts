import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError, type Clock } from '#kernel';
import { CLOCK } from '#platform/config';
import { type Actor } from '#platform/database';
import { Authenticator } from '#platform/http';
import { hashToken, looksLikeToken, scopeOf } from './domain/index.js';

interface Row {
  user_id: string;
  organisation: string;
  roles: string[];
  state: 'good' | 'expired' | 'revoked';
}

/**
 * Finds who holds a bearer token. One statement outside any transaction: before it nobody knows whose authority to set,
 * so it asks a function of the database's owner. When a token was last used is not written: it would make every read a write.
 */
@Injectable()
export class TokenAuthenticator extends Authenticator {
  constructor(
    @Inject(DataSource) private readonly source: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    super();
  }

  /**
   * Null for a token nobody was given. Throws DomainError `unauthenticated` with code `token_expired`, or
   * `token_revoked` for one that was withdrawn or whose user was deactivated.
   */
  async authenticate(token: string): Promise<Actor | null> {
    if (!looksLikeToken(token)) return null;
    const [row] = (await this.source.query(
      'SELECT user_id, organisation, roles, state FROM authenticate_token($1, $2)',
      [hashToken(token), this.clock.now()],
    )) as Row[];
    if (!row) return null;
    if (row.state !== 'good') throw REFUSALS[row.state]();
    return { userId: row.user_id, organisation: row.organisation, scope: scopeOf(row.organisation), roles: row.roles };
  }
}

const REFUSALS = {
  expired: () => new DomainError('unauthenticated', 'token_expired', 'This token is too old. Ask for a new one.'),
  revoked: () => new DomainError('unauthenticated', 'token_revoked', 'This token was withdrawn. Ask for a new one.'),
};
