import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { Claims, finance, manager, MTM, refusal, simpleBody, type Items } from './claims-support.js';

interface Message {
  id: string;
  organisation: string;
  text: string;
}

let service: Service;
let claims: Claims;
beforeAll(async () => {
  service = await Service.start();
  claims = new Claims(service);
});
afterAll(() => service.stop());

const lettersAbout = async (claimId: string) =>
  (
    await service.admin.query<{ to_address: string; audience: string; letter: { subject: string; page: string } }>(
      `SELECT to_address, audience, letter FROM delivery WHERE letter->>'page' = $1 ORDER BY id`,
      [`/claims/${claimId}#messages`],
    )
  ).rows;

describe('messages about a claim', () => {
  it('are seen by both sides, newest first, and e-mailed to the other', async () => {
    const claim = await claims.submitted(simpleBody('BRENT'));
    const at = `/claims/${claim.id}/messages`;
    const asked = await service.post<Message>(MTM.finance, at, { text: 'Which day\nis it?' });
    expect(asked.status).toBe(201);
    expect((await service.post(manager('BRENT'), at, { text: 'The second' })).status).toBe(201);
    for (const reader of [finance('BRENT'), MTM.auditor]) {
      const { body } = await service.get<Items<Message>>(reader, at);
      expect(body.items.map(({ organisation, text }) => [organisation, text])).toEqual([
        ['BRENT', 'The second'],
        ['MTM', 'Which day\nis it?'],
      ]);
    }
    expect((await lettersAbout(claim.id)).map(({ audience, letter }) => [audience, letter.subject])).toEqual([
      ['authority', `Message from MTM about ${claim.invoiceNumber}`],
      ['payer', `Message from Brent about ${claim.invoiceNumber}`],
    ]);
  });

  it('are nobody else’s business, and not the auditor’s to write', async () => {
    const claim = await claims.submitted(simpleBody('BRENT'));
    const at = `/claims/${claim.id}/messages`;
    expect(refusal(await service.post(finance('LINCS'), at, { text: 'x' }))[0]).toBe(404);
    expect((await service.get(finance('LINCS'), at)).status).toBe(404);
    expect(refusal(await service.post(MTM.auditor, at, { text: 'x' }))[0]).toBe(403);
    expect(await lettersAbout(claim.id)).toEqual([]);
  });

  it('stay as they were written, also for the processes’ own role', async () => {
    const claim = await claims.submitted(simpleBody('BRENT'));
    await service.post(finance('BRENT'), `/claims/${claim.id}/messages`, { text: 'x' });
    await service.admin.query('SET ROLE claims_app');
    await expect(service.admin.query(`UPDATE claim_message SET body = 'y'`)).rejects.toMatchObject({ code: '42501' });
    await expect(service.admin.query('DELETE FROM claim_message')).rejects.toMatchObject({ code: '42501' });
    await service.admin.query('RESET ROLE');
  });

  it('are refused empty, too long, or with what does not print', async () => {
    const claim = await claims.submitted(simpleBody('BRENT'));
    for (const text of ['', '  \n ', 'x'.repeat(2001), 'a\u0000b', 'a\tb']) {
      expect((await service.post(finance('BRENT'), `/claims/${claim.id}/messages`, { text })).status).toBe(400);
    }
  });
});
