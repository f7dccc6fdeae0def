import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { v7 as uuid } from 'uuid';
import { findBank } from '../integration/isolation-support.js';
import { Claims, simpleBody } from '../integration/claims-support.js';
import { pageRoutes } from '../support/page-routes.js';
import { finance, MTM } from '../support/people.js';
import { Service } from '../support/service.js';
import { WebVisitor } from '../support/web.js';

const FORMULA = `=HYPERLINK("https://evil.example","x")`;
const WORD = 'evil.example';
const BRENT = finance('BRENT');

let service: Service;

/** The formula wherever somebody can write something. */
beforeAll(async () => {
  service = await Service.start({ web: true });
  const claims = new Claims(service);
  const body = () => {
    const made = simpleBody('BRENT', { description: FORMULA, trainerDays: '0.1', netPence: 10_000 }, `=${uuid()}`);
    made.trainerInvoices[0]!.trainer.name = FORMULA;
    return { ...made, purchaseOrder: '@SUM(1)', authorityReference: '=1+1' };
  };
  const { id } = await claims.approved(body());
  await claims.submitted(body());
  const form = new FormData();
  form.append('files', new Blob(['%PDF-1.7\n']), `${FORMULA}.pdf`);
  const draft = await claims.draft(body());
  await posted(BRENT, `/claims/${draft.id}/evidence`, form);
  await posted(BRENT, `/claims/${id}/messages`, { text: FORMULA });
  const { trainerInvoices } = await claims.read(MTM.finance, id);
  const lines = [{ lineId: trainerInvoices[0]!.lines[0]!.id }];
  await posted(MTM.finance, `/claims/${id}/adjustments`, { reason: FORMULA, lines });
  await posted(MTM.finance, '/funding-receipts', { amountPence: 1, receivedOn: '2018-04-01', bankReference: FORMULA });
  await posted(MTM.admin, '/users', { email: 'x@mtm.example', name: FORMULA, organisation: 'MTM', roles: ['auditor'] });
  const move = { programme: 'EIP2', category: 'targeted', from: 'NORFOLK', days: '1', reason: FORMULA };
  await posted(MTM.coordinator, '/authorities/BRENT/allocations/moves', move);
  const spent = { quarter: '2018-Q1', amountPence: 1, description: FORMULA };
  await posted(BRENT, '/authorities/BRENT/grant/entries', spent);
  await findBank(service, '=EVIL');
}, 90_000);
afterAll(() => service?.stop());

async function posted(who: string, path: string, body: unknown): Promise<void> {
  const answer = await service.call(who, 'POST', path, { body, headers: { 'idempotency-key': uuid() } });
  expect([path, answer.status, answer.status < 300 ? '' : answer.text]).toEqual([path, answer.status, '']);
}

const isNumber = (cell: string): boolean => /^-?\d+(\.\d+)?$/.test(cell);
/** Cells that a spreadsheet would calculate. */
const run = (text: string): string[] =>
  (parse(text, { bom: true, relax_column_count: true }) as string[][])
    .flat()
    .filter((cell) => /^[=+\-@\t\r\n]/.test(cell) && !isNumber(cell));

describe('a formula that somebody wrote', () => {
  it('is text in every list of the API', async () => {
    const { body } = await service.call<{
      paths: Record<string, { get?: { responses: Record<string, { content?: object }> } }>;
    }>(null, 'GET', '/api/docs-json');
    const paths = Object.entries(body.paths)
      .filter(([, { get }]) => 'text/csv' in (get?.responses['200']?.content ?? {}))
      .map(([path]) => path);
    const { rows } = await service.admin.query<{ id: string }>(`SELECT id FROM claim WHERE state = 'approved'`);
    const filled = (path: string) => path.replace('{code}', 'BRENT').replace('/claims/{id}', `/claims/${rows[0]!.id}`);
    const addresses = paths.map(filled).filter((path) => !path.includes('{'));
    expect(addresses.length).toBeGreaterThan(15);
    const told = await Promise.all(
      addresses.flatMap((path) =>
        [BRENT, MTM.finance, MTM.admin].map(async (who) => {
          const { status, text } = await service.get(who, path, { accept: 'text/csv' });
          return status === 200 ? { path, bad: run(text), planted: text.includes(WORD) } : null;
        }),
      ),
    );
    const files = told.filter((one) => one !== null);
    expect(files.filter(({ bad }) => bad.length > 0)).toEqual([]);
    expect(new Set(files.filter(({ planted }) => planted).map(({ path }) => path)).size).toBeGreaterThan(4);
  });

  it('is text in every file of the pages', async () => {
    const paths = pageRoutes()
      .filter(({ method, path }) => method === 'GET' && /(download|\.csv)$/.test(path))
      .map(({ path }) => path.replace(':code', 'BRENT'))
      .filter((path) => !path.includes('/:'));
    const { rows } = await service.admin.query<{ id: string }>('SELECT id FROM adjustment');
    paths.push(`/adjustments/${rows[0]!.id}?table=adjusted-lines`);
    expect(paths.length).toBeGreaterThan(10);
    const bad: string[] = [];
    let planted = 0;
    for (const who of [BRENT, MTM.finance, MTM.admin]) {
      const visitor = new WebVisitor(service.base);
      await visitor.signIn(who);
      for (const path of paths) {
        const answer = await visitor.raw(path);
        const text = await answer.text();
        if (!answer.headers.get('content-type')?.startsWith('text/csv')) continue;
        bad.push(...run(text).map((cell) => `${path}: ${cell}`));
        if (text.includes(WORD)) planted++;
      }
    }
    expect(bad).toEqual([]);
    expect(planted).toBeGreaterThan(2);
  });
});
