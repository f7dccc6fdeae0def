import { v7 as uuid } from 'uuid';
import { bodyOf } from '../integration/isolation-support.js';
import { simpleBody } from '../integration/claims-support.js';
import { aMadeStatement, camtOf } from '../builders/bank-statement.js';
import { type Reply, type Service } from './service.js';

/** A call of the API with ids that lead somewhere and what its body has to look like to be read. */
export interface AccessCall {
  method: string;
  /** As described, with parameters in braces. */
  path: string;
  address: string;
}

const XML = 'application/xml';

/** The bodies of what makes something new; the others' are isolation-support's. */
const MADE: Readonly<Record<string, () => { body: unknown; type?: string }>> = {
  '/calculations': () => ({ body: simpleBody('BRENT') }),
  '/claims': () => ({ body: simpleBody('BRENT') }),
  '/claim-imports': () => ({ body: 'claim\r\n', type: 'text/csv' }),
  '/users': () => ({ body: { email: 'new@mtm.example', name: 'New', organisation: 'MTM', roles: ['auditor'] } }),
  '/funding-receipts': () => ({ body: { amountPence: 1, receivedOn: '2018-04-01', bankReference: 'x' } }),
  '/funding-receipts/preview': () => ({ body: { amountPence: 1, receivedOn: '2018-04-01', bankReference: 'x' } }),
  '/assurance-samples': () => ({ body: { from: '2018-01-01', to: '2018-03-31', thresholdPence: 1, seed: 'x' } }),
  '/bank-statements': () => ({ body: camtOf(aMadeStatement()), type: XML }),
  '/payment-status-files': () => ({ body: '<x/>', type: XML }),
  '/me': () => ({ body: { weeklyDigest: false } }),
  '/authorities/{code}/grant/imports': () => ({
    body: 'quarter,amount,description\r\n2018-Q1,1,x\r\n',
    type: 'text/csv',
  }),
};

function sentWith({ method, path }: AccessCall): { body?: unknown; type?: string } {
  if (method === 'GET') return {};
  const made = MADE[path];
  if (made) return made();
  if (path.endsWith('/evidence')) {
    const form = new FormData();
    form.append('files', new Blob(['a,b\n1,2\n'], { type: 'text/csv' }), 'a.csv');
    return { body: form };
  }
  return { body: bodyOf({ method, path, parameters: [] }) };
}

/** Makes the call as this person, right in its form: whoever is refused is refused for who they are. */
export async function callAs(service: Service, who: string, call: AccessCall): Promise<Reply> {
  const { body, type } = sentWith(call);
  return service.call(who, call.method, call.address, {
    ...(body === undefined ? {} : { body }),
    headers: {
      ...(call.method === 'POST' ? { 'idempotency-key': uuid() } : {}),
      ...(call.method === 'PUT' ? { 'if-match': '"v1"' } : {}),
      ...(type === undefined ? {} : { 'content-type': type }),
    },
  });
}
