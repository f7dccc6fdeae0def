import { Inject, Injectable } from '@nestjs/common';
import { refused } from '#kernel';
import { systemActor, UnitOfWork, type Tx } from '#platform/database';
import { TextField, validateInput } from '#platform/validation';
import { LINK_TOKEN, sha256, type LinkPurpose } from '../domain/index.js';
import { asUser } from '../user-record.js';
import { activeAccount, nextStep, type SignInStep } from './account.js';
import { requirePassword, storePassword } from './choose-password.js';
import { Guesses } from './guesses.js';
import { hashPassword } from './password-hash.js';

export class UseLinkInput {
  @TextField({ max: 100 })
  token: string;

  @TextField({ max: 1_000 })
  password: string;
}

interface FoundLink {
  id: string;
  userId: string;
  name: string;
  email: string;
}

const FIND = 'SELECT link_id AS id, user_id AS "userId", name, email FROM find_link($1, $2, $3)';

async function findLink(tx: Tx, purpose: LinkPurpose, token: string): Promise<FoundLink | null> {
  if (!LINK_TOKEN.test(token)) return null;
  const [link] = await tx.query<FoundLink>(FIND, [purpose, sha256(token), tx.now]);
  return link ?? null;
}

/** Whose a link is, for the page it opens. Uses nothing up: programs that check e-mails follow links too. */
@Injectable()
export class LookAtLink {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Null for a link that is unknown, used, replaced or too old. */
  run(purpose: LinkPurpose, token: string): Promise<{ name: string; email: string } | null> {
    return this.uow.read(systemActor, async (tx) => {
      const link = await findLink(tx, purpose, token);
      return link && { name: link.name, email: link.email };
    });
  }
}

const invalid = () =>
  refused('link_invalid', 'This link was used, replaced by a newer one, or is too old. Ask for a new one.');

/** Chooses a password by a link, which works once. Whoever has the link has the mailbox, not the telephone: a second factor stays. */
abstract class UseLink {
  protected abstract readonly purpose: LinkPurpose;

  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(Guesses) private readonly guesses: Guesses,
  ) {}

  /** Ends the user's sessions. What is left to do to be signed in. Throws malformed, refused `link_invalid`, `password_not_allowed`. */
  async run(body: unknown): Promise<SignInStep> {
    const { token, password } = validateInput(UseLinkInput, body);
    const found = await this.uow.read(systemActor, (tx) => findLink(tx, this.purpose, token));
    if (found === null) throw invalid();
    requirePassword(password, found.email);
    const passwordHash = await hashPassword(password);
    return this.uow.run(systemActor, async (tx) => {
      const used = await tx.execute(
        `UPDATE user_link SET used_at = $2, sealed = NULL
          WHERE id = $1 AND used_at IS NULL AND cancelled_at IS NULL AND expires_at > $2`,
        [found.id, tx.now],
      );
      const account = await activeAccount(tx, found.userId);
      if (used !== 1 || account === null) throw invalid();
      await storePassword(asUser(tx, account), this.guesses, account, passwordHash, this.purpose);
      return nextStep(account);
    });
  }
}

/** The first password. */
@Injectable()
export class AcceptInvitation extends UseLink {
  protected override readonly purpose = 'invitation';
}

/** Another password for who has forgotten theirs. */
@Injectable()
export class ResetPassword extends UseLink {
  protected override readonly purpose = 'reset';
}
