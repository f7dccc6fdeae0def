import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DomainError } from '#kernel';
import { type Actor } from '#platform/database';
import { TermsStore } from '#programme';
import { ImportClaims, type ImportProgress } from '../../libs/claims/imports/import-claims.js';
import { importTemplate } from '../../libs/claims/imports/import-columns.js';
import { AUDITOR, BRENT, BRENT_MANAGER, BRISTOL, ClaimsWorld, MTM_FINANCE } from './evidence-support.js';

const HEADING =
  'claim,trainer,vatNumber,number,issuedOn,kind,category,rate,description,bookedOn,deliveredOn,trainerDays,net,vatRate,vat';

interface RowOptions {
  claim?: string;
  number?: string;
  kind?: string;
  category?: string;
  description?: string;
  days?: string;
  net?: string;
  vat?: string;
  trainer?: string;
}

const row = (o: RowOptions = {}): string =>
  [
    o.claim ?? '1',
    o.trainer ?? 'A Trainer Ltd',
    'GB999999973',
    o.number ?? 'INV-1',
    '2018-03-14',
    o.kind ?? 'training',
    o.category ?? 'targeted',
    'standard',
    o.description ?? 'Safety planning',
    '2018-01-10',
    '2018-03-12;2018-03-13',
    o.days ?? '2',
    o.net ?? '2000.00',
    '20',
    o.vat ?? '400.00',
  ].join(',');

const file = (...rows: string[]): string => [HEADING, ...rows].join('\r\n');

describe('the import of claims', () => {
  let world: ClaimsWorld;
  let importing: ImportClaims;

  beforeAll(async () => {
    world = await ClaimsWorld.open();
    importing = new ImportClaims(world.uow, new TermsStore());
  });
  afterAll(() => world?.close());

  const run = (actor: Actor, text: string, more: { again?: boolean; onProgress?: (p: ImportProgress) => void } = {}) =>
    importing.run(actor, { bytes: Buffer.from(text), fileName: 'claims.csv', again: false, ...more });

  async function refusal(text: string): Promise<DomainError> {
    const error: unknown = await run(BRENT, text).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (error instanceof DomainError) return error;
    throw new Error(`not refused: ${String(error)}`);
  }
  const told = async (text: string): Promise<string[]> =>
    (await refusal(text)).problems.map(({ path, code }) => `${path}: ${code}`);

  const count = async (table: string): Promise<number> => {
    const { rows } = await world.admin.query<{ count: string }>(`SELECT count(*) FROM ${table}`);
    return Number(rows[0]!.count);
  };

  it('stores the template as one draft, with its trail and what it comes to', async () => {
    const answer = await run(BRENT_MANAGER, importTemplate());
    expect(answer).toMatchObject({ rowCount: 2, claimCount: 1, claimIds: [expect.any(String)] });
    const { rows } = await world.admin.query(
      `SELECT c.state, c.authority_code, c.authority_reference, c.total_pence::int, c.created_by::text,
              i.number, i.paid_on::text, array_agg(l.net_pence::int ORDER BY l.position) AS net
         FROM claim c JOIN trainer_invoice i ON i.claim_id = c.id JOIN trainer_invoice_line l ON l.trainer_invoice_id = i.id
        WHERE c.id = $1 GROUP BY c.id, i.id`,
      [answer.claimIds[0]],
    );
    expect(rows).toEqual([
      {
        state: 'draft',
        authority_code: 'BRENT',
        authority_reference: 'CS-2018-017',
        total_pence: 107820, // docs/domain.md, example 1
        created_by: BRENT_MANAGER.userId,
        number: 'INV-0042',
        paid_on: '2018-03-28',
        net: [200000, 15640],
      },
    ]);
    expect(await world.actions(answer.claimIds[0]!)).toEqual(['claim.drafted']);
    const imports = await world.admin.query(
      'SELECT file_name, row_count, claim_count FROM claim_import WHERE id = $1',
      [answer.id],
    );
    expect(imports.rows).toEqual([{ file_name: 'claims.csv', row_count: 2, claim_count: 1 }]);
  });

  it('saves drafts with problems, since only submission insists on none', async () => {
    const { claimCount } = await run(
      BRENT,
      file(row({ number: 'P-1', vat: '399.00' }), row({ number: 'P-2', days: '90' })),
    );
    expect(claimCount).toBe(1);
  });

  it('refuses all for one bad row, naming row, column, code and what to do', async () => {
    const before = [await count('claim'), await count('claim_import'), await count('audit_entry')];
    const error = await refusal(
      file(
        row({ claim: 'a', number: 'B-1' }),
        row({ claim: 'b', net: '0.00' }),
        row({ claim: 'c', days: '101', description: '' }),
      ),
    );
    expect(error).toMatchObject({ kind: 'refused', code: 'import_rejected' });
    expect(error.message).toBe('Nothing was imported: 3 errors in 2 rows. Correct the file and send it again.');
    expect(error.problems).toEqual([
      { path: 'row 3, net', code: 'out_of_range', message: expect.stringContaining('10000000') },
      { path: 'row 4, description', code: 'required', message: expect.any(String) },
      { path: 'row 4, trainerDays', code: 'out_of_range', message: expect.any(String) },
    ]);
    expect([await count('claim'), await count('claim_import'), await count('audit_entry')]).toEqual(before);
  });

  it('tells each fault once, whatever finds it', async () => {
    const travel = row({ claim: 'b', kind: 'travel' });
    expect(
      await told(
        file(
          row({ net: '-1', vat: '' }),
          row({ category: 'gardening', description: 'x'.repeat(501) }),
          row({ category: 'gardening', number: '' }),
          travel,
          row({ claim: 'c', category: '' }),
          row({ claim: 'd', category: 'gardening' }),
        ),
      ),
    ).toEqual([
      'row 2, net: not_an_amount',
      'row 2, vat: required',
      'row 3, description: too_long',
      'row 4, number: required',
      'row 5, category: unknown_field',
      'row 5, rate: unknown_field',
      'row 5, bookedOn: unknown_field',
      'row 5, deliveredOn: unknown_field',
      'row 5, trainerDays: unknown_field',
      'row 6, category: required',
      'row 7, category: unknown_category',
    ]);
  });

  it('finds every failing line of a claim, however many, and lists the first thousand', async () => {
    const bad = Array.from({ length: 1_500 }, (_, at) => row({ number: `N-${at % 30}`, net: '0' }));
    const error = await refusal(file(...bad));
    expect(error.message).toContain('1,500 errors in 1,500 rows');
    expect(error.message).toContain('The first 1,000 errors are listed, 500 more not.');
    expect(error.problems).toHaveLength(1_000);
    expect(error.problems.at(-1)).toMatchObject({ path: 'row 1001, net', code: 'out_of_range' });
  });

  it('names where a claim or an invoice has too many parts', async () => {
    expect(await told(file(...Array.from({ length: 51 }, (_, at) => row({ number: `N-${at}` }))))).toEqual([
      'row 2, claim: too_many',
    ]);
    expect(await told(file(row({ claim: '0' }), ...Array.from({ length: 201 }, () => row())))).toEqual([
      'row 3, number: too_many',
    ]);
  });

  it('takes the same file only once, unless it is meant; two at a time too', async () => {
    const text = file(row({ number: 'ONCE' }));
    const both = await Promise.allSettled([run(BRENT, text), run(BRENT, text)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const repeated = { kind: 'conflict', code: 'import_repeated' };
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: repeated });
    await expect(run(BRENT, text)).rejects.toMatchObject(repeated);
    await expect(run(BRENT, text, { again: true })).resolves.toMatchObject({ claimCount: 1 });
    await expect(run(BRENT, text, { again: true })).resolves.toMatchObject({ claimCount: 1 });
    await expect(run(BRENT, text)).rejects.toMatchObject(repeated);
    await expect(run(BRISTOL, text)).resolves.toMatchObject({ claimCount: 1 }); // another authority's own
  });

  it('is for the authority’s own people and a programme it takes part in', async () => {
    for (const actor of [MTM_FINANCE, AUDITOR]) {
      await expect(run(actor, importTemplate())).rejects.toMatchObject({ kind: 'forbidden', code: 'role_not_allowed' });
    }
    const elsewhere = importTemplate().replaceAll('EIP2', 'OTHER');
    await expect(run(BRENT, elsewhere)).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('takes 10,000 rows in one transaction and says how far it is', async () => {
    const rows = Array.from({ length: 10_000 }, (_, at) => row({ claim: `${at >> 1}`, number: `BULK-${at >> 1}` }));
    const steps: ImportProgress[] = [];
    const before = await count('claim');
    const answer = await run(BRENT, file(...rows), { onProgress: (progress) => steps.push(progress) });
    expect(answer).toMatchObject({ rowCount: 10_000, claimCount: 5_000 });
    expect(new Set(answer.claimIds).size).toBe(5_000);
    expect((await count('claim')) - before).toBe(5_000);
    expect(steps.filter(({ step }) => step === 'checked').length).toBeGreaterThan(10);
    expect(steps.at(-1)).toEqual({ step: 'saved', rows: 10_000, of: 10_000 });
    const { rows: xmins } = await world.admin.query(
      `SELECT DISTINCT c.xmin::text FROM claim c JOIN claim_import i ON c.id = ANY (i.claim_ids) WHERE i.id = $1`,
      [answer.id],
    );
    expect(xmins).toHaveLength(1);
  });
});
