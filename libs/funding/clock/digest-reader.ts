import { Inject, Injectable } from '@nestjs/common';
import { londonDate, sumPence } from '#kernel';
import { PaymentForecast } from '#claims';
import { UNPAID_STATES, type ClaimState } from '#claims/domain';
import { PAYER_ORGANISATION, scopeOf } from '#identity';
import { ProgrammeQueries, TermsStore } from '#programme';
import { systemActor, UnitOfWork, type Actor, type Tx } from '#platform/database';
import { ageBands, mondayOf } from '../domain/index.js';
import { termsToday } from '../programme-funding.js';
import { type Digest, type ProgrammePart, type StateLine, type WaitingLine } from './digest-letter.js';
import { readOpenBands } from './open-claims.js';

/** So many of the most urgent claims are named. */
const MOST_NAMED = 10;
const WEEK_MS = 7 * 86_400_000;
const STATES: readonly ClaimState[] = ['draft', 'returned', ...UNPAID_STATES];

/** Gathers what an organisation's digest says, seeing no more than the organisation does: row-level security holds. */
@Injectable()
export class DigestReader {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
    @Inject(PaymentForecast) private readonly forecast: PaymentForecast,
    @Inject(ProgrammeQueries) private readonly programmes: ProgrammeQueries,
  ) {}

  async read(organisation: string): Promise<Digest> {
    const actor: Actor = { ...systemActor, organisation, scope: scopeOf(organisation) };
    const payer = organisation === PAYER_ORGANISATION;
    const { codes, authority, today } = await this.uow.read(actor, async (tx) => {
      const today = londonDate(tx.now);
      return {
        codes: await programmesOf(tx, payer ? null : organisation, today),
        authority: payer ? null : await nameOf(tx, organisation),
        today,
      };
    });
    const parts: ProgrammePart[] = [];
    for (const programme of codes) parts.push(await this.part(actor, programme, payer ? null : organisation));
    return { monday: mondayOf(today), today, authority, parts };
  }

  private async part(actor: Actor, programme: string, authority: string | null): Promise<ProgrammePart> {
    const part = await this.uow.read(actor, async (tx) => {
      const terms = await termsToday(tx, this.terms, programme);
      return {
        programme,
        terms,
        states: await readStates(tx, programme, authority),
        paidLately: await readPaid(tx, programme, authority),
        unchecked: await readUnchecked(tx, programme, authority),
        waiting: await this.readWaiting(tx, programme, authority),
        bands: authority === null ? await readBands(tx, programme, terms) : null,
      };
    });
    const allocations = authority === null ? null : await this.programmes.allocations(actor, authority, programme);
    return { ...part, allocations };
  }

  private async readWaiting(tx: Tx, programme: string, authority: string | null): Promise<WaitingLine[]> {
    const rows = await tx.query<
      Omit<WaitingLine, 'expectedOn' | 'estimatedFrom' | 'askedOn'> & { id: string; termsId: string }
    >(
      `SELECT c.id, c.invoice_number AS "invoiceNumber", a.name AS authority, c.state, c.held_at IS NOT NULL AS held,
              coalesce(c.approved_pence, c.total_pence) AS pence, c.due_on AS "dueOn", c.terms_id AS "termsId"
         FROM claim c JOIN authority a ON a.code = c.authority_code
        WHERE c.programme_code = $1 AND c.state = ANY ($2) ${whose(authority, 3)}
        ORDER BY c.due_on, c.submitted_at, c.id LIMIT ${MOST_NAMED}`,
      [programme, UNPAID_STATES, ...given(authority)],
    );
    const claims = [];
    for (const { id, state, held, termsId } of rows) {
      const { terms } = await this.terms.byId(tx, termsId);
      claims.push({ id, programme, state, held, terms });
    }
    const expected = await this.forecast.of(tx, claims);
    return rows.map(({ id, termsId: _, ...line }) => {
      const { on = null, from = null, askedOn = null } = expected.get(id) ?? {};
      return { ...line, expectedOn: on, estimatedFrom: from, askedOn };
    });
  }
}

/** Those that have begun: one that is loaded ahead has neither claims nor terms in force yet. */
async function programmesOf(tx: Tx, authority: string | null, today: string): Promise<string[]> {
  const rows = await tx.query<{ code: string }>(
    `SELECT code FROM programme p
      WHERE ($1::text IS NULL OR EXISTS (SELECT FROM programme_authority a WHERE a.programme_code = p.code AND a.authority_code = $1))
        AND EXISTS (SELECT FROM programme_terms t WHERE t.programme_code = p.code AND t.in_force_from <= $2) ORDER BY 1`,
    [authority, today],
  );
  return rows.map(({ code }) => code);
}

async function nameOf(tx: Tx, authority: string): Promise<string> {
  const [row] = await tx.query<{ name: string }>('SELECT name FROM authority WHERE code = $1', [authority]);
  return row?.name ?? authority;
}

/** The authority's own index is followed when there is one. */
const whose = (authority: string | null, at: number): string =>
  authority === null ? '' : `AND c.authority_code = $${at}`;
const given = (authority: string | null): string[] => (authority === null ? [] : [authority]);

async function readStates(tx: Tx, programme: string, authority: string | null): Promise<StateLine[]> {
  // Drafts are the authority's own business until they are submitted.
  const states = authority === null ? UNPAID_STATES : STATES;
  return tx.query<StateLine>(
    `SELECT c.state, c.held_at IS NOT NULL AS held, count(*)::int AS count,
            sum(coalesce(c.approved_pence, c.total_pence))::bigint AS pence, min(c.due_on) AS "firstDueOn"
       FROM claim c WHERE c.programme_code = $1 AND c.state = ANY ($2) ${whose(authority, 3)}
      GROUP BY 1, 2 ORDER BY array_position($2, c.state), 2`,
    [programme, states, ...given(authority)],
  );
}

async function readPaid(tx: Tx, programme: string, authority: string | null): Promise<ProgrammePart['paidLately']> {
  const [row] = await tx.query<ProgrammePart['paidLately']>(
    `SELECT count(*)::int AS count, coalesce(sum(c.approved_pence), 0)::bigint AS pence FROM claim c
      WHERE c.programme_code = $1 AND c.paid_at >= $2 ${whose(authority, 3)}`,
    [programme, new Date(tx.now.getTime() - WEEK_MS), ...given(authority)],
  );
  return row!;
}

async function readUnchecked(tx: Tx, programme: string, authority: string | null): Promise<number> {
  const replied = `EXISTS (SELECT FROM evidence e WHERE e.claim_id = i.claim_id AND e.uploaded_at >= i.requested_at AND e.removed_at IS NULL)`;
  const [row] = await tx.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM assurance_item i JOIN claim c ON c.id = i.claim_id
      WHERE i.state = 'requested' AND c.programme_code = $1 ${authority === null ? '' : `AND i.authority_code = $2 AND NOT ${replied}`}`,
    [programme, ...given(authority)],
  );
  return row!.count;
}

/** Of all authorities together. */
async function readBands(tx: Tx, programme: string, terms: ProgrammePart['terms']): Promise<ProgrammePart['bands']> {
  const all = await readOpenBands(tx, terms, { programme, authority: null });
  return ageBands(terms).map((band) => {
    const found = all.filter((one) => one.band === band.band);
    return {
      ...band,
      claimCount: found.reduce((sum, one) => sum + one.claimCount, 0),
      amountPence: sumPence(found.map((one) => one.amountPence)),
    };
  });
}
