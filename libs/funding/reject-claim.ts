import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '#kernel';
import { EndClaim, ReasonInput, type ClaimView } from '#claims';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { validateInput, type ExpectedVersion } from '#platform/validation';
import { lockFunding } from './programme-funding.js';
import { refreshRequests } from './requests/refresh-requests.js';

/**
 * Rejecting a claim. It lives here and not with the other steps of a claim because a claim that was approved may be in a request to
 * the funder, whose state follows; funding is locked before the claim, as whoever funds does.
 */
@Injectable()
export class RejectClaim {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(EndClaim) private readonly ending: EndClaim,
  ) {}

  /** Throws malformed, not_found, forbidden, stale, conflict `state_conflict`. */
  async run(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<ClaimView> {
    const { reason } = validateInput(ReasonInput, body ?? {});
    return this.uow.run(actor, async (tx) => {
      const { programme, authority } = await find(tx, id);
      requireMay(actor, 'claim.reject', { authority });
      await lockFunding(tx, programme);
      const view = await this.ending.reject(tx, id, reason, version);
      await refreshRequests(tx, { sql: 'SELECT $1::uuid AS id', values: [id] });
      return view;
    });
  }
}

async function find(tx: Tx, claimId: string): Promise<{ programme: string; authority: string }> {
  const [claim] = await tx.query<{ programme: string; authority: string }>(
    'SELECT programme_code AS programme, authority_code AS authority FROM claim WHERE id = $1',
    [claimId],
  );
  if (!claim) throw notFound('claim');
  return claim;
}
