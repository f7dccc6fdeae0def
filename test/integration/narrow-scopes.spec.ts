import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { sqlState } from '#platform/database';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const ZERO = '00000000-0000-0000-0000-000000000000';
const entry = (chain: string) => ({ chain, action: 'a.b', subjectType: 'claim', subjectId: 'x' });
const append = (chain: string): string =>
  `SELECT audit_append('${chain}', '2018-03-01', '${ZERO}', '{}', 'BRENT', NULL, 'a.b', 'claim', 'x', NULL, NULL, NULL, NULL)`;
const appendMany = (...chains: string[]): string =>
  `SELECT audit_append_many('2018-03-01', '${ZERO}', '{}', 'BRENT', NULL, '${JSON.stringify(chains.map(entry))}')`;
const post = (authority: string | null): string => {
  const postings = [5, -5].map((amountPence) => ({ account: 'assets:bank', amountPence, authority }));
  const journal = { event: 'test:1', kind: 'test', programme: 'EIP2', authority, description: 'x', postings };
  return `SELECT ledger_post('2018-03-01', '${ZERO}', '${JSON.stringify([journal])}')`;
};
const SLICE = 'funded_by, place, seq, claim_id, authority_code, receipt_id, pence, at';
const ASKED = 'request_id, claim_id, authority_code, pence, amounts';

/** What needs the payer's scope. Triggers ask once a statement: with no row too. */
const PAYERS = [
  append('EIP2'),
  appendMany('EIP2'),
  `SELECT audit_lock_heads('{BRENT,BRISTOL}')`,
  `SELECT audit_lock_heads('{BRENT}')`,
  `SELECT audit_seal('2018-03-01')`,
  post(null),
  post('BRENT'),
  post('BRISTOL'),
  `SELECT ledger_reverse('2018-03-01', '${ZERO}', '{claim.approved:1}', 'x')`,
  `SELECT ledger_take_snapshot('2018-03-01')`,
  `INSERT INTO funding_slice (${SLICE}) SELECT ${SLICE} FROM funding_slice`,
  `UPDATE funding_slice SET ended_by = funded_by, ended_at = at`,
  `INSERT INTO funding_request_claim (${ASKED}) SELECT ${ASKED} FROM funding_request_claim`,
  `UPDATE funding_request_claim SET live = false`,
];
/** What an authority may do for itself, and these do to another. */
const ANOTHERS = [
  append('BRISTOL'),
  appendMany('BRISTOL'),
  appendMany('BRENT', 'BRISTOL'),
  `SELECT bank_account_of_another('BRISTOL', '200000', '55779911', NULL)`,
];
const OWN = [
  append('BRENT'),
  appendMany('BRENT', 'BRENT'),
  `SELECT bank_account_of_another('BRENT', '200000', '55779911', NULL)`,
];

/** As the processes' role: whoever could make them run their own SQL would get no further than the scope. */
describe('SQL with a narrow scope', () => {
  let database: TestDatabase;
  let app: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    app = new pg.Client({ connectionString: database.url, options: '-c role=claims_app' });
    await app.connect();
  });
  afterAll(async () => {
    await app.end();
    await database.drop();
  });

  /** The SQLSTATE of a statement, and whether it is the scope that was missing; the transaction leaves nothing. */
  async function outcome(
    sql: string,
    scope: string | null,
  ): Promise<{ state: string; scoped: boolean; after: unknown }> {
    await app.query('BEGIN');
    try {
      if (scope !== null) await app.query(`SELECT set_config('app.authority', $1, true)`, [scope]);
      await app.query(sql);
      const { rows } = await app.query<{ scope: string }>(`SELECT current_setting('app.authority', true) AS scope`);
      return { state: '', scoped: true, after: rows[0]!.scope };
    } catch (error) {
      return {
        state: sqlState(error) ?? '',
        scoped: !/^This needs the scope/.test((error as Error).message),
        after: null,
      };
    } finally {
      await app.query('ROLLBACK');
    }
  }
  const REFUSED = { state: '42501', scoped: false, after: null };

  it.each([...PAYERS, ...ANOTHERS])('is refused: %s', async (sql) => {
    for (const scope of ['BRENT', '', null]) expect([scope, await outcome(sql, scope)]).toEqual([scope, REFUSED]);
    // With the payer's it gets as far as what it asks for.
    expect(await outcome(sql, '*')).toMatchObject({ scoped: true });
  });

  it.each(OWN)('is for its own authority, and gives the scope back: %s', async (sql) => {
    for (const scope of ['BRENT', '*']) {
      expect(await outcome(sql, scope)).toEqual({ state: '', scoped: true, after: scope });
    }
    for (const scope of ['BRISTOL', '', null]) expect(await outcome(sql, scope)).toEqual(REFUSED);
  });

  it.each(['BRENT', '', null, '*'])(
    'writes lines and matches of the bank for the payer alone: asked by %j',
    async (scope) => {
      const id = '01900000-0000-7000-8000-000000000001';
      for (const sql of [
        `INSERT INTO bank_line (id, statement_id) VALUES ('${id}', '${id}')`,
        `INSERT INTO bank_match (id, line_id) VALUES ('${id}', '${id}')`,
      ]) {
        // The policy stands before the columns that lack: with the payer's scope those are what is wrong.
        expect(await outcome(sql, scope)).toMatchObject({ state: scope === '*' ? '23502' : '42501' });
      }
    },
  );

  it('has no way round by an authority that is called nothing', async () => {
    expect(await outcome(`SELECT bank_account_of_another('', '200000', '55779911', NULL)`, '')).toEqual(REFUSED);
    expect(await outcome(`SELECT require_scope('BRENT', '*')`, 'BRENT')).toMatchObject({
      state: '42501',
      scoped: true,
    });
  });

  it('meets every function that runs as the owner: it asks for the scope, or is known not to need to', async () => {
    const { rows } = await app.query<{ name: string }>(
      `SELECT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef AND prosrc !~ 'require_scope' ORDER BY 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual([
      'authenticate_token', // before it nobody has a scope
      ...['bank_line_of_statement', 'bank_match_added', 'bank_match_ended'], // of rows that only the payer's scope can write
      ...['find_link', 'find_session'], // by the hash of a secret, and the link with the payer's scope alone
      ...['funding_asked', 'funding_intervals', 'funding_places'], // of the caller's own claims; of nobody's
      ...['ledger_check_journal', 'ledger_check_posting', 'ledger_require_balanced'], // add up, and answer nothing
      'payment_days', // of the caller's own claims
      'save_session', // by the hash of a secret
      'sign_in_account', // answers the payer's scope alone
    ]);
  });
});
