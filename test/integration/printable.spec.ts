import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { claimBody, training, trainerInvoice } from '../builders/claim-body.js';
import { Service } from '../support/service.js';

const LA = 'finance@brent.example';
const FINANCE = 'finance@mtm.example';
let service: Service;
beforeAll(async () => {
  service = await Service.start();
});
afterAll(() => service?.stop());

interface Claim {
  id: string;
  state: string;
  trainerInvoices: { lines: { id: string }[] }[];
}

async function submitted(number: string): Promise<Claim> {
  const body = claimBody([trainerInvoice([training()], { number })]);
  const { body: draft } = await service.call<Claim>(LA, 'POST', '/claims', { body });
  return (await service.post<Claim>(LA, `/claims/${draft.id}/submit`)).body;
}

/** Whatever a document prints is refused while somebody can still change it. */
describe('a text that cannot be printed', () => {
  it('is refused as the reason of a return, and as a reviewer’s reason, which a credit note prints', async () => {
    const claim = await submitted('P-1');
    const back = await service.post(FINANCE, `/claims/${claim.id}/return`, { reason: 'Sorry 😀' });
    expect([back.status, back.body['code'], back.body['errors']]).toEqual([
      422,
      'unsupported_character',
      [expect.objectContaining({ path: 'reason' })],
    ]);
    const lines = [{ lineId: claim.trainerInvoices[0]!.lines[0]!.id, decision: 'disallow', reason: '不' }];
    const review = await service.post(FINANCE, `/claims/${claim.id}/review`, { lines });
    expect([review.status, review.body['errors']]).toEqual([
      422,
      [expect.objectContaining({ path: 'lines[0].reason' })],
    ]);
    expect((await service.get<Claim>(LA, `/claims/${claim.id}`)).body.state).toBe('submitted');
  });

  it('is refused in an authority’s address and in the name of its account', async () => {
    const read = await service.get(LA, '/authorities/BRENT');
    const address = await service.call(LA, 'PUT', '/authorities/BRENT', {
      body: { legalName: 'Brent', addressLines: ['1 Way', '🏠'] },
      headers: { 'if-match': read.headers.get('etag')! },
    });
    expect([address.status, address.body['errors']]).toEqual([
      422,
      [expect.objectContaining({ path: 'addressLines[1]' })],
    ]);
    const account = await service.get(LA, '/authorities/BRENT/bank-details');
    const bank = await service.call(LA, 'PUT', '/authorities/BRENT/bank-details', {
      body: { accountName: 'Brent 💷', sortCode: '000001', accountNumber: '12345678' },
      headers: { 'if-match': account.headers.get('etag')! },
    });
    expect([bank.status, bank.body['code']]).toEqual([422, 'unsupported_character']);
  });

  it('never reaches a document, whatever way it came in', async () => {
    await service.admin.query(`UPDATE authority_profile SET contact_name = '😀' WHERE authority_code = 'BRISTOL'`);
    const body = claimBody([trainerInvoice([training()])], { authority: 'BRISTOL' });
    const draft = await service.call<Claim>('finance@bristol.example', 'POST', '/claims', { body });
    const answer = await service.post('finance@bristol.example', `/claims/${draft.body.id}/submit`);
    expect([answer.status, answer.body['errors']]).toEqual([
      422,
      [expect.objectContaining({ path: 'seller.contactName' })],
    ]);
    const { rows } = await service.admin.query('SELECT count(*)::int AS n FROM document WHERE claim_id = $1', [
      draft.body.id,
    ]);
    expect(rows).toEqual([{ n: 0 }]);
  });
});

describe('the trail of an authority’s address', () => {
  it('says what it was and what it is, without the contact’s name', async () => {
    const read = await service.get(LA, '/authorities/BRENT');
    const body = {
      legalName: 'London Borough of Brent',
      addressLines: ['2 Way'],
      postcode: null,
      contactName: 'Ada Secret',
    };
    const put = await service.call(LA, 'PUT', '/authorities/BRENT', {
      body,
      headers: { 'if-match': read.headers.get('etag')! },
    });
    expect(put.status).toBe(200);
    const { rows } = await service.admin.query(
      `SELECT before, after FROM audit_entry WHERE chain = 'BRENT' AND action = 'authority.address_changed' ORDER BY seq DESC LIMIT 1`,
    );
    expect(rows[0]).toMatchObject({
      before: { addressLines: ['1 Invented Way', 'Wembley'] },
      after: { addressLines: ['2 Way'], contactChanged: true },
    });
    expect(JSON.stringify(rows)).not.toContain('Ada');
  });
});
