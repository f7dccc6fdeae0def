import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, londonDate } from '#kernel';
import { Claims, finance, MTM, simpleBody } from '../integration/claims-support.js';
import { Service } from '../support/service.js';
import { type WebPage } from '../support/web.js';
import { PDF, signInTo } from './claim-form-support.js';

let service: Service;
let claims: Claims;
beforeAll(async () => {
  service = await Service.start({ web: true });
  claims = new Claims(service);
});
afterAll(() => service?.stop());
const signedIn = signInTo(() => service);

const pdf = (name: string): File => new File([PDF], name, { type: 'application/pdf' });
const add = (page: WebPage, file: File, fill = {}): Promise<WebPage> =>
  page.press('Add these files', fill, { Files: file });
const names = (page: WebPage): string[] =>
  page.root
    .querySelectorAll('tbody th a')
    .map((link) => link.text.trim())
    .filter((text) => text.endsWith('.pdf'));

describe('the evidence of a claim on its own page', () => {
  it('is added to a submitted claim from the claim’s page, which says what is missing', async () => {
    const claim = await claims.submitted(simpleBody('BRENT'));
    const ada = await signedIn(finance('BRENT'));
    const page = await ada.open(`/claims/${claim.id}`);
    expect(page.text).toContain('Still missing:');
    expect(page.text).toContain('the invoice itself, as a file');
    const evidence = await page.follow('Add evidence');
    expect(evidence.heading).toContain('Evidence');
    const added = await add(evidence, pdf('invoice.pdf'), { Description: 'The trainer’s invoice' });
    expect(added.notice).toBe('1 file added');
    expect(added.path).toBe(`/claims/${claim.id}/evidence`);
    const [row] = added.rows();
    expect(row![0]).toMatch(/^invoice\.pdf ?The trainer’s invoice, 0\.1 KB$/);
    expect(row!.slice(1)).toEqual(['The whole claim', expect.stringMatching(/ by .+/)]);
    expect(added.text).not.toContain('the invoice itself, as a file');
    const file = await ada.raw(added.links().find(({ text }) => text === 'invoice.pdf')!.href);
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    await file.arrayBuffer();
    expect((await ada.open(`/claims/${claim.id}`)).text).toContain('Evidence added');
  });

  it('is refused as the API refuses it, and what was typed beside it stays', async () => {
    const claim = await claims.submitted(simpleBody('BRENT'));
    const ada = await signedIn(finance('BRENT'));
    const page = await ada.open(`/claims/${claim.id}/evidence`);
    const program = await add(page, new File(['MZ\0\0'], 'run.pdf', { type: 'application/pdf' }), {
      Description: 'Page 2',
    });
    expect([program.status, program.errors]).toEqual([400, [expect.stringMatching(/^run\.pdf: /)]]);
    expect(program.value('Description')).toBe('Page 2');
    const none = await page.press('Add these files', {});
    expect([none.status, none.errors]).toEqual([400, ['Choose at least one file.']]);
    const empty = await add(page, new File([], 'empty.pdf'));
    expect(empty.status).toBe(400);
    const large = await add(page, new File([PDF, new Uint8Array(10 * 1024 * 1024)], 'large.pdf'));
    expect([large.status, large.errors]).toEqual([400, [expect.stringMatching(/^large\.pdf: .*10/)]]);
    expect(names(await ada.open(page.path))).toEqual([]);
  });

  it('is removed with a reason from a claim that was returned, and stays with one that is submitted', async () => {
    const claim = await claims.submitted(simpleBody('BRENT'));
    const ada = await signedIn(finance('BRENT'));
    const submitted = await add(await ada.open(`/claims/${claim.id}/evidence`), pdf('other.pdf'));
    expect(submitted.text).not.toContain('Remove');
    const { rows } = await service.admin.query<{ id: string }>('SELECT id FROM evidence WHERE claim_id = $1', [
      claim.id,
    ]);
    const remove = `/claims/${claim.id}/evidence/${rows[0]!.id}/remove`;
    expect((await ada.open(remove)).notice).toContain('Files of this claim stay with it');
    await claims.step(MTM.finance, claim.id, 'return', { reason: 'This file belongs to another claim.' });
    const asking = await (await ada.open(`/claims/${claim.id}/evidence`)).follow('Remove');
    const unsaid = await asking.press('Remove it', {});
    expect([unsaid.status, unsaid.errors]).toEqual([400, ['Say why you remove it.']]);
    const gone = await asking.press('Remove it', { 'Why do you remove it?': 'Belongs to another claim' });
    expect(gone.notice).toBe('File removed');
    expect(gone.text).toContain('Removed files');
    expect(gone.text).toContain('Belongs to another claim');
    expect(names(gone)).toEqual([]);
    expect((await ada.open(remove)).status).toBe(404);
  });

  it('is added to drafts that no form made, and to nothing that has ended', async () => {
    const draft = await claims.draft(simpleBody('BRENT'));
    const ada = await signedIn(finance('BRENT'));
    const added = await add(await (await ada.open(`/claims/${draft.id}`)).follow('Add evidence'), pdf('early.pdf'));
    expect(names(added)).toEqual(['early.pdf']);
    const ended = await claims.submitted(simpleBody('BRENT'));
    const open = await ada.open(`/claims/${ended.id}/evidence`);
    await claims.step(finance('BRENT'), ended.id, 'withdraw', {});
    expect((await ada.open(`/claims/${ended.id}`)).links().map(({ text }) => text)).not.toContain('Add evidence');
    const late = await add(open, pdf('late.pdf'), { Description: 'Too late' });
    expect([late.status, late.errors]).toEqual([400, [expect.stringContaining('nothing is added to it any more')]]);
    expect(late.text).toContain('This claim has ended');
  });

  it('is MTM’s to add once a claim is submitted, an auditor’s to see, and nobody’s at another authority', async () => {
    const claim = await claims.submitted(simpleBody('BRENT'));
    const mia = await signedIn(MTM.finance);
    expect(names(await add(await mia.open(`/claims/${claim.id}/evidence`), pdf('proof.pdf')))).toEqual(['proof.pdf']);
    const auditor = await (await signedIn(MTM.auditor)).open(`/claims/${claim.id}/evidence`);
    expect([names(auditor), auditor.text.includes('Add files')]).toEqual([['proof.pdf'], false]);
    const other = await signedIn(finance('LINCS'));
    expect((await other.open(`/claims/${claim.id}/evidence`)).status).toBe(404);
    // To its authority MTM's people are MTM.
    const own = await (await signedIn(finance('BRENT'))).open(`/claims/${claim.id}/evidence`);
    expect(own.rows()[0]![2]).toMatch(/by MTM$/);
    const csv = await own.follow('Download as CSV');
    expect(csv.html.split('\r\n')[1]).toContain(',proof.pdf,');
  });

  it('is where an authority that is asked for it is led: from its home, the claim and the e-mail', async () => {
    const claim = await claims.approved(simpleBody('SUFFOLK'));
    const day = londonDate(service.clock.now());
    service.clock.set(`${addDays(day, 1)}T09:00:00.000Z`);
    const month = { from: day, to: day, thresholdPence: 0, valuePercent: 100 };
    const drawn = await service.post(MTM.finance, '/assurance-samples', month);
    expect([drawn.status, drawn.text]).toEqual([201, expect.anything()]);
    const ada = await signedIn(finance('SUFFOLK'));
    const page = await (await ada.open('/')).follow(`Add evidence to ${claim.invoiceNumber}`);
    expect(page.path).toBe(`/claims/${claim.id}/evidence`);
    expect(page.text).toContain('MTM asked for evidence of this claim on');
    expect((await ada.open(`/claims/${claim.id}`)).text).toContain('MTM asked for evidence of this claim on');
    await add(page, pdf('attendance.pdf'));
    expect((await ada.open('/')).text).toContain('1 file added since');
    const { rows } = await service.admin.query<{ page: string }>(
      `SELECT DISTINCT letter->>'page' AS page FROM delivery WHERE notice_key LIKE 'assurance:%:SUFFOLK:%'`,
    );
    expect(rows).toEqual([{ page: `/claims/${claim.id}/evidence` }]);
  });
});
