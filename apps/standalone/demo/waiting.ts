import { setTimeout as sleep } from 'node:timers/promises';
import { type DocumentItem } from '#claims';
import { type DemoClient } from './client.js';
import { MTM, type Stage } from './stage.js';

const POLL_MS = 200;
const PATIENCE_MS = 120_000;

/**
 * Until every document of the story is stored and both its e-mails are sent: to MTM, and the authority's copy.
 * @returns the documents by claim. @throws Error when one failed, or after two minutes.
 */
export async function everythingSent(stage: Stage): Promise<Map<string, DocumentItem[]>> {
  const until = Date.now() + PATIENCE_MS;
  const done = new Map<string, DocumentItem[]>();
  const waiting = new Set(stage.known().map((claim) => claim.id));
  for (;;) {
    for (const id of waiting) {
      const documents = await documentsOf(stage.client, id);
      if (!documents.every(isSent)) continue;
      waiting.delete(id);
      done.set(id, documents);
    }
    if (waiting.size === 0) return done;
    if (Date.now() > until) throw new Error(`${waiting.size} claims still wait for their documents after two minutes`);
    await sleep(POLL_MS);
  }
}

async function documentsOf(client: DemoClient, claimId: string): Promise<DocumentItem[]> {
  const { items } = await client.get<{ items: DocumentItem[] }>(MTM.auditor, `/claims/${claimId}/documents`);
  return items;
}

function isSent({ number, state, deliveries }: DocumentItem): boolean {
  const bad = deliveries.find((delivery) => delivery.state === 'failed' || delivery.state === 'unconfirmed');
  if (state === 'failed' || bad) throw new Error(`${number} is ${bad ? `e-mailed: ${bad.state}` : state}`);
  return state === 'stored' && deliveries.length === 2 && deliveries.every((delivery) => delivery.state === 'sent');
}
