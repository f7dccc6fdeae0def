import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { appendAudit, appendAudits, type AuditRecord } from '#audit';
import { sqlState, systemActor, UnitOfWork } from '#platform/database';
import { Service } from '../support/service.js';
import { MTM } from './claims-support.js';
import { Funding } from './funding-support.js';

let service: Service;
let funding: Funding;
beforeAll(async () => {
  service = await Service.start();
  funding = new Funding(service);
});
afterAll(() => service?.stop());

const entry = (chain: string): AuditRecord => ({
  ...{ chain, action: 'test.happened', subjectType: 'test', subjectId: chain },
});
const appended = (...chains: string[]) =>
  service.app.get(UnitOfWork).run(systemActor, async (tx) => {
    for (const chain of chains) await appendAudit(tx, entry(chain));
  });

describe('the heads of the trail', () => {
  it('are locked in one order: authorities by their codes, then the rest', async () => {
    await appended('BRENT', 'LINCS', 'EIP2', 'MTM');
    // A head that is held already is not waited for.
    await appended('BRENT', 'EIP2', 'BRENT');
    for (const wrong of [['EIP2', 'BRENT'], ['LINCS', 'BRENT'], ['MTM', 'EIP2']]) {
      await expect(appended(...wrong)).rejects.toThrow('heads are locked in one order');
    }
  }); // prettier-ignore

  it('are put in that order when many are told of at once, though a programme’s code lies among theirs', async () => {
    const { rows } = await service.admin.query<{ code: string }>(
      `SELECT code FROM authority WHERE code > 'EIP2' LIMIT 1`,
    );
    const chains = ['EIP2', rows[0]!.code, 'BRENT'];
    await service.app.get(UnitOfWork).run(systemActor, (tx) => appendAudits(tx, chains.map(entry)));
  });
});

describe('two acts that lock heads in opposite orders', () => {
  /** A transaction of its own, as a process would have that forgot the order. */
  async function act(): Promise<{ append: (chain: string) => Promise<unknown>; end: (how: string) => Promise<void> }> {
    const options = '-c role=claims_app -c app.authority=*';
    const client = new pg.Client({ connectionString: service.database.url, options });
    await client.connect();
    await client.query('BEGIN');
    await client.query('SET LOCAL audit.strict = off');
    return {
      append: (chain) =>
        client.query(`SELECT audit_append($1, now(), $2, '{}', 'MTM', null, 'test.happened', 'test', 'x', null, null, null, null)`, [
          chain,
          systemActor.userId,
        ]),
      end: async (how) => {
        await client.query(how);
        await client.end();
      },
    };
  } // prettier-ignore

  it('never wait for each other: the one out of order is to run again, the other goes on', async () => {
    const [right, wrong] = [await act(), await act()];
    await right.append('BRENT');
    await wrong.append('EIP2');
    const waits = right.append('EIP2');
    const failed: unknown = await wrong.append('BRENT').catch((error: unknown) => error);
    expect(sqlState(failed)).toBe('40001');
    await wrong.end('ROLLBACK');
    await waits;
    await right.end('COMMIT');
    // Nobody in its way: what is out of order goes on too.
    const alone = await act();
    await alone.append('EIP2');
    await alone.append('BRENT');
    await alone.end('COMMIT');
  });
});

describe('acts that tell authorities and the programme', () => {
  it('keep the order among each other, many at once', async () => {
    const days = (to: string) =>
      service.post(MTM.coordinator, `/authorities/${to}/allocations/moves`, {
        ...{ programme: 'EIP2', category: 'practice_leader', days: '0.5', reason: 'A group more' },
      });
    const claims: string[] = [];
    for (const authority of ['BRENT', 'LINCS', 'BRISTOL']) claims.push((await funding.approved(60, authority)).id);
    const receipts = [await funding.recorded(60), await funding.recorded(120)];
    const answers = await Promise.all([
      ...receipts.map(({ id }) => funding.tryConfirm(id)),
      ...['BRENT', 'LINCS', 'BRISTOL'].map(days),
      service.post(MTM.approver2, `/claims/${claims[2]}/reject`, { reason: 'No' }),
    ]);
    expect(answers.map(({ status }) => status).filter((status) => ![200, 201, 409].includes(status))).toEqual([]);
    const run = await service.post(MTM.finance, '/payment-runs');
    expect(run.status).toBe(201);
    expect((await service.get<{ ok: boolean }>(MTM.auditor, '/audit/verify')).body.ok).toBe(true);
  });
});
