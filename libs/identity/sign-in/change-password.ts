import { Inject, Injectable } from '@nestjs/common';
import { systemActor, UnitOfWork, type Actor } from '#platform/database';
import { TextField, validateInput } from '#platform/validation';
import { PASSWORD_RULES } from '../domain/index.js';
import { asUser } from '../user-record.js';
import { activeAccount } from './account.js';
import { requirePassword, storePassword } from './choose-password.js';
import { Guesses } from './guesses.js';
import { hashPassword, isPassword } from './password-hash.js';
import { refusal, type Refusal } from './refusal.js';
import { auditLock } from './sign-in-by-password.js';

export class ChangePasswordInput {
  @TextField({ max: PASSWORD_RULES.max })
  current: string;

  @TextField({ max: 1_000 })
  password: string;
}

/** One's own password, with the present one: a session left open is not enough. */
@Injectable()
export class ChangePassword {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(Guesses) private readonly guesses: Guesses,
  ) {}

  /**
   * Ends all other sessions; `keepSession` is the one it is done from. Wrong guesses at the present password count as
   * those at sign-in. Throws malformed, refused `password_not_allowed`.
   */
  async run(
    actor: Actor,
    body: unknown,
    keepSession?: string,
  ): Promise<{ state: 'changed' } | Refusal<'sign_in_failed'>> {
    const { current, password } = validateInput(ChangePasswordInput, body);
    const account = await this.uow.read(systemActor, (tx) => activeAccount(tx, actor.userId));
    if (account === null) return refusal('sign_in_failed');
    requirePassword(password, account.email);
    const admitted = await this.uow.run(systemActor, (tx) => this.guesses.admit(tx, `password ${account.email}`));
    if (!admitted.admitted) return refusal('locked', admitted.retryAfterSeconds);
    if (!(await isPassword(account.passwordHash, current))) {
      await this.uow.run(systemActor, (tx) => auditLock(tx, account, admitted, 'password'));
      return refusal('sign_in_failed');
    }
    const passwordHash = await hashPassword(password);
    await this.uow.run(systemActor, (tx) =>
      storePassword(asUser(tx, account), this.guesses, account, passwordHash, 'changed', keepSession),
    );
    return { state: 'changed' };
  }
}
