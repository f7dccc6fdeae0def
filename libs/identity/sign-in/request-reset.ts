import { Inject, Injectable } from '@nestjs/common';
import { systemActor, UnitOfWork } from '#platform/database';
import { EmailField, validateInput } from '#platform/validation';
import { auditUser } from '../user-record.js';
import { accountByEmail } from './account.js';
import { Guesses } from './guesses.js';
import { makeLink } from './make-link.js';
import { Seals } from './seals.js';

export class RequestResetInput {
  @EmailField()
  email: string;
}

/**
 * Sends who has forgotten a password the link to choose another. The answer is the same whether anybody has the address;
 * an address gets three within an hour. Who has no password (they sign in elsewhere, or were never invited) gets none.
 */
@Injectable()
export class RequestReset {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(Guesses) private readonly guesses: Guesses,
    @Inject(Seals) private readonly seals: Seals,
  ) {}

  /** Throws malformed. */
  async run(body: unknown): Promise<void> {
    const { email } = validateInput(RequestResetInput, body);
    await this.uow.run(systemActor, async (tx) => {
      const account = await accountByEmail(tx, email);
      const { admitted } = await this.guesses.admit(tx, `reset ${email.toLowerCase()}`);
      if (!admitted || account === null || !account.active || account.passwordHash === null) return;
      const link = await makeLink(tx, this.seals, account, 'reset');
      await auditUser(tx, 'user.reset_requested', account, { after: { linkId: link.id } });
    });
  }
}
