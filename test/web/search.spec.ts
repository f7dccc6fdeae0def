import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Claims, finance, MTM, simpleBody, type Claim } from '../integration/claims-support.js';
import { Service } from '../support/service.js';
import { WebVisitor } from '../support/web.js';

let service: Service;
let brent: Claim;
let lincs: Claim;
beforeAll(async () => {
  service = await Service.start({ web: true });
  const claims = new Claims(service);
  brent = await claims.submitted(simpleBody('BRENT', {}, 'Zeta/0042'));
  lincs = await claims.submitted(simpleBody('LINCS', {}, 'ZETA 0043'));
});
afterAll(() => service.stop());

async function found(email: string, q: string): Promise<(string | undefined)[]> {
  const visitor = new WebVisitor(service.base);
  await visitor.signIn(email);
  const page = await (await visitor.open('/search')).press('Search', { 'What do you know of it?': q });
  expect(page.status).toBe(200);
  return page
    .rows()
    .map(([name]) => name)
    .sort();
}

describe('the search', () => {
  it('finds by numbers, trainers and amounts, however they are written, and keeps the search in the address', async () => {
    for (const q of [brent.invoiceNumber!.toLowerCase(), 'zeta-0042', 'ZETA 0042']) {
      expect(await found(MTM.finance, q)).toEqual([brent.invoiceNumber]);
    }
    for (const q of ['zeta', '£250', '250.00', 'a trainer']) {
      expect(await found(MTM.finance, q)).toEqual([brent.invoiceNumber, lincs.invoiceNumber]);
    }
  });

  it('finds a claim by the amount that lists show of it, what was approved, and by what was claimed', async () => {
    const claims = new Claims(service);
    const body = simpleBody('SUFFOLK', { netPence: 43_210, vatPence: 8_642 });
    const [line] = body.trainerInvoices[0]!.lines;
    body.trainerInvoices[0]!.lines.push({ ...line!, netPence: 20_000, vatPence: 4_000 });
    const submitted = await claims.submitted(body);
    const lines = [{ lineId: submitted.trainerInvoices[0]!.lines[1]!.id, decision: 'disallow', reason: 'No receipt' }];
    await claims.step(MTM.finance, submitted.id, 'review', { lines });
    const approved = await claims.step(MTM.approver, submitted.id, 'approve');
    for (const pence of [approved.approvedPence!, approved.calculation.totalPence]) {
      for (const email of [MTM.finance, finance('SUFFOLK')]) {
        expect([email, await found(email, `£${(pence / 100).toFixed(2)}`)]).toEqual([email, [submitted.invoiceNumber]]);
      }
      expect(await found(finance('BRENT'), `£${(pence / 100).toFixed(2)}`)).toEqual([]);
    }
    expect(approved.approvedPence).toBeLessThan(approved.calculation.totalPence);
  });

  it('finds nothing of another authority’s', async () => {
    expect(await found(finance('BRENT'), 'zeta')).toEqual([brent.invoiceNumber]);
    expect(await found(finance('BRENT'), lincs.invoiceNumber!)).toEqual([]);
  });

  it('takes what looks like a pattern for what it is', async () => {
    for (const q of ['%%%', '___', 'ze%', '\\\\\\', "'; DROP TABLE claim; --"])
      expect(await found(MTM.finance, q)).toEqual([]);
  });
});
