import { DemoClient, type Fetch } from '../../apps/standalone/demo/client.js';
import { playStory } from '../../apps/standalone/demo/player.js';
import { collect, type Results } from '../../apps/standalone/demo/results.js';
import { MTM } from '../../apps/standalone/demo/people.js';
import { type Stage } from '../../apps/standalone/demo/stage.js';
import { type Service } from './service.js';

export interface Played {
  client: DemoClient;
  stage: Stage;
  results: Results;
}

/**
 * The quarter that `npm run demo` plays, against a service in this process, whose clock is turned instead of started anew.
 * `base` is another address that leads to it, such as a proxy's.
 */
export async function playOn(service: Service, send: Fetch, base = service.base): Promise<Played> {
  const firstToken = () => service.token(MTM.administrator);
  const client = new DemoClient({ email: MTM.administrator, firstToken }, base, send);
  const stage = await playStory({
    client,
    open: async (chapter) => service.clock.set(chapter.at),
    say: () => undefined,
  });
  const results = await collect(client);
  for (const document of results.claims.flatMap((claim) => claim.documents)) {
    for (const kind of ['pdf', 'xml']) await client.bytes(MTM.auditor, `/documents/${document.id}/${kind}`);
  }
  return { client, stage, results };
}
