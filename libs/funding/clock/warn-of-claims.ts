import { Inject, Injectable } from '@nestjs/common';
import { londonDate, londonHour } from '#kernel';
import { appendAudits } from '#audit';
import { UNPAID_STATES } from '#claims/domain';
import { Notices } from '#documents';
import { PAYER_ORGANISATION, usersWithRole } from '#identity';
import { TermsStore, type ProgrammeTerms } from '#programme';
import { systemActor, UnitOfWork, type Tx } from '#platform/database';
import { clockLevels } from '../domain/index.js';
import { readAsked } from '../queue/forecast.js';
import { FIRST_HOUR, isToDo, takeSweep } from './sweeps.js';
import { MOST_LISTED, warningLetter, type WarnedClaim } from './warning-letter.js';

/** What one letter tells: the claims of a programme that reached a level. */
interface Group {
  programme: string;
  level: string;
  count: number;
  pence: number;
  firstDueOn: string;
  lastDueOn: string;
}

/**
 * The clock of days (docs/domain.md, Getting paid): MTM finance is told once of each unpaid claim at each level. A daily
 * sweep, of everything that has reached a level by then and was not told of yet: so days on which nobody swept, and holds,
 * lose nothing.
 */
@Injectable()
export class WarnOfClaims {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
    @Inject(Notices) private readonly notices: Notices,
  ) {}

  /** Sweeps once a London day, in the morning or later; false when there was nothing to do. */
  async runIfDue(): Promise<boolean> {
    const due = await this.uow.read(systemActor, async (tx) => {
      if (londonHour(tx.now) < FIRST_HOUR) return false;
      return isToDo(tx, 'payment clock', londonDate(tx.now));
    });
    if (!due) return false;
    return this.uow.run(systemActor, async (tx) => {
      const today = londonDate(tx.now);
      if (!(await takeSweep(tx, 'payment clock', today))) return false;
      await this.warn(tx, today);
      return true;
    });
  }

  private async warn(tx: Tx, today: string): Promise<void> {
    await this.record(tx, today);
    const groups = await readGroups(tx, today);
    for (const group of groups) await this.tell(tx, today, group);
    await appendAudits(
      tx,
      groups.map(({ programme, level, count, pence }) => ({
        chain: programme,
        action: 'payment_clock.warned',
        subjectType: 'programme',
        subjectId: programme,
        after: { on: today, level, claimCount: count, totalPence: pence },
      })),
    );
  }

  /** Every level reached and not yet recorded, in one statement; of several of one claim, the highest is the one told. */
  private async record(tx: Tx, today: string): Promise<void> {
    const known = await tx.query<{ id: string }>('SELECT id FROM programme_terms');
    const levels: { id: string; level: string; rank: number; dueBy: string }[] = [];
    for (const { id } of known) {
      const { terms } = await this.terms.byId(tx, id);
      clockLevels(terms, today).forEach((one, rank) => levels.push({ id, rank, ...one }));
    }
    await tx.execute(
      `INSERT INTO claim_warning (invoice_id, level, claim_id, programme_code, authority_code, warned_on, warned_at, told_as)
       SELECT c.invoice_id, l.level, c.id, c.programme_code, c.authority_code, $5, $6,
              first_value(l.level) OVER (PARTITION BY c.id ORDER BY l.rank DESC)
         FROM unnest($1::uuid[], $2::text[], $3::int[], $4::date[]) AS l (terms_id, level, rank, due_by)
         JOIN claim c ON c.terms_id = l.terms_id AND c.due_on <= l.due_by AND c.state = ANY ($7)
        WHERE NOT EXISTS (SELECT FROM claim_warning w WHERE w.invoice_id = c.invoice_id AND w.level = l.level)`,
      [
        levels.map(({ id }) => id),
        levels.map(({ level }) => level),
        levels.map(({ rank }) => rank),
        levels.map(({ dueBy }) => dueBy),
        ...[today, tx.now, UNPAID_STATES],
      ],
    );
  }

  /** One letter a person, day and level. Without anybody in MTM finance it goes where claim invoices go. */
  private async tell(tx: Tx, today: string, group: Group): Promise<void> {
    const { programme, level } = group;
    const { terms } = await this.terms.inForce(tx, programme, today);
    const people = await usersWithRole(tx, PAYER_ORGANISATION, 'mtm_finance');
    const to = people.length > 0 ? people : [{ userId: 'payer', email: terms.payer.invoiceEmail }];
    const claims = await this.readClaims(tx, today, group);
    const letter = warningLetter({ ...group, today, claims }, terms);
    await this.notices.send(
      tx,
      to.map(({ userId, email }) => ({
        key: `payment-clock:${programme}:${today}:${level}:${userId}`,
        owner: programme,
        audience: 'payer',
        to: email,
        letter,
      })),
    );
  }

  private async readClaims(tx: Tx, today: string, { programme, level }: Group): Promise<WarnedClaim[]> {
    const rows = await tx.query<Omit<WarnedClaim, 'terms' | 'askedOn'> & { id: string; termsId: string }>(
      `SELECT c.id, c.invoice_number AS "invoiceNumber", a.name AS authority, coalesce(c.approved_pence, c.total_pence) AS pence, c.state,
              c.held_at IS NOT NULL AS held, c.due_on AS "dueOn", c.terms_id AS "termsId"
         FROM claim_warning w JOIN claim c ON c.id = w.claim_id JOIN authority a ON a.code = c.authority_code
        WHERE w.warned_on = $1 AND w.programme_code = $2 AND w.told_as = $3 AND w.level = w.told_as
        ORDER BY c.due_on, c.submitted_at, c.id LIMIT ${MOST_LISTED}`,
      [today, programme, level],
    );
    const claims: WarnedClaim[] = [];
    const asked = await readAsked(
      tx,
      rows.map(({ id }) => id),
    );
    for (const { id, termsId, ...row } of rows) {
      const askedAt = asked.get(id);
      const askedOn = askedAt === undefined ? null : londonDate(askedAt);
      claims.push({ ...row, askedOn, terms: await this.termsOf(tx, termsId) });
    }
    return claims;
  }

  private async termsOf(tx: Tx, id: string): Promise<ProgrammeTerms> {
    return (await this.terms.byId(tx, id)).terms;
  }
}

function readGroups(tx: Tx, today: string): Promise<Group[]> {
  return tx.query<Group>(
    `SELECT w.programme_code AS programme, w.level, count(*)::int AS count,
            sum(coalesce(c.approved_pence, c.total_pence))::bigint AS pence, min(c.due_on) AS "firstDueOn", max(c.due_on) AS "lastDueOn"
       FROM claim_warning w JOIN claim c ON c.id = w.claim_id
      WHERE w.warned_on = $1 AND w.level = w.told_as GROUP BY 1, 2 ORDER BY 1, 2`,
    [today],
  );
}
