import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AgedClaims } from '#funding';
import { ageBands } from '#funding/domain';
import { findActor } from '#identity';
import { systemActor, UnitOfWork, type Actor } from '#platform/database';
import { agedSql } from '../../libs/funding/clock/aged-claims.js';
import { eip2Terms } from '../builders/claim-body.js';
import { Service } from '../support/service.js';
import { Claims, finance, MTM, simpleBody } from './claims-support.js';

const COPIES = 400;
const STATES = ['submitted', 'reviewed', 'approved', 'funded', 'scheduled'];

let service: Service;
let aged: AgedClaims;
let everybody: Actor;
let brent: Actor;
beforeAll(async () => {
  service = await Service.start();
  const claims = new Claims(service);
  for (const authority of ['BRENT', 'LINCS']) {
    await claims.submitted(simpleBody(authority));
    const reviewed = await claims.submitted(simpleBody(authority));
    await claims.step(MTM.finance, reviewed.id, 'review');
    await claims.approved(simpleBody(authority));
  }
  // As many more of each, due on as many days as there are in half a year.
  await service.admin.query(`SET session_replication_role = replica;
    INSERT INTO claim SELECT (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'due_on', c.due_on - n % 180,
        'invoice_id', gen_random_uuid(), 'invoice_number', c.invoice_number || '-' || n))).* FROM claim c, generate_series(1, ${COPIES}) AS n;
    RESET session_replication_role`);
  await service.admin.query('VACUUM ANALYZE claim');
  const actorOf = (email: string) => service.app.get(UnitOfWork).read(systemActor, (tx) => findActor(tx, email));
  [everybody, brent] = [await actorOf(MTM.finance), await actorOf(finance('BRENT'))];
  aged = service.app.get(AgedClaims, { strict: false });
}, 60_000);
afterAll(() => service?.stop());

const expected = async (authority: string | null): Promise<string[]> => {
  const { rows } = await service.admin.query<{ id: string }>(
    'SELECT id FROM claim WHERE state = ANY ($1) AND ($2::text IS NULL OR authority_code = $2) ORDER BY due_on, id',
    [STATES, authority],
  );
  return rows.map(({ id }) => id);
};

/** Every claim of a list, page after page. */
async function walked(actor: Actor, query: Record<string, string>): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { items, nextCursor } = await aged.list(actor, { limit: '100', ...query, ...(cursor && { cursor }) });
    ids.push(...items.map(({ id }) => id));
    cursor = nextCursor;
  }
  return ids;
}

describe('the claims that a report of ages adds up', () => {
  it('are each listed once, those due first first, of all authorities and of one', async () => {
    const all = await expected(null);
    expect(all).toHaveLength(6 * (COPIES + 1));
    expect(await walked(everybody, {})).toEqual(all);
    expect(await walked(everybody, { authority: 'LINCS' })).toEqual(await expected('LINCS'));
    expect(await walked(brent, {})).toEqual(await expected('BRENT'));
  }, 60_000);

  it('of all ages are those of each age', async () => {
    const bands = ageBands(eip2Terms()).map(({ band }) => band);
    const pages = await Promise.all(bands.map((band) => aged.list(everybody, { band, limit: '1' })));
    expect(pages.map(({ items }) => items.length)).toContain(1);
    const parts = await Promise.all(bands.map((band) => walked(everybody, { band })));
    expect(parts.flat().sort()).toEqual((await expected(null)).sort());
  }, 60_000);

  it('are read a page of each state at a time, wherever in the list that is', async () => {
    const page = { after: null, limit: 25 };
    for (const due of [
      [null, null],
      [null, '2018-05-01'],
    ] as const) {
      for (const after of [null, ['2018-03-01', '01a20000-0000-7000-8000-000000000001']]) {
        const read = await rowsRead(agedSql({ programme: 'EIP2', authority: null, due }, { ...page, after }));
        expect(read).toBeGreaterThan(0);
        expect(read).toBeLessThanOrEqual(STATES.length * (page.limit + 1));
      }
    }
  });

  /** Rows of claims that the statement reads, those it throws away too; as the processes' role with the payer's scope. */
  async function rowsRead({ sql, parameters }: { sql: string; parameters: unknown[] }): Promise<number> {
    await service.admin.query(`BEGIN; SET LOCAL ROLE claims_app; SELECT set_config('app.authority', '*', true)`);
    try {
      const { rows } = await service.admin.query<{ 'QUERY PLAN': Explained[] }>(
        `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
        parameters,
      );
      return claimRows(rows[0]!['QUERY PLAN'][0]!.Plan);
    } finally {
      await service.admin.query('ROLLBACK');
    }
  }
});

interface Plan {
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}
interface Explained {
  Plan: Plan;
}

function claimRows(plan: Plan): number {
  const below = (plan.Plans ?? []).reduce((sum, one) => sum + claimRows(one), 0);
  if (plan['Relation Name'] !== 'claim') return below;
  return below + plan['Actual Loops'] * (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0));
}
