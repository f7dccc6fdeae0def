import { describe, expect, it } from '@jest/globals';
import { FAULT_POINTS, FaultBench, seeded, type MailKind, type QueueKind } from './killed-worker.js';
import { expectTruth } from './truth.js';

const SEED = Number(process.env['TEST_SEED'] ?? '1');
const REDIS = process.env['TEST_REDIS_URL'] !== undefined;
const settings: { mail: MailKind; queue: QueueKind; available: boolean }[] = [
  { mail: 'mailbox', queue: 'postgres', available: true },
  { mail: 'smtp', queue: 'postgres', available: true },
  { mail: 'mailbox', queue: 'redis', available: REDIS },
  { mail: 'smtp', queue: 'redis', available: REDIS },
];

describe.each(settings)(
  'a worker killed at every moment, mail by $mail and jobs on $queue',
  ({ mail, queue, available }) => {
    const test = available ? it : it.skip;
    test(`loses nothing and sends nothing twice (seed ${SEED})`, async () => {
      const random = seeded(SEED);
      const bench = await FaultBench.start(mail, queue);
      try {
        for (const at of FAULT_POINTS) {
          await bench.issue(3);
          expect(`${at} ${await bench.killedAt(at, random(3))}`).toBe(`${at} true`);
        }
        await bench.heal();
        // Ten kills in a row are more than one job may see: what was in hand each time has failed, visibly and for that reason.
        const failed = await bench.retryFailed();
        expect(failed.filter((why) => !why.includes('stalled'))).toEqual([]);
        if (failed.length > 0) await bench.heal();
        await expectTruth(bench, mail);
      } finally {
        await bench.stop();
      }
    }, 300_000);
  },
);

describe('a Redis that forgets everything', () => {
  const test = REDIS ? it : it.skip;
  test('loses no invoice: what has no job any more is asked for again', async () => {
    const bench = await FaultBench.start('smtp', 'redis');
    try {
      for (const at of ['relay:added', 'render:loaded', 'render:recorded', 'send:connected'] as const) {
        await bench.issue(2);
        expect(`${at} ${await bench.killedAt(at, 0)}`).toBe(`${at} true`);
        await bench.flushRedis();
      }
      await bench.heal();
      await expectTruth(bench, 'smtp');
    } finally {
      await bench.stop();
    }
  }, 300_000);
});
