import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { conflict, notFound } from '#kernel';
import { ClaimReader, ReasonInput, type ClaimView } from '#claims';
import { requireMay } from '#identity';
import { TermsStore } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { honourVersion, validateInput, type ExpectedVersion } from '#platform/validation';
import { lockFunding, termsToday } from './programme-funding.js';
import { takeBack } from './take-back.js';

interface FundedClaim {
  programme: string;
  authority: string;
  state: string;
  version: number;
}

/**
 * MTM takes one claim's funding back, with a reason: it is approved again and waits, and its money is free for the next
 * confirmation. Who wants that money to go to others holds the claim first: a held one is not funded.
 */
@Injectable()
export class UnfundClaim {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
    @Inject(ClaimReader) private readonly reader: ClaimReader,
  ) {}

  /** Throws malformed, not_found, forbidden, stale, conflict `state_conflict`. */
  async run(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<ClaimView> {
    const { reason } = validateInput(ReasonInput, body ?? {});
    return this.uow.run(actor, async (tx) => {
      const { programme, authority } = await readClaim(tx, id);
      requireMay(actor, 'claim.unfund', { authority });
      await lockFunding(tx, programme);
      await tx.query('SELECT 1 FROM claim WHERE id = $1 FOR UPDATE', [id]);
      const claim = await readClaim(tx, id);
      honourVersion(version, claim.version);
      if (claim.state !== 'funded') {
        throw conflict('state_conflict', `Only a claim that is funded can be unfunded; it is ${claim.state}.`);
      }
      const { funder } = await termsToday(tx, this.terms, programme);
      await takeBack(tx, { claimId: id }, { programme, funder: funder.shortName, endedBy: uuid(), reason });
      return this.reader.viewAfter(tx, id);
    });
  }
}

async function readClaim(tx: Tx, id: string): Promise<FundedClaim> {
  const [claim] = await tx.query<FundedClaim>(
    'SELECT programme_code AS programme, authority_code AS authority, state, version FROM claim WHERE id = $1',
    [id],
  );
  if (!claim) throw notFound('claim');
  return claim;
}
