import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { conflict, notFound } from '#kernel';
import { Notices } from '#documents';
import { systemActor, UnitOfWork, type Actor, type Tx } from '#platform/database';
import { IntegerField, TextField, validateInput } from '#platform/validation';
import { tellOfToken } from './account-notices.js';
import { ApiTokenEntity } from './api-token.entity.js';
import { hashToken, requireMay, TOKEN_DAYS, tokenFrom } from './domain/index.js';
import { auditUser } from './user-record.js';
import { findUserByEmail, loadUser, toTokenView } from './user.queries.js';
import { type IssuedTokenView, type UserView } from './user.view.js';

const DAY_MS = 86_400_000;

export class IssueTokenInput {
  @TextField({ max: 100, example: 'Finance system' })
  label: string;

  @IntegerField({
    ...TOKEN_DAYS,
    optional: true,
    description: `For how many days it works; ${TOKEN_DAYS.default} when left out.`,
  })
  days?: number;
}

/**
 * Makes a bearer token for a user and tells it this once; only its SHA-256 is kept. For the same reason the answer is
 * never kept under an Idempotency-Key: a repeated call makes another token. Its user is told by e-mail. Allowed: `token.issue`.
 */
@Injectable()
export class IssueToken {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(Notices) private readonly notices: Notices,
  ) {}

  /** Throws malformed, not_found, forbidden, conflict `user_inactive`. */
  run(actor: Actor, userId: string, body: unknown): Promise<IssuedTokenView> {
    const input = validateInput(IssueTokenInput, body);
    return this.uow.run(actor, async (tx) => {
      const user = await loadUser(tx, userId);
      requireMay(actor, 'token.issue');
      const issued = await issue(tx, user, input);
      await tellOfToken(tx, this.notices, user, issued);
      return issued;
    });
  }

  /** For the command line beside the database, as the system, which tells nobody. Throws not_found, conflict `user_inactive`. */
  forEmail(email: string, body: unknown): Promise<IssuedTokenView> {
    const input = validateInput(IssueTokenInput, body);
    return this.uow.run(systemActor, async (tx) => {
      const user = await findUserByEmail(tx, email.trim());
      if (!user) throw notFound('user');
      return issue(tx, user, input);
    });
  }
}

async function issue(tx: Tx, user: UserView, input: IssueTokenInput): Promise<IssuedTokenView> {
  if (!user.active) throw conflict('user_inactive', 'This user is deactivated. Activate the user first.');
  const token = tokenFrom(randomBytes(32));
  const expiresAt = new Date(tx.now.getTime() + (input.days ?? TOKEN_DAYS.default) * DAY_MS);
  const row: ApiTokenEntity = {
    id: uuid(),
    userId: user.id,
    organisation: user.organisation,
    sha256: hashToken(token),
    label: input.label,
    createdAt: tx.now,
    expiresAt,
    revokedAt: null,
  };
  await tx.manager.insert(ApiTokenEntity, row);
  await auditUser(tx, 'token.issued', user, { after: { tokenId: row.id, expiresAt: expiresAt.toISOString() } });
  return { ...toTokenView(row), token };
}
