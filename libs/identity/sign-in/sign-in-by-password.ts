import { Inject, Injectable } from '@nestjs/common';
import { systemActor, UnitOfWork, type Tx } from '#platform/database';
import { TextField, validateInput } from '#platform/validation';
import { PASSWORD_RULES } from '../domain/index.js';
import { auditUser } from '../user-record.js';
import { accountByEmail, nextStep, type Account, type SignInStep } from './account.js';
import { Guesses, type Admitted } from './guesses.js';
import { isPassword } from './password-hash.js';
import { refusal, type Refusal } from './refusal.js';

export class SignInInput {
  @TextField({ max: 254 })
  email: string;

  @TextField({ max: PASSWORD_RULES.max })
  password: string;
}

/**
 * Checks an e-mail address and a password. Known address or not: the same statements, the same hashing, the same words
 * and the same lock, so that nobody learns who is known.
 */
@Injectable()
export class SignInByPassword {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(Guesses) private readonly guesses: Guesses,
  ) {}

  /** Throws malformed for what is no text. A refusal is an answer, not an error. */
  async run(body: unknown): Promise<SignInStep | Refusal<'sign_in_failed'>> {
    const { email, password } = validateInput(SignInInput, body);
    const at = `password ${email.trim().toLowerCase()}` as const;
    const { account, admitted } = await this.uow.run(systemActor, async (tx) => ({
      account: await accountByEmail(tx, email),
      admitted: await this.guesses.admit(tx, at),
    }));
    if (!admitted.admitted) return refusal('locked', admitted.retryAfterSeconds);
    const right = await isPassword(account?.passwordHash ?? null, password);
    if (account === null || !account.active || !right) {
      await this.uow.run(systemActor, (tx) => auditLock(tx, account, admitted, 'password'));
      return refusal('sign_in_failed');
    }
    await this.uow.run(systemActor, (tx) => this.guesses.forget(tx, at));
    return nextStep(account);
  }
}

/** Tells the trail when a wrong guess has locked an account. The e-mail address is not on it: the id is. */
export async function auditLock(
  tx: Tx,
  account: Pick<Account, 'id' | 'organisation'> | null,
  admitted: Admitted & { admitted: true },
  what: 'password' | 'code',
): Promise<void> {
  if (account === null || !admitted.locked) return;
  await auditUser(tx, 'user.sign_in_locked', account, { after: { what, failures: admitted.failures } });
}
