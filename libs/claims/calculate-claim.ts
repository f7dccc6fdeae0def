import { Inject, Injectable } from '@nestjs/common';
import { requireMay } from '#identity';
import { requireParticipant } from '#programme';
import { UnitOfWork, type Actor } from '#platform/database';
import { readClaimBody } from './claim-body.input.js';
import { ClaimReader } from './claim-reader.js';
import { type Calculation } from './domain/index.js';

/** What a claim body comes to, without storing anything. */
@Injectable()
export class CalculateClaim {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(ClaimReader) private readonly reader: ClaimReader,
  ) {}

  /** Answers with its problems, whether or not it could be claimed. Throws malformed, not_found. */
  async run(actor: Actor, body: unknown): Promise<Calculation> {
    const claim = readClaimBody(body);
    return this.uow.read(actor, async (tx) => {
      await requireParticipant(tx, claim.programme, claim.authority);
      requireMay(actor, 'claim.calculate', { authority: claim.authority });
      return (await this.reader.assess(tx, claim, null)).calculation;
    });
  }
}
