import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { conflict, londonDate, refused, sumPence } from '#kernel';
import { appendAudit } from '#audit';
import { changeState, takeSetOffs, type NewSetOff } from '#claims';
import { lockFunding, programmeMeant } from '#funding';
import { requireMay } from '#identity';
import { TermsStore, type DebtorAccount, type ProgrammeTerms } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { validateInput } from '#platform/validation';
import { debtorOf } from '../debtor-account.js';
import { endToEndId, paymentReference, runNumber } from '../domain/index.js';
import { markOf, planRun, type Plan } from './plan-run.js';
import { claimsOfRun, runView } from './run-record.js';
import { RunInput, type PreparedRunView, type RunPreview } from './run.view.js';

/** MTM finance gathers funded claims into a run: one payment an authority, to the account it has confirmed now. */
@Injectable()
export class PrepareRun {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
  ) {}

  /**
   * Schedules the claims. Without named claims, an authority whose account cannot be paid to is left out and told of; with
   * them it is refused. Throws malformed, not_found, forbidden, conflict `preview_outdated`, refused `debtor_account_missing`,
   * `nothing_to_pay`, `claim_not_payable`.
   */
  run(actor: Actor, body: unknown): Promise<PreparedRunView> {
    const input = validateInput(RunInput, body ?? {});
    return this.uow.run(actor, async (tx) => {
      const { programme, terms, debtor } = await this.check(tx, input);
      // First what funds, then what pays: while both are held no claim becomes payable, or ceases to be, but by a hold.
      await lockFunding(tx, programme);
      const seq = await nextRun(tx, programme);
      const ids = idsOf(input);
      await tx.query(LOCK_CLAIMS, [programme, ids]);
      const plan = await planRun(tx, programme, ids, 'lock');
      requireSeen(plan, input.mark);
      if (plan.payments.length === 0) throw nothingToPay(plan);
      const id = await store(tx, { terms, debtor, seq }, plan);
      return { ...(await runView(tx, id)), leftOut: plan.leftOut };
    });
  }

  /** What such a run would pay now; stores nothing. Throws as `run`, but no conflict. */
  preview(actor: Actor, body: unknown): Promise<RunPreview> {
    const input = validateInput(RunInput, body ?? {});
    return this.uow.read(actor, async (tx) => {
      const { programme } = await this.check(tx, input);
      const plan = await planRun(tx, programme, idsOf(input), 'look');
      if (plan.payments.length === 0) throw nothingToPay(plan);
      const payments = plan.payments.map(({ accountVersion: _, setOffs: _taken, ...payment }) => payment);
      return { mark: markOf(plan), ...totals(plan), payments, leftOut: plan.leftOut };
    });
  }

  private async check(
    tx: Tx,
    input: RunInput,
  ): Promise<{ programme: string; terms: ProgrammeTerms; debtor: DebtorAccount }> {
    requireMay(tx.actor, 'payment_run.prepare');
    const programme = await programmeMeant(tx, input.programme);
    const { terms } = await this.terms.inForce(tx, programme, londonDate(tx.now));
    return { programme, terms, debtor: await debtorOf(tx, terms) };
  }
}

const idsOf = (input: RunInput): string[] | null =>
  input.claimIds ? [...new Set(input.claimIds.map((id) => id.toLowerCase()))] : null;

const LOCK_CLAIMS = `SELECT 1 FROM claim c WHERE c.programme_code = $1 AND c.state = 'funded' AND ($2::uuid[] IS NULL OR c.id = ANY ($2))
  ORDER BY c.id FOR UPDATE`;

function nothingToPay(plan: Plan): Error {
  const why = plan.leftOut.map(({ message }) => message).join(' ');
  return refused('nothing_to_pay', why === '' ? 'No claim is funded and not on hold.' : why);
}

function requireSeen(plan: Plan, mark: string | undefined): void {
  if (mark === undefined || mark === markOf(plan)) return;
  throw conflict(
    'preview_outdated',
    'Something changed since you looked, so nothing was prepared. Look at what would be paid now.',
  );
}

const totals = ({ payments }: Plan) => ({
  totalPence: sumPence(payments.map(({ amountPence }) => amountPence)),
  claimCount: payments.reduce((count, { claimIds }) => count + claimIds.length, 0),
});

async function nextRun(tx: Tx, programme: string): Promise<number> {
  const [row] = await tx.query<{ last: number }>(
    `INSERT INTO payment_series AS s (programme_code, last_run) VALUES ($1, 1)
     ON CONFLICT (programme_code) DO UPDATE SET last_run = s.last_run + 1 RETURNING last_run AS last`,
    [programme],
  );
  return row!.last;
}

interface Numbered {
  terms: ProgrammeTerms;
  debtor: DebtorAccount;
  seq: number;
}

async function store(tx: Tx, { terms, debtor, seq }: Numbered, plan: Plan): Promise<string> {
  const { programme } = terms;
  const id = uuid();
  const number = runNumber(terms.numberPrefix, seq);
  const { totalPence, claimCount } = totals(plan);
  await tx.execute(
    `INSERT INTO payment_run (id, programme_code, number, seq, state, total_pence, payment_count, claim_count, debtor, currency,
                              prepared_by, prepared_at, updated_at)
     VALUES ($1, $2, $3, $4, 'prepared', $5, $6, $7, $8, $9, $10, $11, $11)`,
    [
      ...[id, programme, number, seq, totalPence, plan.payments.length, claimCount],
      ...[JSON.stringify(debtor), terms.currency, tx.actor.userId, tx.now],
    ],
  );
  const setOffs = await storePayments(tx, id, number, plan);
  const details = { paymentRunId: id, paymentRunNumber: number };
  await changeState(tx, claimsOfRun(id), 'schedule', { details });
  // The trails of the same authorities, whose heads are held by now.
  await takeSetOffs(tx, setOffs, details);
  await appendAudit(tx, {
    chain: programme,
    action: 'payment_run.prepared',
    subjectType: 'payment_run',
    subjectId: id,
    after: {
      state: 'prepared',
      ...{ number, totalPence, claimCount },
      payments: plan.payments.map(({ authority, amountPence, accountVersion, adjustmentIds }) => ({
        ...{ authority, amountPence, accountVersion, adjustmentIds },
      })),
    },
  });
  return id;
}

/** Returns what is set off in them, for whoever stores that. */
async function storePayments(tx: Tx, runId: string, number: string, { payments }: Plan): Promise<NewSetOff[]> {
  const serials = await tx.query<{ serial: number }>(
    `SELECT nextval('payment_serial')::bigint AS serial FROM generate_series(1, $1)`,
    [payments.length],
  );
  const ids = payments.map(() => uuid());
  const references = serials.map(({ serial }) => paymentReference(serial));
  const authorities = payments.map(({ authority }) => authority);
  await tx.execute(
    `INSERT INTO payment (id, run_id, authority_code, amount_pence, reference, end_to_end_id, account_version)
     SELECT p.id, $1, p.authority, p.pence, p.reference, p.end_to_end, p.account
       FROM unnest($2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::int[])
         AS p (id, authority, pence, reference, end_to_end, account)`,
    [
      ...[runId, ids, authorities, payments.map(({ amountPence }) => amountPence)],
      references,
      authorities.map((authority) => endToEndId(number, authority)),
      payments.map(({ accountVersion }) => accountVersion),
    ],
  );
  await tx.execute(
    `INSERT INTO payment_claim (payment_id, claim_id, authority_code, pence)
     SELECT p.id, c.id, c.authority_code, c.approved_pence
       FROM unnest($2::uuid[]) AS wanted (id) JOIN claim c ON c.id = wanted.id
       JOIN payment p ON p.run_id = $1 AND p.authority_code = c.authority_code`,
    [runId, payments.flatMap(({ claimIds }) => claimIds)],
  );
  return payments.flatMap(({ authority, setOffs }, at) =>
    setOffs.map(({ id, pence }) => ({
      ...{ adjustmentId: id, paymentId: ids[at]!, authority, paymentReference: references[at]!, pence },
    })),
  );
}
