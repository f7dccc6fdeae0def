import { WorkerModule } from '../../apps/worker/worker.module.js';
import { findAddresses } from '../support/openapi-addresses.js';
import { Fuzzer } from '../support/openapi-fuzz.js';
import { type OpenApi } from '../support/openapi-judge.js';
import { asking } from '../support/openapi-tour-ask.js';
import { rest } from '../support/openapi-tour.js';
import { Service } from '../support/service.js';
import { playOn } from '../support/story.js';

/** The service with a quarter's claims in it, and a fuzzer that knows its addresses. */
export async function startFuzzing(): Promise<{ service: Service; fuzzer: Fuzzer }> {
  const service = await Service.start({ clock: '2018-01-15T09:00:00.000Z', modules: [WorkerModule] });
  const played = await playOn(service, fetch);
  await rest(service, asking(service, fetch), played);
  const description = await service.call<never>(null, 'GET', '/api/docs-json');
  const fuzzer = new Fuzzer(service, description.body as OpenApi, await findAddresses(played));
  return { service, fuzzer };
}
