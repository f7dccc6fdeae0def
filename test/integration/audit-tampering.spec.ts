import { readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { appendAudit, appendAudits } from '#audit';
import { systemActor } from '#platform/database';
import { AuditWorld } from './audit-support.js';

/** SQL that gives an entry the hash its changed contents call for: what a careful forger does. */
const REHASH = (chain: string, seq: number) =>
  `UPDATE audit_entry e SET hash = audit_entry_hash(e) WHERE chain = '${chain}' AND seq = ${seq}`;

describe('verification of the audit trail', () => {
  let world: AuditWorld;
  beforeAll(async () => void (world = await AuditWorld.open()));
  afterAll(() => world.close());

  /** BRENT 1 to 6, BRISTOL 1 to 3. */
  beforeEach(async () => {
    await world.reset();
    await world.uow.run(systemActor, async (tx) => {
      for (let n = 1; n <= 6; n++) {
        const after = { amountPence: n * 100, note: `step ${n} – ünï` };
        await appendAudit(tx, {
          chain: 'BRENT',
          action: 'claim.step',
          subjectType: 'claim',
          subjectId: `c${n}`,
          after,
        });
      }
      const entry = { chain: 'BRISTOL', action: 'claim.drafted', subjectType: 'claim', before: { a: 1 } };
      await appendAudits(
        tx,
        [1, 2, 3].map((n) => ({ ...entry, subjectId: `b${n}` })),
      );
    });
  });

  const found = async (chain?: string) =>
    (await world.verify(chain)).findings.map(({ chain, seq, kind }) => `${chain} ${seq} ${kind}`);

  it('finds nothing wrong with an honest trail, sealed or not', async () => {
    expect(await world.verify()).toMatchObject({ ok: true, entries: 9, chains: 2, checkpoints: 0, findings: [] });
    await world.sealNow();
    await world.uow.run(systemActor, (tx) =>
      appendAudit(tx, { chain: 'BRENT', action: 'claim.step', subjectType: 'claim', subjectId: 'later' }),
    );
    await world.sealNow();
    expect(await world.verify()).toMatchObject({ ok: true, entries: 10, chains: 2, checkpoints: 2, findings: [] });
    expect(await world.verify('BRISTOL')).toMatchObject({ ok: true, entries: 3, chains: 1, checkpoints: 2 });
  });

  it('goes on one at a time, so that it never holds more than one connection', async () => {
    const waiting = async () => {
      const sql = "SELECT FROM pg_locks WHERE relation = 'audit_entry'::regclass AND NOT granted";
      return (await world.admin.query(sql)).rowCount ?? 0;
    };
    await world.admin.query('BEGIN; LOCK TABLE audit_entry');
    const first = world.verify();
    while ((await waiting()) < 1) await setTimeout(10);
    let refused: unknown = null;
    const second = world.verify('BRENT').catch((error: unknown) => (refused = error));
    while (refused === null && (await waiting()) < 2) await setTimeout(10);
    await world.admin.query('COMMIT');
    expect(await first).toMatchObject({ ok: true });
    await second;
    expect(refused).toMatchObject({ kind: 'conflict', code: 'verification_running' });
    expect(await world.verify()).toMatchObject({ ok: true });
  });

  const single: [string, string[], string[]][] = [
    [
      'after',
      [`UPDATE audit_entry SET after = '{"amountPence": 1}' WHERE chain = 'BRENT' AND seq = 3`],
      ['BRENT 3 changed'],
    ],
    [
      'before',
      [`UPDATE audit_entry SET before = '{"a": 2}' WHERE chain = 'BRISTOL' AND seq = 1`],
      ['BRISTOL 1 changed'],
    ],
    [
      'before taken away',
      [`UPDATE audit_entry SET before = NULL WHERE chain = 'BRISTOL' AND seq = 3`],
      ['BRISTOL 3 changed'],
    ],
    [
      'actor',
      [`UPDATE audit_entry SET actor_id = gen_random_uuid() WHERE chain = 'BRENT' AND seq = 2`],
      ['BRENT 2 changed'],
    ],
    [
      'instant by a millisecond',
      [`UPDATE audit_entry SET at = at + interval '1 ms' WHERE chain = 'BRENT' AND seq = 2`],
      ['BRENT 2 changed'],
    ],
    [
      'an instant that is none',
      [`UPDATE audit_entry SET at = 'infinity' WHERE chain = 'BRENT' AND seq = 2`],
      ['BRENT 2 changed'],
    ],
    ['roles', [`UPDATE audit_entry SET actor_roles = '{}' WHERE chain = 'BRENT' AND seq = 2`], ['BRENT 2 changed']],
    ['a reason put in', [`UPDATE audit_entry SET reason = '' WHERE chain = 'BRENT' AND seq = 4`], ['BRENT 4 changed']],
    [
      'an entry made consistent again',
      [`UPDATE audit_entry SET after = '{}' WHERE chain = 'BRENT' AND seq = 3`, REHASH('BRENT', 3)],
      ['BRENT 3 replaced'],
    ],
    [
      'the last entry made consistent again',
      [`UPDATE audit_entry SET after = '{}' WHERE chain = 'BRENT' AND seq = 6`, REHASH('BRENT', 6)],
      ['BRENT 6 head_mismatch'],
    ],
    ['a removed middle', [`DELETE FROM audit_entry WHERE chain = 'BRENT' AND seq IN (3, 4)`], ['BRENT 3 removed']],
    ['a removed beginning', [`DELETE FROM audit_entry WHERE chain = 'BRENT' AND seq = 1`], ['BRENT 1 removed']],
    ['a cut tail', [`DELETE FROM audit_entry WHERE chain = 'BRENT' AND seq >= 5`], ['BRENT 5 tail_cut']],
    ['every entry of a chain', [`DELETE FROM audit_entry WHERE chain = 'BRISTOL'`], ['BRISTOL 1 tail_cut']],
    [
      'two swapped',
      [
        `UPDATE audit_entry SET seq = 99 WHERE chain = 'BRENT' AND seq = 2`,
        `UPDATE audit_entry SET seq = 2 WHERE chain = 'BRENT' AND seq = 4`,
        `UPDATE audit_entry SET seq = 4 WHERE chain = 'BRENT' AND seq = 99`,
      ],
      ['BRENT 2 reordered', 'BRENT 4 reordered'],
    ],
    [
      'one moved to another chain',
      [`UPDATE audit_entry SET chain = 'LEICS', seq = 1 WHERE chain = 'BRENT' AND seq = 2`],
      ['BRENT 2 removed', 'LEICS 1 changed', 'LEICS 1 head_missing'],
    ],
    ['a head set back', [`UPDATE audit_head SET seq = 4 WHERE chain = 'BRENT'`], ['BRENT 4 head_behind']],
    ['a head set forward', [`UPDATE audit_head SET seq = 8 WHERE chain = 'BRENT'`], ['BRENT 7 tail_cut']],
    [
      'a head with another hash',
      [`UPDATE audit_head SET hash = sha256('x') WHERE chain = 'BRENT'`],
      ['BRENT 6 head_mismatch'],
    ],
    ['a head removed', [`DELETE FROM audit_head WHERE chain = 'BRENT'`], ['BRENT 6 head_missing']],
  ];
  it.each(single)('finds tampering without any checkpoint: %s', async (_name, statements, expected) => {
    await world.tamper(...statements);
    expect(await found()).toEqual(expected);
  });

  const CUT_WELL = [
    `DELETE FROM audit_entry WHERE chain = 'BRENT' AND seq >= 5`,
    `UPDATE audit_head h SET seq = 4, hash = e.hash FROM audit_entry e WHERE e.chain = 'BRENT' AND e.seq = 4 AND h.chain = 'BRENT'`,
  ];
  const CHAIN_GONE = [
    `DELETE FROM audit_entry WHERE chain = 'BRISTOL'`,
    `DELETE FROM audit_head WHERE chain = 'BRISTOL'`,
  ];
  /** Entry 3 changed, and everything after it hashed anew, the head included. */
  const REWRITTEN = [
    `UPDATE audit_entry SET after = '{"amountPence": 1}' WHERE chain = 'BRENT' AND seq = 3`,
    REHASH('BRENT', 3),
    ...[4, 5, 6].flatMap((seq) => [
      `UPDATE audit_entry e SET prev_hash = p.hash FROM audit_entry p WHERE e.chain = 'BRENT' AND e.seq = ${seq} AND p.chain = 'BRENT' AND p.seq = ${seq - 1}`,
      REHASH('BRENT', seq),
    ]),
    `UPDATE audit_head h SET hash = e.hash FROM audit_entry e WHERE e.chain = 'BRENT' AND e.seq = 6 AND h.chain = 'BRENT'`,
  ];
  const perfect: [string, string[], string][] = [
    ['a tail cut with its head set back', CUT_WELL, 'BRENT 6 checkpoint_entry_missing'],
    ['a whole chain removed with its head', CHAIN_GONE, 'BRISTOL 3 checkpoint_chain_missing'],
    ['a chain hashed anew', REWRITTEN, 'BRENT 6 checkpoint_entry_differs'],
  ];

  it.each(perfect)(
    'finds by a checkpoint what the chain alone cannot show: %s',
    async (_name, statements, expected) => {
      await world.sealNow();
      await world.tamper(...statements);
      expect(await found()).toEqual([expected]);
      // A later, honest checkpoint over the tampered trail does not bring the earlier one to silence.
      world.now = new Date(world.now.getTime() + 86_400_000);
      await world.sealNow();
      expect(await found()).toEqual([expected]);
    },
  );

  it.each(perfect)(
    'finds by the files alone, when the checkpoint tables were emptied: %s',
    async (_name, statements, expected) => {
      await world.sealNow();
      await world.tamper(...statements, 'DELETE FROM audit_checkpoint_head', 'DELETE FROM audit_checkpoint');
      expect(await found()).toEqual(['checkpoints 1 checkpoint_row_missing', expected]);
    },
  );

  it.each(perfect)('cannot show without any checkpoint: %s', async (_name, statements) => {
    await world.tamper(...statements);
    // docs/adr, audit chain: this is why checkpoints are kept outside, and the reason this limit is written down.
    expect(await found()).toEqual([]);
  });

  it('finds a cut tail that the application has since written over', async () => {
    await world.sealNow();
    await world.tamper(...CUT_WELL);
    await world.uow.run(systemActor, (tx) =>
      appendAudits(
        tx,
        ['x', 'y', 'z'].map((id) => ({ chain: 'BRENT', action: 'a.b', subjectType: 'claim', subjectId: id })),
      ),
    );
    expect(await found()).toEqual(['BRENT 6 checkpoint_entry_differs']);
  });

  it('finds a checkpoint rewritten to fit, and still compares with what its file says', async () => {
    await world.sealNow();
    await world.tamper(...CUT_WELL, 'DELETE FROM audit_checkpoint_head', 'DELETE FROM audit_checkpoint');
    await world.admin.query('SELECT audit_seal($1)', [world.now]);
    expect(await found()).toEqual(['checkpoints 1 checkpoint_file_differs', 'BRENT 6 checkpoint_entry_missing']);
  });

  it('finds a changed head inside a checkpoint, a removed checkpoint and a broken order of them', async () => {
    for (let n = 0; n < 3; n++) await world.sealNow();
    await world.tamper(`UPDATE audit_checkpoint_head SET seq = 2 WHERE number = 2 AND chain = 'BRENT'`);
    expect(await found()).toEqual(['checkpoints 2 checkpoint_changed', 'BRENT 2 checkpoint_entry_differs']);
    await world.tamper(
      'DELETE FROM audit_checkpoint_head WHERE number = 2',
      'DELETE FROM audit_checkpoint WHERE number = 2',
    );
    expect(await found()).toEqual(['checkpoints 3 checkpoint_changed', 'checkpoints 2 checkpoint_row_missing']);
  });

  it('finds a file that is missing, spoilt or changed', async () => {
    for (let n = 0; n < 3; n++) await world.sealNow();
    const path = (number: number) => join(world.directory, `checkpoint-00000000${number}.json`);
    await unlink(path(1));
    await writeFile(path(2), '{"format":');
    await writeFile(path(3), (await readFile(path(3), 'utf8')).replace('"seq": 6', '"seq": 5'));
    expect(await found()).toEqual([
      'checkpoints 1 checkpoint_file_missing',
      'checkpoints 2 checkpoint_file_unreadable',
      'checkpoints 3 checkpoint_file_differs',
    ]);
  });

  it('completes the newest checkpoint whose file a crash prevented, and never an older one', async () => {
    await world.sealNow();
    await world.admin.query('SELECT audit_seal($1)', [world.now]);
    expect(await found()).toEqual(['checkpoints 2 checkpoint_file_missing']);
    await world.sealNow();
    expect(await world.verify()).toMatchObject({ ok: true, checkpoints: 3 });
    await unlink(join(world.directory, 'checkpoint-000000001.json'));
    await world.sealNow();
    expect(await found()).toEqual(['checkpoints 1 checkpoint_file_missing']);
  });

  it('lists a thousand findings and says that there are more', async () => {
    const many = Array.from({ length: 1200 }, (_, n) => ({
      chain: 'LINCS',
      action: 'a.b',
      subjectType: 'claim',
      subjectId: `${n}`,
    }));
    await world.uow.run(systemActor, (tx) => appendAudits(tx, many));
    expect(await world.verify('LINCS')).toMatchObject({ ok: true, entries: 1200 });
    await world.tamper(`UPDATE audit_entry SET action = 'x.y' WHERE chain = 'LINCS'`);
    const answer = await world.verify('LINCS');
    expect(answer).toMatchObject({ ok: false, entries: 1200, truncated: true });
    expect(answer.findings).toHaveLength(1000);
  });
});
