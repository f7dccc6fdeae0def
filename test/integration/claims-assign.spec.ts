import { ClaimQueries } from '#claims';
import { findActor } from '#identity';
import { systemActor, UnitOfWork, type Actor, type Tx } from '#platform/database';
import { TermsStore } from '#programme';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClaimReader } from '../../libs/claims/claim-reader.js';
import { Service } from '../support/service.js';
import { Claims, finance, MTM, refusal, simpleBody, type Claim, type Items } from './claims-support.js';

const BRENT = finance('BRENT');
type Assigned = Claim & { assignedTo: string | null; returnNotes: { lineId: string; path: string; reason: string }[] };

let service: Service;
let claims: Claims;
const ids: Record<string, string> = {};
beforeAll(async () => {
  service = await Service.start();
  claims = new Claims(service);
  const { rows } = await service.admin.query<{ email: string; id: string }>('SELECT email, id FROM user_account');
  for (const { email, id } of rows) ids[email] = id;
});
afterAll(() => service?.stop());

const small = () => simpleBody('BRENT', { trainerDays: '0.01', netPence: 1_000 });
const assign = (who: string, claim: Claim, userId: string | null | undefined, headers = {}) =>
  claims.tryStep(who, claim.id, 'assign', { userId }, headers);

describe('a claim', () => {
  it('is laid on one’s own desk or a colleague’s, and off it, and the trail says so', async () => {
    const claim = (await claims.submitted(small())) as Assigned;
    expect(claim.assignedTo).toBeNull();
    const mine = await assign(MTM.finance, claim, ids[MTM.finance]);
    expect(mine.body).toMatchObject({ assignedTo: ids[MTM.finance], state: 'submitted', version: claim.version + 1 });
    await assign(MTM.finance, claim, ids[MTM.approver]);
    await assign(MTM.approver, claim, ids[MTM.approver]);
    await assign(MTM.approver, claim, null);
    const trail = await service.get<Items<{ action: string; before: object; after: object }>>(
      MTM.auditor,
      `/claims/${claim.id}/timeline`,
    );
    const told = trail.body.items.filter(({ action }) => action === 'claim.assigned');
    expect(told.map(({ before, after }) => [before, after])).toMatchObject([
      [{ assignedTo: null }, { assignedTo: ids[MTM.finance] }],
      [{ assignedTo: ids[MTM.finance] }, { assignedTo: ids[MTM.approver] }],
      [{ assignedTo: ids[MTM.approver] }, { assignedTo: null }],
    ]);
  });

  it('is for nobody who does not deal with claims', async () => {
    const claim = await claims.submitted(small());
    for (const email of [BRENT, MTM.auditor, MTM.admin, MTM.coordinator]) {
      expect(refusal(await assign(MTM.finance, claim, ids[email]))).toEqual([422, 'not_assignable', 'not_assignable']);
    }
    const nobody = await assign(MTM.finance, claim, '00000000-0000-7000-8000-000000000000');
    expect(refusal(nobody)).toEqual([422, 'not_assignable', 'not_assignable']);
    expect(refusal(await assign(MTM.finance, claim, undefined))).toEqual([400, 'malformed', 'required']);
  });

  it('is not assigned by two people who have not seen each other', async () => {
    const claim = await claims.submitted(small());
    const seen = { 'if-match': `"v${claim.version}"` };
    expect((await assign(MTM.finance, claim, ids[MTM.finance], seen)).status).toBe(200);
    expect(refusal(await assign(MTM.finance2, claim, ids[MTM.finance2], seen))).toEqual([412, 'version_stale']);
  });

  it('is not assigned before it is submitted nor once it is over', async () => {
    const draft = await claims.draft(small());
    expect(refusal(await assign(MTM.finance, draft, ids[MTM.finance]))).toEqual([409, 'state_conflict']);
    const gone = await claims.step(BRENT, (await claims.submitted(small())).id, 'withdraw');
    expect(refusal(await assign(MTM.finance, gone, ids[MTM.finance]))).toEqual([409, 'state_conflict']);
  });

  it('stays whose it was through return and resubmission, and who has it may still approve', async () => {
    const claim = await claims.submitted(small());
    await assign(MTM.approver, claim, ids[MTM.approver]);
    await claims.step(MTM.finance, claim.id, 'return', { reason: 'Which day?' });
    await claims.step(BRENT, claim.id, 'submit');
    await claims.step(MTM.finance, claim.id, 'review');
    const approved = await claims.step(MTM.approver, claim.id, 'approve');
    expect(approved).toMatchObject({ state: 'approved', assignedTo: ids[MTM.approver] });
  });
});

describe('the list of claims', () => {
  it('is that of one person’s, or of nobody’s', async () => {
    const mine = await claims.submitted(small());
    const free = await claims.submitted(small());
    await assign(MTM.finance, mine, ids[MTM.finance2]);
    const listed = async (query: string) =>
      (await service.get<Items<Claim>>(MTM.finance, `/claims?limit=200&${query}`)).body.items.map(({ id }) => id);
    expect(await listed(`assignedTo=${ids[MTM.finance2]}`)).toEqual([mine.id]);
    expect(await listed('assigned=false')).toContain(free.id);
    expect(await listed('assigned=false')).not.toContain(mine.id);
    expect(await listed('assigned=true&state=submitted&dueBy=2030-01-01')).toContain(mine.id);
    expect(refusal(await service.get(MTM.finance, '/claims?assignedTo=me'))).toEqual([400, 'malformed', 'not_uuid']);
  });
});

describe('a return', () => {
  it('says of single lines what is wrong with them, for as long as the claim is returned', async () => {
    const claim = await claims.submitted(small());
    const [line] = claim.trainerInvoices[0]!.lines;
    const lines = [{ lineId: line!.id, reason: 'The day is not on the invoice.' }];
    const unknown = [{ lineId: claim.id, reason: 'x' }];
    const wrong = await claims.tryStep(MTM.finance, claim.id, 'return', { reason: 'x', lines: unknown });
    expect(refusal(wrong)).toEqual([400, 'malformed', 'not_one_of']);
    const returned = (await claims.step(MTM.finance, claim.id, 'return', { reason: 'See line 1.', lines })) as Assigned;
    expect(returned.returnNotes).toEqual([
      { ...lines[0], path: 'trainerInvoices[0].lines[0]', description: 'Safety planning' },
    ]);
    expect(((await claims.read(BRENT, claim.id)) as Assigned).returnNotes).toHaveLength(1);
    const again = (await claims.step(BRENT, claim.id, 'submit')) as Assigned;
    expect(again.returnNotes).toEqual([]);
    const second = (await claims.step(MTM.finance, claim.id, 'return', { reason: 'Once more.' })) as Assigned;
    expect(second.returnNotes).toEqual([]);
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
      INSERT INTO claim (id, programme_code, authority_code, state, total_pence, above_rate_pence, makers, created_by, created_at, updated_at,
                         terms_id, calculation, submitted_at, invoice_number, due_on, reviewed_by, reviewed_at, approved_by, approved_at,
                         approved_pence, assigned_to)
      SELECT uuidv7(), 'EIP2', (ARRAY['NORFOLK', 'SUFFOLK'])[1 + n % 2], CASE WHEN n % 50 = 0 THEN 'submitted' ELSE 'approved' END, 0, 0, '{}',
             uuidv7(), now(), now(), (SELECT id FROM programme_terms LIMIT 1), '{}', now(), 'M-' || n, date '2018-06-01' + n % 60, NULL, NULL,
             CASE WHEN n % 50 > 0 THEN '${ids[MTM.approver]}'::uuid END, now(), CASE WHEN n % 50 > 0 THEN 0 END,
             CASE WHEN n % 50 > 0 THEN (ARRAY['${ids[MTM.finance]}', '${ids[MTM.finance2]}', '${ids[MTM.approver2]}'])[1 + n % 3]::uuid END
        FROM generate_series(1, 6000) AS n`);
    await service.admin.query('ANALYZE claim');
  });

  it.each([
    ['nobody’s', { assigned: 'false', state: 'submitted', hold: 'false' }, 'claim_unassigned'],
    ['one person’s', { assignedTo: MTM.approver, state: 'submitted', hold: 'false' }, 'claim_assigned'],
  ])('%s are found in an index of it', async (_what, asked, index) => {
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
    const actor = await uow.read(systemActor, (tx) => findActor(tx, MTM.finance));
    const named = 'assignedTo' in asked ? { ...asked, assignedTo: ids[asked.assignedTo] } : asked;
    await queries.list(actor, { ...named, dueBy: '2099-12-31', limit: '25' });
    expect(read).toBe(1);
  });
});
