import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Claims, finance, MTM, simpleBody } from '../integration/claims-support.js';
import { Service } from '../support/service.js';
import { WebVisitor } from '../support/web.js';

let service: Service;
let claims: Claims;
beforeAll(async () => {
  service = await Service.start({ web: true });
  claims = new Claims(service);
});
afterAll(() => service.stop());

async function signedIn(email: string): Promise<WebVisitor> {
  const visitor = new WebVisitor(service.base);
  await visitor.signIn(email);
  return visitor;
}

describe('the pages of claims', () => {
  it('list one’s own claims with who acts next, and lead to each', async () => {
    const claim = await claims.submitted(simpleBody('BRENT'));
    await claims.submitted(simpleBody('LINCS'));
    const ada = await signedIn(finance('BRENT'));
    const list = await ada.open('/claims');
    expect(list.rows().map(([name]) => name)).toEqual([claim.invoiceNumber]);
    expect(list.rows()[0]?.slice(1, 4)).toEqual(['Submitted', 'MTM to review', '£250.00']);
    const page = await list.follow(claim.invoiceNumber ?? '');
    expect(page.heading).toBe(`Claim of Brent ${claim.invoiceNumber}`);
    expect(page.text).toContain('MTM to review');
    expect(page.text).toContain('How each amount was worked out');
    // By the programme's names, not by codes.
    expect(page.rows().map(([first]) => first)).toEqual([
      'Targeted training',
      expect.stringContaining('Targeted training'),
    ]);
    expect(page.text).toContain('£250.00');
    expect(page.text).toContain('Submitted');
  });

  it('speak to the authority of its own claim, and of it to everybody else', async () => {
    const claim = await claims.submitted(simpleBody('BRENT'));
    await claims.step(MTM.finance, claim.id, 'return', { reason: 'No register' });
    const own = (await (await signedIn(finance('BRENT'))).open(`/claims/${claim.id}`)).text;
    for (const words of ['You to correct this', 'VAT, which you recover from HMRC', 'You bear'])
      expect(own).toContain(words);
    const mia = await signedIn(MTM.finance);
    for (const path of ['', '/timeline', '/messages']) {
      const theirs = await mia.open(`/claims/${claim.id}${path}`);
      expect([theirs.status, theirs.heading]).toEqual([200, expect.stringMatching(/^Claim of Brent\b/)]);
      expect(theirs.text).toContain('Brent to correct this');
    }
    const theirs = (await mia.open(`/claims/${claim.id}`)).text;
    for (const words of ['VAT, which Brent recovers from HMRC', 'which stays with Brent', 'Brent bears'])
      expect(theirs).toContain(words);
    expect(theirs).not.toMatch(/\byou\b/i);
  });

  it('show another authority’s claim to nobody: the page is not there', async () => {
    const claim = await claims.submitted(simpleBody('LINCS'));
    const ada = await signedIn(finance('BRENT'));
    const page = await ada.open(`/claims/${claim.id}`);
    expect([page.status, page.heading]).toEqual([404, 'Page not found']);
    expect((await ada.open(`/claims/${claim.id}/withdraw`)).status).toBe(404);
  });

  it('filter by what stands in the address, and say when nothing fits', async () => {
    const ada = await signedIn(finance('BRENT'));
    const page = await (await ada.open('/claims')).press('Filter', { Status: 'Rejected' });
    expect(page.path).toContain('state=rejected');
    expect(page.text).toContain('No claim matches these filters.');
    const wrong = await ada.open('/claims?state=lost');
    expect([wrong.status, wrong.errors.length]).toEqual([400, 1]);
  });

  it('give the same rows as a file', async () => {
    const ada = await signedIn(finance('LINCS'));
    const file = await ada.open('/claims/download');
    expect(file.headers.get('content-type')).toContain('text/csv');
    const lines = file.html.trim().split('\r\n');
    expect(lines[0]).toMatch(/^\ufeff?invoiceNumber,authority,state/);
    expect(lines).toHaveLength(3);
    expect(file.html).not.toContain('BRENT');
  });

  it('withdraw a claim once, however often the form is sent', async () => {
    const claim = await claims.submitted(simpleBody('BRENT'));
    const ada = await signedIn(finance('BRENT'));
    const form = await (await ada.open(`/claims/${claim.id}`)).follow('Withdraw');
    const [first, second] = [
      await form.press('Withdraw the claim', { 'Why it is withdrawn': 'Sent by mistake' }),
      await form.press('Withdraw the claim', { 'Why it is withdrawn': 'Sent by mistake' }),
    ];
    expect([first.notice, second.notice]).toEqual(['The claim is withdrawn', 'The claim is withdrawn']);
    expect(second.text).toContain('Sent by mistake');
    expect(second.text.match(/Withdrawn by BRENT/g)).toHaveLength(1);
  });

  it('keep what was typed when the claim was changed meanwhile', async () => {
    const claim = await claims.submitted(simpleBody('BRENT'));
    const ada = await signedIn(finance('BRENT'));
    const form = await (await ada.open(`/claims/${claim.id}`)).follow('Withdraw');
    await claims.step(MTM.finance, claim.id, 'review');
    const page = await form.press('Withdraw the claim', { 'Why it is withdrawn': 'Not ours after all' });
    expect(page.status).toBe(400);
    expect(page.errors).not.toEqual([]);
    expect(page.value('Why it is withdrawn')).toBe('Not ours after all');
  });

  it('carry messages between an authority and MTM, line by line, with the e-mail leading back', async () => {
    const claim = await claims.submitted(simpleBody('BRENT'));
    const mia = await signedIn(MTM.finance);
    const asked = await (
      await mia.open(`/claims/${claim.id}`)
    ).press('Send the message', { 'Write to Brent about this claim': 'Which day is <b>it</b>?' });
    expect(asked.notice).toBe('Your message is sent');
    const ada = await signedIn(finance('BRENT'));
    const page = await ada.open(`/claims/${claim.id}`);
    expect(page.text).toContain('Which day is <b>it</b>?');
    const empty = await page.press('Send the message', { 'Write to MTM about this claim': '  ' });
    expect([empty.status, empty.errors.length]).toEqual([400, 1]);
    const { rows } = await service.admin.query<{ page: string }>(
      `SELECT letter->>'page' AS page FROM delivery WHERE notice_key LIKE 'message:%'`,
    );
    expect(rows.map((row) => row.page)).toEqual([`/claims/${claim.id}#messages`]);
  });

  it('give all evidence as one archive, to those who may see it', async () => {
    const claim = await claims.submitted(simpleBody('BRENT'));
    const form = new FormData();
    form.append('files', new File(['%PDF-1.4 a proof'], 'proof of payment.pdf', { type: 'application/pdf' }));
    const added = await service.post(finance('BRENT'), `/claims/${claim.id}/evidence`, form);
    expect(added.status).toBe(201);
    const ada = await signedIn(finance('BRENT'));
    const answer = await ada.raw(`/claims/${claim.id}/everything`);
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${claim.invoiceNumber}.zip"`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.subarray(0, 2).toString()).toBe('PK');
    expect(bytes.includes('evidence/001-proof of payment.pdf')).toBe(true);
    const other = await signedIn(finance('LINCS'));
    expect((await other.raw(`/claims/${claim.id}/everything`)).status).toBe(404);
  });
});
