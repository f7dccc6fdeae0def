import { createHash } from 'node:crypto';
import { notFound, refused, sumPence, type Problem } from '#kernel';
import { owedAdjustments } from '#claims';
import { netOldestFirst, type SetOff } from '#claims/domain';
import { type Tx } from '#platform/database';
import { isBankName } from '../bank-files/bank-characters.js';
import { type LeftOut, type PaymentPreview } from './run.view.js';

/** What one authority is paid, with the version of the account it goes to and what is set off. */
export interface PlannedPayment extends PaymentPreview {
  accountVersion: number;
  setOffs: readonly SetOff[];
}

/** What a run would pay, one payment an authority. */
export interface Plan {
  payments: PlannedPayment[];
  leftOut: LeftOut[];
}

interface Row {
  authority: string;
  amountPence: number;
  claimIds: string[];
  accountVersion: number | null;
  accountName: string | null;
  lastFour: string | null;
  confirmedBy: string | null;
}

/** Funded and not held: $1 programme, $2 ids or null. */
const PAYABLE = `c.programme_code = $1 AND c.state = 'funded' AND c.held_at IS NULL AND ($2::uuid[] IS NULL OR c.id = ANY ($2))`;

/**
 * Groups what can be paid by authority, with the account entered last and who confirmed it, and takes off what the authority
 * owes. `lock` holds the adjustments, for who goes on to pay. Of claims that are named none is left out in silence: refused
 * `claim_not_payable`, with each that cannot be paid and why; not_found.
 */
export async function planRun(
  tx: Tx,
  programme: string,
  claimIds: readonly string[] | null,
  lock: 'lock' | 'look',
): Promise<Plan> {
  const rows = await tx.query<Row>(
    `SELECT f.*, b.version AS "accountVersion", b.account_name AS "accountName",
            right(coalesce(b.account_number, b.iban), 4) AS "lastFour", k.confirmed_by AS "confirmedBy"
       FROM (SELECT c.authority_code AS authority, sum(c.approved_pence)::bigint AS "amountPence",
                    json_agg(c.id ORDER BY c.due_on, c.submitted_at, c.id) AS "claimIds"
               FROM claim c WHERE ${PAYABLE} GROUP BY c.authority_code) f
       LEFT JOIN LATERAL (SELECT * FROM bank_details WHERE authority_code = f.authority ORDER BY version DESC LIMIT 1) b ON true
       LEFT JOIN bank_details_confirmation k ON k.authority_code = b.authority_code AND k.version = b.version
      ORDER BY f.authority`,
    [programme, claimIds],
  );
  const leftOut = rows.flatMap((row): LeftOut[] => {
    const why = whyLeftOut(row, tx.actor.userId);
    return why ? [{ authority: row.authority, amountPence: row.amountPence, ...why }] : [];
  });
  const paid = rows.filter(({ authority }) => !leftOut.some((left) => left.authority === authority));
  const authorities = paid.map(({ authority }) => authority);
  const owed = await owedAdjustments(tx, programme, authorities, lock);
  const payments = paid.map((row) => paymentOf(row, netOldestFirst(row.amountPence, owed.get(row.authority) ?? [])));
  const plan: Plan = { payments, leftOut };
  if (claimIds) await requireAllOf(tx, programme, claimIds, plan);
  return plan;
}

const paymentOf = (row: Row, setOffs: readonly SetOff[]): PlannedPayment => ({
  authority: row.authority,
  amountPence: row.amountPence - sumPence(setOffs.map(({ pence }) => pence)),
  setOffPence: sumPence(setOffs.map(({ pence }) => pence)),
  accountName: row.accountName!,
  lastFour: row.lastFour!,
  claimIds: row.claimIds,
  adjustmentIds: setOffs.map(({ id }) => id),
  accountVersion: row.accountVersion!,
  setOffs,
});

/** The same for the same payments to the same accounts, and for the same reasons of who is left out. */
export const markOf = (plan: Plan): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        plan.payments.map(({ authority, amountPence, accountVersion, claimIds, setOffs }) => ({
          ...{ authority, amountPence, accountVersion, claimIds },
          setOffs: setOffs.map(({ id, pence }) => [id, pence]),
        })),
        plan.leftOut.map(({ authority, amountPence, code }) => [authority, amountPence, code]),
      ]),
    )
    .digest('hex');

function whyLeftOut(row: Row, preparer: string): Pick<LeftOut, 'code' | 'message'> | null {
  if (row.accountVersion === null) {
    return { code: 'no_account', message: `${row.authority} has not entered an account yet.` };
  }
  if (row.confirmedBy === null) {
    const message = `The account ${row.authority} entered last is not confirmed: somebody who prepares no run rings back first.`;
    return { code: 'account_unconfirmed', message };
  }
  if (row.confirmedBy === preparer) {
    const message = `You confirmed the account of ${row.authority} yourself; somebody else prepares its payment.`;
    return { code: 'confirmed_by_you', message };
  }
  // Entered before such names were refused.
  if (!isBankName(row.accountName!)) {
    const message = `The name of the account of ${row.authority} has no letter that banks take: the authority enters it again in Latin letters.`;
    return { code: 'account_name', message };
  }
  return null;
}

async function requireAllOf(tx: Tx, programme: string, claimIds: readonly string[], plan: Plan): Promise<void> {
  const known = await tx.query<{ id: string; state: string; held: boolean; authority: string }>(
    `SELECT id, state, held_at IS NOT NULL AS held, authority_code AS authority FROM claim
      WHERE id = ANY ($1::uuid[]) AND programme_code = $2`,
    [claimIds, programme],
  );
  const byId = new Map(known.map((claim) => [claim.id, claim]));
  if (claimIds.some((id) => !byId.has(id))) throw notFound('claim');
  const paid = new Set(plan.payments.flatMap((payment) => payment.claimIds));
  const problems = claimIds.flatMap((id, at): Problem[] => {
    if (paid.has(id)) return [];
    const { state, held, authority } = byId.get(id)!;
    const left = plan.leftOut.find((one) => one.authority === authority);
    const message =
      state !== 'funded'
        ? `This claim is ${state}; only a funded one is paid.`
        : held
          ? 'This claim is on hold.'
          : left!.message;
    return [{ path: `claimIds[${at}]`, code: 'claim_not_payable', message }];
  });
  if (problems.length === 0) return;
  throw refused(
    'claim_not_payable',
    'Some of these claims cannot be paid now. Leave them out, or see to what is said.',
    problems,
  );
}
