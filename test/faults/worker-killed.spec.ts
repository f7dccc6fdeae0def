import { describe, expect, it } from '@jest/globals';
import { FAULT_POINTS, FaultBench, seeded, type MailKind, type QueueKind } from './killed-worker.js';
import { expectTruth } from './truth.js';

/** Another seed kills at other moments: TEST_SEED=7 node test/run.mjs faults */
const SEED = Number(process.env['TEST_SEED'] ?? '1');
const REDIS = process.env['TEST_REDIS_URL'] !== undefined;
const settings: { mail: MailKind; queue: QueueKind; available: boolean }[] = [
  { mail: 'mailbox', queue: 'postgres', available: true },
  { mail: 'smtp', queue: 'redis', available: REDIS },
];

describe.each(settings)('a worker killed, mail by $mail and jobs on $queue', ({ mail, queue, available }) => {
  const test = available ? it : it.skip;
  test(`loses nothing and sends nothing twice (seed ${SEED})`, async () => {
    const random = seeded(SEED);
    const bench = await FaultBench.start(mail, queue);
    try {
      // Two moments of the ten, chosen by the seed; the long test takes every one.
      for (let kill = 0; kill < 2; kill++) {
        await bench.issue(2);
        const at = FAULT_POINTS[random(FAULT_POINTS.length)]!;
        expect(`${at} ${await bench.killedAt(at, random(2))}`).toBe(`${at} true`);
      }
      await bench.heal();
      await expectTruth(bench, mail);
    } finally {
      await bench.stop();
    }
  }, 120_000);
});
