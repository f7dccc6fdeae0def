import { MTM } from '../../apps/standalone/demo/people.js';
import { type Addresses } from './openapi-tour-refusals.js';
import { type Played } from './story.js';

/** Puts ids into any address of the API that lead somewhere, once the tour's calls were made: Brent's where it is somebody's. */
export async function findAddresses(played: Played): Promise<Addresses> {
  const ids = await findIds(played);
  const idOf = (path: string): string => {
    if (path.includes('/users/')) return ids.user;
    if (path.includes('/tokens/')) return ids.token;
    if (path.includes('/deliveries/')) return ids.document.deliveries[0]!.id;
    if (path.includes('/assurance-samples/')) return ids.sample;
    if (path.includes('/assurance-items/')) return ids.item;
    if (path.includes('/funding-requests/')) return ids.request;
    if (path.includes('/funding-receipts/')) return ids.receipt;
    if (path.includes('/payment-runs/')) return ids.run;
    if (path.includes('/bank-statements/')) return ids.statement;
    if (path.includes('/payment-status-files/')) return ids.report;
    if (path.includes('/adjustments/{id}')) return ids.adjustment;
    if (path.includes('/payments/')) return ids.payment;
    return path.includes('/documents/{id}') ? ids.document.id : ids.claim;
  };
  return (path) =>
    path
      .replace('{code}', path.includes('programmes') ? 'EIP2' : 'BRENT')
      .replace('{evidenceId}', ids.evidence)
      .replace('{documentId}', ids.document.id)
      .replace('{quarter}', '2018-Q1')
      .replace('{name}', 'our-bank')
      .replace('{lineId}', ids.line)
      .replace('{id}', idOf(path));
}

/** Ids of everything the tour made, most of it Brent's or about Brent. */
export async function findIds({ client, stage, results }: Played) {
  const claim = stage.claim('brent-safety').id;
  const files = await client.get<{ items: { id: string }[] }>(MTM.auditor, `/claims/${claim}/evidence`);
  const { items: users } = await client.get<{ items: { id: string; email: string }[] }>(
    MTM.auditor,
    '/users?limit=200',
  );
  const user = users.find(({ email }) => email === 'ada@brent.example')!.id;
  const document = results.claims.find((one) => one.id === claim)!.documents[0]!;
  const first = async (path: string) => (await client.get<{ items: { id: string }[] }>(MTM.auditor, path)).items[0]!.id;
  const run = await first('/payment-runs');
  const statement = await first('/bank-statements?state=closed');
  return {
    claim,
    evidence: files.items[0]!.id,
    document,
    user,
    token: await first(`/users/${user}/tokens`),
    request: await first('/funding-requests'),
    receipt: await first('/funding-receipts'),
    run,
    adjustment: await first('/adjustments'),
    payment: await first(`/payment-runs/${run}/payments`),
    sample: await first('/assurance-samples'),
    item: await first('/assurance-items'),
    statement,
    line: await first(`/bank-statements/${statement}/lines`),
    report: await first('/payment-status-files'),
  };
}
