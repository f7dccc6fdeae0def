import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '#kernel';
import { appendAudit } from '#audit';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { requirePrintable } from '#platform/pdf';
import { requireVersion, validateInput, type ExpectedVersion } from '#platform/validation';
import { grantQuarters } from './domain/index.js';
import { QuarterInput } from './entry.input.js';
import { findGrant, lockGrant, readDetails, readQuarters, type GrantKey } from './grant-record.js';
import { presentGrant } from './present-grant.js';
import { type GrantView } from './grant.view.js';

/** The authority's finance officer enters what a quarter is expected to cost, and why one cost another amount. */
@Injectable()
export class UpdateGrantQuarter {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Replaces both. Throws malformed, not_found, forbidden, stale `version_stale`, precondition_required, refused `unsupported_character`. */
  async run(
    actor: Actor,
    of: { code: string; quarter: string; programme: string | null; expected: ExpectedVersion },
    body: unknown,
  ): Promise<GrantView> {
    const input = validateInput(QuarterInput, body);
    const { code, quarter } = of;
    return this.uow.run(actor, async (tx) => {
      const key = await findGrant(tx, code, of.programme);
      if (!grantQuarters(key.terms).some((one) => one.code === quarter)) throw notFound('quarter of this grant');
      requireMay(actor, 'grant.edit', { authority: code });
      await lockGrant(tx, key);
      const { version } = await readDetails(tx, key);
      requireVersion(of.expected, version);
      requirePrintable(input);
      const before = (await readQuarters(tx, key.programme, code)).get(quarter);
      await save(tx, key, quarter, input);
      await appendAudit(tx, {
        chain: code,
        action: 'grant.quarter_changed',
        subjectType: 'grant',
        subjectId: `${key.programme}-${code}`,
        before: { version, quarter, forecastPence: before?.enteredForecastPence ?? null },
        after: { version: version + 1, quarter, forecastPence: input.forecastPence },
        reason: input.varianceReason,
      });
      return presentGrant(tx, key);
    });
  }
}

async function save(tx: Tx, key: GrantKey, quarter: string, input: QuarterInput): Promise<void> {
  const of = [key.programme, key.authority];
  await tx.execute(
    `INSERT INTO grant_quarter (programme_code, authority_code, quarter, forecast_pence, variance_reason, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (programme_code, authority_code, quarter)
     DO UPDATE SET forecast_pence = $4, variance_reason = $5, updated_at = $6`,
    [...of, quarter, input.forecastPence, input.varianceReason, tx.now],
  );
  await tx.execute(
    'UPDATE grant_award SET version = version + 1, updated_at = $3 WHERE programme_code = $1 AND authority_code = $2',
    [...of, tx.now],
  );
}
