import { Inject, Injectable } from '@nestjs/common';
import { refused } from '#kernel';
import { Notices } from '#documents';
import { systemActor, UnitOfWork, type Actor, type Tx } from '#platform/database';
import { tellOfSecondFactorReset } from '../account-notices.js';
import { needsSecondFactor, requireMay } from '../domain/index.js';
import { endSessions } from '../sessions/end-sessions.js';
import { asUser, auditUser } from '../user-record.js';
import { loadUser } from '../user.queries.js';
import { activeAccount, type Account } from './account.js';
import { Guesses } from './guesses.js';
import { refusal, type Refusal } from './refusal.js';
import { Seals } from './seals.js';
import { auditLock } from './sign-in-by-password.js';
import { newTotpSecret, totpStepOf, totpUri } from './totp.js';

export type SecondFactorStep = { state: 'signed_in'; userId: string } | Refusal<'code_wrong'>;

/** What a person needs to set a telephone up, and what is kept until they have shown that it works. */
export interface NewSecondFactor {
  /** Base32, to be typed. */
  secret: string;
  /** otpauth://, to be scanned. */
  uri: string;
  /** The secret, sealed for this user: what the session keeps meanwhile. */
  sealed: string;
}

/**
 * Codes of a telephone, after the password or a link (RFC 6238). The caller knows who it is about: the session holds the
 * user who has shown the password, or who is signed in.
 */
@Injectable()
export class SecondFactor {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(Guesses) private readonly guesses: Guesses,
    @Inject(Seals) private readonly seals: Seals,
  ) {}

  /** Checks a code; each works once. Guesses lock as those at a password do. */
  verify(userId: string, code: string): Promise<SecondFactorStep> {
    return this.uow.run(systemActor, async (tx) => {
      const account = await activeAccount(tx, userId);
      if (account === null) return refusal('code_wrong');
      return this.check(tx, account, code);
    });
  }

  /** A new secret. Nothing is stored: `confirm` does, once the telephone has shown a right code. Throws not_found. */
  begin(userId: string): Promise<NewSecondFactor> {
    return this.uow.read(systemActor, async (tx) => {
      const { email } = await loadUser(tx, userId);
      const secret = newTotpSecret();
      const sealed = this.seals.seal('second factor to be', userId, secret).toString('base64url');
      return { secret, uri: totpUri(secret, email), sealed };
    });
  }

  /** What `begin` told, once more: the page is shown again after a wrong code. Null when the seal is not of this user. */
  again(userId: string, sealed: string): Promise<NewSecondFactor | null> {
    return this.uow.read(systemActor, async (tx) => {
      const { email } = await loadUser(tx, userId);
      const secret = this.seals.open('second factor to be', userId, Buffer.from(sealed, 'base64url'));
      return secret === null ? null : { secret, uri: totpUri(secret, email), sealed };
    });
  }

  /**
   * Sets the second factor of a user who has none, or, with a code of the present one, another. `sealed` is that of
   * `begin`.
   */
  confirm(userId: string, sealed: string, code: string, currentCode?: string): Promise<SecondFactorStep> {
    return this.uow.run(systemActor, async (tx) => {
      const account = await activeAccount(tx, userId);
      const secret = this.seals.open('second factor to be', userId, Buffer.from(sealed, 'base64url'));
      if (account === null || account.passwordHash === null || secret === null) return refusal('code_wrong');
      if (account.totpSealed !== null) {
        const current = await this.check(tx, account, currentCode ?? '');
        if (current.state === 'refused') return current;
      }
      const step = totpStepOf(secret, code, tx.now, null);
      if (step === null) return refusal('code_wrong');
      await tx.execute('UPDATE user_credential SET totp_sealed = $2, totp_at = $3, totp_step = $4 WHERE user_id = $1', [
        userId,
        this.seals.seal('second factor', userId, secret),
        tx.now,
        step,
      ]);
      await auditUser(asUser(tx, account), 'user.second_factor_set', account);
      return { state: 'signed_in', userId };
    });
  }

  /** Whether a user has one, and needs one. Allowed: oneself and who may read users. Throws not_found, forbidden. */
  status(actor: Actor, userId: string): Promise<{ enrolled: boolean; required: boolean }> {
    return this.uow.read(actor, async (tx) => {
      const user = await loadUser(tx, userId);
      requireMay(actor, 'user.read', { userId: user.id });
      const rows = await tx.query('SELECT FROM user_credential WHERE user_id = $1 AND totp_at IS NOT NULL', [user.id]);
      return { enrolled: rows.length > 0, required: needsSecondFactor(user.organisation) };
    });
  }

  /** Takes one's own away, with a code of it. Throws refused `second_factor_required` for who must have one. */
  remove(actor: Actor, code: string): Promise<SecondFactorStep> {
    if (needsSecondFactor(actor.organisation)) {
      throw refused(
        'second_factor_required',
        'MTM’s people sign in with a second factor. Ask an administrator if you lost yours.',
      );
    }
    return this.uow.run(systemActor, async (tx) => {
      const account = await activeAccount(tx, actor.userId);
      if (account === null) return refusal('code_wrong');
      const answer = await this.check(tx, account, code);
      if (answer.state === 'signed_in') await removeSecondFactor(asUser(tx, account), account);
      return answer;
    });
  }

  private async check(tx: Tx, account: Account, code: string): Promise<SecondFactorStep> {
    const at = `code ${account.id}` as const;
    const admitted = await this.guesses.admit(tx, at);
    if (!admitted.admitted) return refusal('locked', admitted.retryAfterSeconds);
    // Guesses take turns by the row they are counted in, so no other code is taken between looking and noting.
    const current = await activeAccount(tx, account.id);
    const sealed = current?.totpSealed ?? null;
    const secret = sealed && this.seals.open('second factor', account.id, sealed);
    const step = secret ? totpStepOf(secret, code, tx.now, current!.totpStep) : null;
    if (step === null) {
      await auditLock(tx, account, admitted, 'code');
      return refusal('code_wrong');
    }
    await tx.execute('UPDATE user_credential SET totp_step = $2 WHERE user_id = $1', [account.id, step]);
    await this.guesses.forget(tx, at);
    return { state: 'signed_in', userId: account.id };
  }
}

async function removeSecondFactor(tx: Tx, user: Pick<Account, 'id' | 'organisation'>): Promise<void> {
  await tx.execute(
    'UPDATE user_credential SET totp_sealed = NULL, totp_at = NULL, totp_step = NULL WHERE user_id = $1',
    [user.id],
  );
  await auditUser(tx, 'user.second_factor_removed', user);
}

/** A lost telephone: an administrator takes the second factor away, and its user sets another at the next sign-in. */
@Injectable()
export class ResetSecondFactor {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(Guesses) private readonly guesses: Guesses,
    @Inject(Notices) private readonly notices: Notices,
  ) {}

  /** Ends the user's sessions, and tells them by e-mail. Allowed: `user.reset_second_factor`. Throws not_found, forbidden (`own_account` too). */
  async run(actor: Actor, userId: string): Promise<void> {
    await this.uow.run(actor, async (tx) => {
      const user = await loadUser(tx, userId, true);
      requireMay(actor, 'user.reset_second_factor', { userId: user.id });
      await this.guesses.forget(tx, `code ${user.id}`);
      await removeSecondFactor(tx, user);
      await endSessions(tx, { userId: user.id }, 'second_factor_changed');
      await tellOfSecondFactorReset(tx, this.notices, user);
    });
  }
}
