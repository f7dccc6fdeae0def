import { lockHeads } from '#audit';
import { type Tx } from '#platform/database';
import { targetsOf, type MatchRow } from './line-record.js';

/**
 * The trail's heads of a programme and of its authorities, for what tells them by turns: a receipt that is confirmed tells the
 * authorities it funds and then the programme, and the next one others (docs/adr/0010-audit-chain.md). The caller holds the
 * programme's funding and has told nothing yet.
 */
export async function lockTrail(tx: Tx, programme: string): Promise<void> {
  const authorities = await tx.query<{ code: string }>(
    'SELECT authority_code AS code FROM programme_authority WHERE programme_code = $1',
    [programme],
  );
  await lockHeads(tx, [...authorities.map(({ code }) => code), programme]);
}

/** The same where these matches, made or ended, have more than one thing follow: all payments together are one, each receipt and repayment is. */
export async function lockTrailOf(tx: Tx, programme: string, matches: readonly MatchRow[]): Promise<void> {
  const payments = targetsOf(matches, 'payment', 'payment_return').length > 0 ? 1 : 0;
  if (payments + targetsOf(matches, 'receipt', 'repayment').length > 1) await lockTrail(tx, programme);
}
