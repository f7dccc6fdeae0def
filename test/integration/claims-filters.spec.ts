import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { ClaimQueries } from '#claims';
import { findActor } from '#identity';
import { systemActor, UnitOfWork, type Actor, type Tx } from '#platform/database';
import { TermsStore } from '#programme';
import { ClaimReader } from '../../libs/claims/claim-reader.js';
import { Service, type Reply } from '../support/service.js';
import { Claims, finance, MTM, refusal, simpleBody, type Claim, type Items } from './claims-support.js';

const BRENT = finance('BRENT');
const BRISTOL = finance('BRISTOL');
let service: Service;
let claims: Claims;
beforeAll(async () => {
  service = await Service.start();
  claims = new Claims(service);
});
afterAll(() => service?.stop());

const make = (authority: string, references: { authorityReference?: string; purchaseOrder?: string }) =>
  claims.draft({ ...simpleBody(authority), ...references });
const ids = (made: { id: string }[]) => made.map(({ id }) => id);

describe('claims by the references their authority gave them', () => {
  let both: Claim;
  let order: Claim;
  let cased: Claim;
  let theirs: Claim;
  beforeAll(async () => {
    both = await make('BRENT', { authorityReference: 'CS 2018/17', purchaseOrder: 'PO-1' });
    order = await make('BRENT', { authorityReference: 'PO-1x', purchaseOrder: 'PO-1' });
    cased = await make('BRENT', { authorityReference: 'cs 2018/17', purchaseOrder: 'po-1' });
    await make('BRENT', {});
    theirs = await make('BRISTOL', { authorityReference: 'CS 2018/17', purchaseOrder: 'PO-1' });
  });
  const listed = async (who: string, query: Record<string, string>) => {
    const answer = await service.get<Items<Claim>>(who, `/claims?${new URLSearchParams(query).toString()}`);
    expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
    return ids(answer.body.items);
  };

  it('are those that have exactly it, newest first, of one’s own authority or for MTM of all', async () => {
    expect(await listed(BRENT, { authorityReference: 'CS 2018/17' })).toEqual([both.id]);
    expect(await listed(BRENT, { authorityReference: 'cs 2018/17' })).toEqual([cased.id]);
    expect(await listed(BRENT, { purchaseOrder: 'PO-1' })).toEqual(ids([order, both]));
    expect(await listed(BRISTOL, { purchaseOrder: 'PO-1' })).toEqual([theirs.id]);
    expect(await listed(MTM.auditor, { purchaseOrder: 'PO-1' })).toEqual(ids([theirs, order, both]));
  });

  it('are none for a part of it, a pattern, or the other reference', async () => {
    for (const text of ['PO', 'PO-', 'PO-1 ', 'PO_1', '%'])
      expect(await listed(BRENT, { purchaseOrder: text })).toEqual([]);
    expect(await listed(BRENT, { authorityReference: 'PO-1' })).toEqual([]);
  });

  it('are fewer with each further filter', async () => {
    expect(await listed(BRENT, { purchaseOrder: 'PO-1', authorityReference: 'PO-1x' })).toEqual([order.id]);
    expect(await listed(MTM.auditor, { purchaseOrder: 'PO-1', authority: 'BRISTOL' })).toEqual([theirs.id]);
    expect(await listed(BRENT, { purchaseOrder: 'PO-1', state: 'submitted' })).toEqual([]);
  });

  it('are the same as CSV, the next page with the same filter', async () => {
    const pages: string[] = [];
    let next: string | undefined = '/claims?purchaseOrder=PO-1&limit=1';
    while (next !== undefined) {
      const page: Reply = await service.get(BRENT, next, { accept: 'text/csv' });
      expect(page.headers.get('content-type')).toContain('text/csv');
      const rows = parse(page.text, { columns: true }) as Record<string, string>[];
      expect(rows).toMatchObject([{ purchaseOrder: 'PO-1', authorityReference: expect.stringMatching(/^(CS|PO)/) }]);
      pages.push(rows[0]!['id']!);
      next = /^<(.+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1];
    }
    expect(pages).toEqual(ids([order, both]));
  });

  it('are asked for by what a claim could have', async () => {
    for (const name of ['authorityReference', 'purchaseOrder']) {
      for (const [value, code] of [
        ['x'.repeat(51), 'too_long'],
        ['', 'blank'],
        ['a%00', 'control_character'],
      ]) {
        expect(refusal(await service.get(BRENT, `/claims?${name}=${value}`))).toEqual([400, 'malformed', code]);
      }
    }
  });

  it('are in the description of the API', async () => {
    const { body } = await service.call<{ paths: Record<string, { get: { parameters: object[] } }> }>(
      null,
      'GET',
      '/api/docs-json',
    );
    for (const name of ['authorityReference', 'purchaseOrder']) {
      expect(body.paths['/api/v1/claims']!.get.parameters).toContainEqual(
        expect.objectContaining({
          name,
          in: 'query',
          required: false,
          schema: expect.objectContaining({ maxLength: 50 }),
        }),
      );
    }
  });
});

/** How often an index was read in the transaction so far. */
async function scans(tx: Tx, index: string): Promise<number> {
  const [row] = await tx.query<{ scans: number }>('SELECT pg_stat_get_xact_numscans($1::regclass)::int AS scans', [
    index,
  ]);
  return row!.scans;
}

describe('among many claims', () => {
  beforeAll(async () => {
    await service.admin.query(`
      INSERT INTO claim (id, programme_code, authority_code, state, authority_reference, purchase_order, total_pence,
                         above_rate_pence, makers, created_by, created_at, updated_at)
      SELECT uuidv7(), 'EIP2', (ARRAY['NORFOLK', 'SUFFOLK'])[1 + n % 2], 'draft', 'R-' || n, 'P-' || n / 4, 0, 0, '{}',
             uuidv7(), now(), now()
        FROM generate_series(1, 5000) AS n`);
    await service.admin.query('ANALYZE claim');
  });

  it.each([
    ['authorityReference', 'R-2500', 'claim_by_authority_reference', 1, 1],
    ['purchaseOrder', 'P-600', 'claim_by_purchase_order', 4, 2],
  ] as const)('by %s are found in an index of it', async (filter, value, index, all, own) => {
    const uow = service.app.get(UnitOfWork);
    let read = 0;
    const watching = {
      read: <T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> =>
        uow.read(actor, async (tx) => {
          const before = await scans(tx, index);
          const result = await work(tx);
          read = (await scans(tx, index)) - before;
          return result;
        }),
    } as UnitOfWork;
    const queries = new ClaimQueries(watching, service.app.get(ClaimReader), service.app.get(TermsStore));
    for (const [email, count] of [
      [MTM.auditor, all],
      [finance('NORFOLK'), own],
    ] as const) {
      const actor = await uow.read(systemActor, (tx) => findActor(tx, email));
      const { items } = await queries.list(actor, { [filter]: value });
      expect([email, items.length, read]).toEqual([email, count, 1]);
    }
  });
});
