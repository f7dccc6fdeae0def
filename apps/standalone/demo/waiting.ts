import { setTimeout as sleep } from 'node:timers/promises';
import { type DeliveryView } from '#documents';
import { type DemoClient } from './client.js';
import { MTM } from './people.js';

const POLL_MS = 200;
const PATIENCE_MS = 120_000;

/**
 * Until nothing waits to be e-mailed: a document's e-mails are queued when it is issued, and go once it is stored.
 * @throws Error when one failed, or after two minutes.
 */
export async function everythingSent(client: DemoClient): Promise<void> {
  const inState = async (state: string): Promise<DeliveryView[]> =>
    (await client.get<{ items: DeliveryView[] }>(MTM.auditor, `/deliveries?state=${state}&limit=1`)).items;
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const waiting = [...(await inState('queued')), ...(await inState('sending'))];
    for (const state of ['failed', 'unconfirmed']) {
      const [bad] = await inState(state);
      if (bad) throw new Error(`the e-mail of ${bad.number ?? `“${bad.notice}”`} is ${state}: ${bad.lastError}`);
    }
    if (waiting.length === 0) return;
    if (Date.now() > until) throw new Error(`${waiting[0]!.number} still waits for its e-mail after two minutes`);
    await sleep(POLL_MS);
  }
}
