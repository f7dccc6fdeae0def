import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork, type Actor } from '#platform/database';
import { BooleanField, requireVersion, validateInput, type ExpectedVersion } from '#platform/validation';
import { auditUser, saveUser } from './user-record.js';
import { loadUser } from './user.queries.js';
import { type UserView } from './user.view.js';

export class UpdateMeInput {
  @BooleanField({ description: 'An e-mail every Monday about the organisation’s claims.' })
  weeklyDigest: boolean;
}

/** What everybody chooses for themselves, and nobody for another: so there is no permission to ask for. */
@Injectable()
export class UpdateMe {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Throws malformed, precondition_required, stale. */
  run(actor: Actor, body: unknown, expected: ExpectedVersion): Promise<UserView> {
    const { weeklyDigest } = validateInput(UpdateMeInput, body);
    return this.uow.run(actor, async (tx) => {
      const before = await loadUser(tx, actor.userId, true);
      requireVersion(expected, before.version);
      const after = await saveUser(tx, before, { weeklyDigest });
      const change = { before: { weeklyDigest: before.weeklyDigest }, after: { weeklyDigest } };
      await auditUser(tx, 'user.digest_chosen', after, change);
      return after;
    });
  }
}
