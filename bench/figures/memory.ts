import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure } from '../figure.js';
import { type MemorySample } from '../memory/probe.js';
import { startStandalone, type Standalone } from '../memory/standalone.js';
import { draftClaims, financeTokens, raiseAllotments, submitClaims } from '../support/claims.js';
import { median } from '../support/stats.js';

const SAMPLES_A_HALF = 10;
const MAILS_A_CLAIM = 2;
/** What one sample may differ from the next for no reason that stays. */
const NO_GROWTH = 1.05;
const GIVE_UP_MS = 10 * 60_000;

/**
 * Claims are drafted and submitted over HTTP, rendered and put into the embedded mailbox by the same process. Memory is
 * sampled after each portion, with nothing left to do and garbage collected. The second half's last samples are held against the
 * first half's last ones.
 */
export const memory: Figure = {
  name: 'memory',
  title: 'Memory of the standalone process: after all claims ÷ after half of them',
  run: async ({ full, services, say }) => {
    const count = full ? 10_000 : 1_000;
    say(`Sending ${count} claims through the standalone process …`);
    const standalone = await startStandalone(services);
    await sleep(5_000);
    const idle = await standalone.memory();
    await raiseAllotments(standalone, 900_000);
    const tokens = await financeTokens(services, standalone);
    const portion = count / (2 * SAMPLES_A_HALF);
    const samples: MemorySample[] = [];
    for (let from = 0; from < count; from += portion) {
      const drafted = await draftClaims(standalone.client, tokens, { from: from + 1, count: portion });
      await submitClaims(standalone.client, drafted);
      await allMailed(standalone, from + portion);
      samples.push(await standalone.memory());
    }
    await standalone.stop();
    // The last three of each half: one sample alone may catch a passing peak.
    const after = (end: number, of: keyof MemorySample) => median(samples.slice(end - 3, end).map((one) => one[of]));
    const [half, all] = [SAMPLES_A_HALF, 2 * SAMPLES_A_HALF];
    const megabytes = (bytes: number) => bytes / 1_048_576;
    const target = { atMost: NO_GROWTH };
    return {
      ratios: [
        { name: 'JavaScript memory: after all ÷ after half', value: after(all, 'held') / after(half, 'held'), target },
        {
          name: 'resident memory: after all ÷ after half',
          value: after(all, 'resident') / after(half, 'resident'),
          target,
        },
      ],
      amounts: [
        { name: 'resident, idle', value: megabytes(idle.resident), unit: 'MiB' },
        { name: `resident, after ${count / 2} claims`, value: megabytes(after(half, 'resident')), unit: 'MiB' },
        { name: `resident, after ${count} claims`, value: megabytes(after(all, 'resident')), unit: 'MiB' },
        { name: 'JavaScript, idle', value: megabytes(idle.held), unit: 'MiB' },
        { name: `JavaScript, after ${count / 2} claims`, value: megabytes(after(half, 'held')), unit: 'MiB' },
        { name: `JavaScript, after ${count} claims`, value: megabytes(after(all, 'held')), unit: 'MiB' },
      ],
      notes: ['PostgreSQL is a process of its own and not counted', `no growth is taken to be at most ${NO_GROWTH}`],
    };
  },
};

async function allMailed(standalone: Standalone, claims: number): Promise<void> {
  const deadline = performance.now() + GIVE_UP_MS;
  while (standalone.mails() < claims * MAILS_A_CLAIM) {
    if (performance.now() > deadline)
      throw new Error(`${standalone.mails()} of ${claims * MAILS_A_CLAIM} e-mails arrived`);
    await sleep(100);
  }
}
