import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { appendAudit, appendAudits, ListAudit, type AuditRecord } from '#audit';
import { systemActor, type Actor } from '#platform/database';
import { AUDITOR, AuditWorld } from './audit-support.js';

const BRENT_FINANCE: Actor = {
  userId: '01890a5d-ac96-774b-bcce-b302099a8002',
  organisation: 'BRENT',
  scope: 'BRENT',
  roles: ['la_finance'],
};
const record = (chain: string, subjectId = 'x'): AuditRecord => ({
  chain,
  action: 'a.b',
  subjectType: 'claim',
  subjectId,
});

describe('appending to the audit trail', () => {
  let world: AuditWorld;
  beforeAll(async () => void (world = await AuditWorld.open()));
  afterAll(() => world.close());
  beforeEach(() => world.reset());

  const entries = async () =>
    (await world.admin.query('SELECT * FROM audit_entry ORDER BY chain, seq')).rows as Record<string, unknown>[];

  it('takes who, when and which request from the transaction', async () => {
    const claimId = randomUUID();
    const actor = { ...BRENT_FINANCE, requestId: 'req-42' };
    await world.uow.run(actor, (tx) =>
      appendAudit(tx, {
        ...record('BRENT', claimId),
        claimId,
        before: { state: 'draft' },
        after: { n: 1.5 },
        reason: 'Why',
      }),
    );
    expect(await entries()).toMatchObject([
      {
        chain: 'BRENT',
        seq: 1,
        at: world.now,
        actor_id: actor.userId,
        actor_roles: ['la_finance'],
        organisation: 'BRENT',
        action: 'a.b',
        subject_type: 'claim',
        subject_id: claimId,
        claim_id: claimId,
        before: { state: 'draft' },
        after: { n: 1.5 },
        reason: 'Why',
        request_id: 'req-42',
        prev_hash: Buffer.alloc(32),
      },
    ]);
  });

  it('numbers many entries per chain in the order given, and chains them like single ones', async () => {
    await world.uow.run(systemActor, (tx) => appendAudit(tx, record('BRENT', '1')));
    await world.uow.run(systemActor, (tx) =>
      appendAudits(tx, [
        record('LEICS', '1'),
        record('BRENT', '2'),
        record('BRISTOL', '1'),
        record('BRENT', '3'),
        record('LEICS', '2'),
      ]),
    );
    await world.uow.run(systemActor, (tx) => appendAudits(tx, []));
    expect(
      (await entries()).map((row) => `${String(row['chain'])} ${String(row['seq'])}=${String(row['subject_id'])}`),
    ).toEqual(['BRENT 1=1', 'BRENT 2=2', 'BRENT 3=3', 'BRISTOL 1=1', 'LEICS 1=1', 'LEICS 2=2']);
    expect(await world.verify()).toMatchObject({ ok: true, entries: 6, chains: 3 });
  });

  it('leaves nothing of a transaction that rolls back, not even a gap', async () => {
    const failing = world.uow.run(systemActor, async (tx) => {
      await appendAudit(tx, record('BRENT'));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await world.verify()).toMatchObject({ ok: true, entries: 0, chains: 0 });
    await world.uow.run(systemActor, (tx) => appendAudit(tx, record('BRENT')));
    expect(await world.verify()).toMatchObject({ ok: true, entries: 1, chains: 1 });
  });

  it('chains without gap or deadlock when many append to several chains at once', async () => {
    const chains = ['BRENT', 'BRISTOL', 'LEICS'];
    await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        world.uow.run(systemActor, (tx) => {
          const turned = [...chains.slice(n % 3), ...chains.slice(0, n % 3)];
          return n % 2
            ? appendAudits(
                tx,
                turned.map((chain) => record(chain)),
              )
            : appendAudit(tx, record(turned[0] ?? ''));
        }),
      ),
    );
    expect(await world.verify()).toMatchObject({ ok: true, entries: 30 * 3 + 30, chains: 3 });
  });

  it('hashes whatever text and figures there are to what the independent recomputation gives', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((value) => !value.includes('\0'));
    const json = fc.dictionary(
      text,
      fc.oneof(
        text,
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
        fc.array(text),
      ),
    );
    const anyRecord: fc.Arbitrary<AuditRecord> = fc.record({
      chain: fc.constantFrom('BRENT', 'É:1,', 'MTM'),
      action: text.filter((value) => value.length > 0),
      subjectType: text,
      subjectId: text,
      before: fc.option(json),
      after: fc.option(json),
      reason: fc.option(text),
      claimId: fc.uuid(),
    });
    const roles = fc.array(text, { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyRecord, { minLength: 1, maxLength: 20 }),
        roles,
        fc.boolean(),
        async (records, roles, many) => {
          // One by one each on its own: an act tells its chains in their order.
          for (const part of many ? [records] : records.map((one) => [one]))
            await world.uow.run({ ...systemActor, roles }, async (tx) => {
              if (many) await appendAudits(tx, part);
              else await appendAudit(tx, part[0]!);
            });
          expect((await world.verify()).findings).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });

  describe('is the only thing that can be done to it', () => {
    beforeEach(() => world.uow.run(systemActor, (tx) => appendAudit(tx, record('BRENT'))).then(() => world.sealNow()));

    const tables = ['audit_entry', 'audit_checkpoint', 'audit_checkpoint_head'];
    const changes = [
      ...tables.flatMap((table) => [
        `DELETE FROM ${table}`,
        `DELETE FROM ${table} WHERE false`,
        `TRUNCATE ${table} CASCADE`,
      ]),
      `UPDATE audit_entry SET reason = 'x'`,
      'UPDATE audit_checkpoint SET number = 7',
      'UPDATE audit_checkpoint_head SET seq = 7',
      'DELETE FROM audit_head',
      'TRUNCATE audit_head',
      'UPDATE audit_head SET seq = 0',
      `UPDATE audit_head SET hash = sha256('x')`,
      `UPDATE audit_head SET chain = 'X'`,
    ];
    it.each(changes)('for the owner and superuser: %s', async (sql) => {
      await expect(world.admin.query(sql)).rejects.toMatchObject({
        code: '42501',
        message: expect.stringContaining('append-only'),
      });
    });
    it.each([
      ...changes,
      'INSERT INTO audit_entry SELECT * FROM audit_entry',
      `INSERT INTO audit_head VALUES ('X', 1, sha256('x'))`,
      'INSERT INTO audit_checkpoint SELECT * FROM audit_checkpoint',
      `SELECT audit_lock_head('X')`,
    ])('for the role of the processes: %s', async (sql) => {
      await expect(world.uow.run(systemActor, (tx) => tx.query(sql))).rejects.toMatchObject({ code: '42501' });
    });
  });

  describe('the list', () => {
    const list = (actor: Actor, query: object = {}) => new ListAudit(world.uow).run(actor, query);
    const claimId = randomUUID();

    beforeEach(async () => {
      for (const [index, chain] of ['BRENT', 'BRISTOL', 'BRENT', 'EIP2', 'BRENT'].entries()) {
        world.now = new Date(Date.UTC(2018, 2, 1 + index, 9));
        const actor = index === 4 ? BRENT_FINANCE : systemActor;
        await world.uow.run(actor, (tx) =>
          appendAudit(tx, {
            ...record(chain, String(index)),
            ...(index === 2 ? { claimId, action: 'claim.held' } : {}),
          }),
        );
      }
    });
    const ids = async (actor: Actor, query: object = {}) =>
      (await list(actor, query)).items.map((item) => item.subjectId);

    it('is whole for an auditor, newest first, and page by page the same', async () => {
      expect(await ids(AUDITOR)).toEqual(['4', '3', '2', '1', '0']);
      const first = await list(AUDITOR, { limit: '2' });
      const second = await list(AUDITOR, { limit: '2', cursor: first.nextCursor });
      const third = await list(AUDITOR, { limit: '2', cursor: second.nextCursor });
      expect([first, second, third].flatMap((page) => page.items.map((item) => item.subjectId))).toEqual([
        '4',
        '3',
        '2',
        '1',
        '0',
      ]);
      expect(third.nextCursor).toBeNull();
    });

    it('is its own chain for an authority, whatever it asks for', async () => {
      expect(await ids(BRENT_FINANCE)).toEqual(['4', '2', '0']);
      expect(await ids(BRENT_FINANCE, { chain: 'BRISTOL' })).toEqual([]);
    });

    it('filters', async () => {
      expect(await ids(AUDITOR, { chain: 'EIP2' })).toEqual(['3']);
      expect(await ids(AUDITOR, { claimId })).toEqual(['2']);
      expect(await ids(AUDITOR, { actorId: BRENT_FINANCE.userId })).toEqual(['4']);
      expect(await ids(AUDITOR, { action: 'claim.held' })).toEqual(['2']);
      expect(await ids(AUDITOR, { from: '2018-03-02T09:00:00Z', to: '2018-03-04T09:00:00Z' })).toEqual(['2', '1']);
      await expect(async () => list(AUDITOR, { subject: 'x' })).rejects.toMatchObject({ kind: 'malformed' });
    });
  });

  it('lets only some roles verify', async () => {
    const verify = (roles: string[]) => world.verifier.run({ ...AUDITOR, roles }, {});
    for (const role of ['auditor', 'administrator', 'mtm_finance'])
      await expect(verify([role])).resolves.toMatchObject({ ok: true });
    for (const role of ['coordinator', 'mtm_approver', 'la_finance']) {
      await expect(verify([role])).rejects.toMatchObject({ kind: 'forbidden', code: 'role_not_allowed' });
    }
  });
});
