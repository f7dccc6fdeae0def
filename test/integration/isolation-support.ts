import { expect } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { aCsvMapping, aMadeEntry } from '../builders/bank-statement.js';
import { type Service } from '../support/service.js';
import { loaded, ourCamt, XML } from './bank-statements-support.js';
import { MTM, simpleBody } from './claims-support.js';

/** An address of the API, as its description has it. */
export interface Route {
  method: string;
  path: string;
  parameters: string[];
}

/** A body that is right in its form: what is not there must be found out, not the form be complained of. */
export function bodyOf(route: Route): unknown {
  if (route.method === 'GET') return undefined;
  const end = route.path.split('/').at(-1)!;
  const bodies: Record<string, unknown> = {
    return: { reason: 'x' },
    reject: { reason: 'x' },
    hold: { reason: 'x' },
    assign: { userId: null },
    unfund: { reason: 'x' },
    cancel: { reason: 'x' },
    reverse: { reason: 'x' },
    confirm: { evidence: 'x' },
    remove: { reason: 'x' },
    refuse: { reason: 'x' },
    unmatch: { reason: 'x' },
    match: { account: 'liabilities:suspense' },
    '{name}': aCsvMapping(),
    outcome: { outcome: 'passed' },
    adjustments: { reason: 'x', lines: [{ lineId: uuid() }] },
    findings: { paymentProof: [{ trainerInvoiceId: uuid(), paidOn: '2018-03-01' }] },
    '{code}': { legalName: 'x', addressLines: ['x'] },
    'bank-details': { accountName: 'x', sortCode: '000001', accountNumber: '12345678' },
    moves: { programme: 'EIP2', category: 'targeted', from: 'NORFOLK', days: '1', reason: 'x' },
    tokens: { label: 'x' },
    messages: { text: 'x' },
    grant: { post: null, receipt: null, holders: [] },
    '{quarter}': { forecastPence: 1, varianceReason: null },
    entries: { quarter: '2018-Q1', amountPence: 1, description: 'x' },
  };
  if (route.path.endsWith('/bank-details/confirm')) return { calledNumber: '020 7946 0991', spokeTo: 'x' };
  if (route.path.endsWith('/claims/{id}')) return simpleBody('BRENT');
  if (route.path.endsWith('/users/{id}')) return { email: 'x@brent.example', name: 'x', roles: ['la_finance'] };
  return bodies[end] ?? {};
}

/** What the bank says, with Brent's words in it. */
export async function findBank(service: Service, secret: string): Promise<Record<string, string>> {
  const entries = [aMadeEntry({ remittance: secret, counterparty: secret, reference: secret, bankReference: secret })];
  const statement = await loaded(service, ourCamt({ entries, statementId: secret }));
  const report = await service.post<{ id: string }>(MTM.finance, '/payment-status-files', `<${secret}/>`, {
    'content-type': XML,
  });
  expect(report.status).toBe(201);
  const mapping = aCsvMapping({ account: { value: secret } });
  const saved = await service.call(MTM.finance, 'PUT', '/bank-statement-mappings/brents', {
    body: mapping,
    headers: { 'if-match': '*' },
  });
  expect(saved.status).toBe(200);
  const sql = 'SELECT id FROM bank_line WHERE statement_id = $1';
  const { rows } = await service.admin.query<{ id: string }>(sql, [statement.id]);
  return {
    'bank-statements': statement.id,
    'payment-status-files': report.body.id,
    name: 'brents',
    lineId: rows[0]!.id,
  };
}
