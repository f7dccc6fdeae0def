import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Claims, finance, simpleBody } from '../integration/claims-support.js';
import { Service } from '../support/service.js';
import { WebVisitor } from '../support/web.js';

let service: Service;
let auditor: WebVisitor;
let claimId: string;
beforeAll(async () => {
  service = await Service.start({ web: true });
  const claims = new Claims(service);
  claimId = (await claims.submitted(simpleBody('BRENT'))).id;
  await claims.submitted(simpleBody('LINCS'));
  auditor = await signedIn('auditor@mtm.example');
});
afterAll(() => service?.stop());

async function signedIn(email: string): Promise<WebVisitor> {
  const visitor = new WebVisitor(service.base);
  await visitor.signIn(email);
  return visitor;
}

describe('the audit trail', () => {
  it('says who did what, with names that the trail itself does not hold', async () => {
    const page = await auditor.open(`/audit?claimId=${claimId}`);
    const submitted = page.rows().find((row) => row[2]?.startsWith('Claim: submitted'));
    expect(submitted?.[1]).toContain('Amira Vale (demo)');
    expect(page.text).toContain('Only what belongs to this claim');
    expect((await page.follow('The claim')).path).toBe(`/claims/${claimId}`);
  });

  it('is filtered by what stands in the address', async () => {
    const page = await (
      await auditor.open('/audit')
    ).press('Filter', { 'programme’s code': 'BRENT', 'What, such as': 'claim.submitted', From: '2018-04-03' });
    expect(page.path).toContain('chain=BRENT');
    expect(page.rows()).toHaveLength(1);
    expect(page.value('From')).toBe('2018-04-03');
    const byThem = await page.follow('Amira Vale');
    expect(byThem.text).toContain('Only what Amira Vale (demo) did.');
    expect((await auditor.open('/audit?to=2018-04-02&chain=BRENT')).text).toContain('No entry matches these filters.');
    const wrong = await auditor.open('/audit?from=2018-02-30');
    expect([wrong.status, wrong.errors]).toEqual([400, ['Enter a real date.']]);
  });

  it('goes on, page after page, and is a file with its seals', async () => {
    const page = await auditor.open('/audit');
    expect(page.rows()).toHaveLength(25);
    const next = await page.follow('Next page');
    expect(next.rows()[0]).not.toEqual(page.rows()[0]);
    const file = await (await auditor.open('/audit?chain=LINCS')).follow('Download as CSV');
    const [head, ...lines] = file.html.trim().split('\r\n');
    expect(head).toContain('previousHash,hash');
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.every((line) => line.includes('LINCS'))).toBe(true);
  });

  it('of an authority is its own', async () => {
    const ada = await signedIn(finance('BRENT'));
    const page = await ada.open('/audit');
    expect(page.rows().every(([place]) => place?.includes('BRENT'))).toBe(true);
    expect((await ada.open('/audit?chain=LINCS')).text).toContain('No entry matches');
    const verify = await ada.open('/audit/verify');
    expect(verify.status).toBe(403);
  });
});

describe('verifying the trail', () => {
  it('says in words that it is whole', async () => {
    const form = await (await auditor.open('/audit')).follow('Verify the trail');
    const found = await form.press('Verify');
    expect(found.root.querySelector('#found')?.text).toBe('The trail is whole');
    expect(found.text).toMatch(/BRENT: [1-9]\d* entries read/);
    expect(found.text).toMatch(/[1-9][\d,]* entries in \d+ chains/);
    expect((await found.press('Verify', { 'One authority’s': 'BRENT' })).text).toContain('Only the chain BRENT.');
    // An auditor changes nothing, not even by a seal.
    expect(form.root.querySelectorAll('main form')).toHaveLength(1);
  });

  it('is done by one at a time, which the page says', async () => {
    await service.admin.query('SELECT pg_advisory_lock(1514764803)');
    const form = await auditor.open('/audit/verify');
    expect((await form.press('Verify')).text).toContain('The audit trail is being verified already');
    await service.admin.query('SELECT pg_advisory_unlock(1514764803)');
  });

  it('is sealed by an administrator', async () => {
    const admin = await signedIn('admin@mtm.example');
    const done = await (await admin.open('/audit/verify')).press('Seal a checkpoint');
    expect(done.notice).toMatch(/^Checkpoint \d+ is sealed/);
  });

  it('names what somebody changed behind the service’s back', async () => {
    await service.admin.query('ALTER TABLE audit_entry DISABLE TRIGGER ALL');
    await service.admin.query(
      `UPDATE audit_entry SET reason = 'never said' WHERE claim_id = $1 AND action = 'claim.submitted'`,
      [claimId],
    );
    const found = await (await auditor.open('/audit/verify')).press('Verify');
    expect(found.root.querySelector('#found')?.text).toBe('Something is wrong with the trail');
    expect(found.text).toContain('Change nothing.');
    expect(found.rows()[0]?.[0]).toBe('BRENT');
    // To keep what was found: the file is in the page, so that the trail is not read a second time for it.
    const file = found.links().find(({ text }) => text === 'Download as CSV: What is wrong')?.href ?? '';
    const [head, first] = decodeURIComponent(file).split('\r\n');
    expect(head).toBe('data:text/csv;charset=utf-8,\ufeffchain,seq,kind,detail');
    expect(first).toMatch(/^BRENT,\d+,\w+,/);
  });
});
