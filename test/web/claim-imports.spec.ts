import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { importTemplate } from '#claims';
import { finance, manager, MTM } from '../support/people.js';
import { Service } from '../support/service.js';
import { type WebPage } from '../support/web.js';
import { PDF, signInTo } from './claim-form-support.js';

let service: Service;
beforeAll(async () => {
  service = await Service.start({ web: true });
});
afterAll(() => service?.stop());
const signedIn = signInTo(() => service);

const HEADING = 'claim,authorityReference,trainer,number,issuedOn,kind,description,net,vatRate,vat';
const row = (claim: string, more: Partial<Record<'net' | 'number' | 'description', string>> = {}): string =>
  `${claim},REF-${claim},A Trainer Ltd,${more.number ?? `N-${claim}`},14/03/2018,travel,${more.description ?? 'Rail'},${more.net ?? '10.00'},0,0`;
const csv = (...rows: string[]): File =>
  new File([[HEADING, ...rows].join('\n')], 'many claims.csv', { type: 'text/csv' });
const send = (page: WebPage, file: File): Promise<WebPage> => page.press('Import', {}, { File: file });
const countOf = async (): Promise<number> =>
  (await service.admin.query<{ n: number }>('SELECT count(*)::int AS n FROM claim')).rows[0]!.n;

describe('claims from one file', () => {
  it('begin with the template, and end as claims that are submitted on the pages', async () => {
    const ada = await signedIn(finance('BRENT'));
    const page = await (await ada.open('/claims')).follow('Import claims from a file');
    expect((await (await ada.open('/claim-forms/new')).follow('Import claims from a file')).path).toBe(
      '/claim-imports',
    );
    const template = await page.follow('the template (CSV)');
    expect([template.status, template.html]).toEqual([200, importTemplate()]);
    const made = await send(page, new File([template.html], 'template.csv', { type: 'text/csv' }));
    expect(made.notice).toContain('1 draft made from 2 rows');
    expect(made.heading).toContain('Claims from template.csv');
    expect(made.rows()).toEqual([['CS-2018-017', 'A Trainer Ltd', 'Draft', 'You to submit this', '£1,078.20']]);
    const file = await made.follow('Download as CSV');
    expect(file.html.split('\r\n')[1]).toMatch(/^CS-2018-017,,A Trainer Ltd,draft,,107820,EIP2,/);

    const claim = await made.follow('CS-2018-017');
    const tasks = await claim.press('Continue this claim');
    expect(tasks.text).toContain('A Trainer Ltd, invoice INV-0042');
    const evidence = await (
      await tasks.follow('Evidence: invoices')
    ).press('Add these files', {}, { Files: new File([PDF], 'invoice.pdf', { type: 'application/pdf' }) });
    expect(evidence.notice).toBe('1 file added');
    const check = await (await evidence.follow('Continue')).press('Check your answers');
    const done = await check.press('Submit the claim');
    expect(done.heading).toBe('Claim submitted');
    expect((await ada.open(made.path)).rows()[0]!.slice(2, 4)).toEqual(['Submitted', 'MTM to review']);
    expect((await ada.open('/claim-imports')).rows()[0]![0]).toBe('template.csv');
  });

  it('are listed 25 at a time in the order of the file, all of them to be reached', async () => {
    const ada = await signedIn(manager('BRENT'));
    const rows = Array.from({ length: 60 }, (_, at) => row(`P${at + 1}`));
    const first = await send(await ada.open('/claim-imports'), csv(...rows));
    expect(first.notice).toContain('60 drafts made from 60 rows');
    expect(first.rows()).toHaveLength(25);
    const second = await first.follow('Next page');
    expect(second.rows()[0]![0]).toBe('REF-P26');
    const third = await second.follow('Next page');
    expect([third.rows().length, third.links().some(({ text }) => text === 'Next page')]).toEqual([10, false]);
    const file = await third.follow('Download as CSV');
    expect(file.html.trim().split('\r\n')).toHaveLength(61);
  });

  it('are none when one row fails: each is named, with a file of every fault', async () => {
    const before = await countOf();
    const ada = await signedIn(finance('BRENT'));
    const bad = Array.from({ length: 1_200 }, (_, at) => row(`B${at}`, { net: 'ten pounds' }));
    const page = await send(await ada.open('/claim-imports'), csv(row('good'), ...bad));
    expect(page.status).toBe(400);
    expect(page.errors).toEqual([
      'Nothing was imported: 1,200 faults in 1,200 rows. Correct the file in your spreadsheet and import it again.',
    ]);
    expect(page.rows()).toHaveLength(100 + (await ada.open('/claim-imports')).rows().length);
    expect(page.rows()[0]!.slice(0, 2)).toEqual(['3', 'net']);
    expect(page.text).toContain('And 1,100 more.');
    const faults = await page.follow('Download what is wrong as CSV');
    const lines = faults.html.trim().split('\r\n');
    expect([faults.headers.get('content-type'), lines.length]).toEqual(['text/csv; charset=utf-8', 1_201]);
    expect(lines[1_200]).toMatch(/^1202,net,not_an_amount,/);
    expect(await countOf()).toBe(before);
  });

  it('are made from the same file once more only where that is meant, without choosing it again', async () => {
    const ada = await signedIn(finance('BRENT'));
    const file = csv(row('twice'));
    expect((await send(await ada.open('/claim-imports'), file)).notice).toContain('1 draft');
    const again = await send(await ada.open('/claim-imports'), file);
    expect([again.status, again.errors]).toEqual([400, [expect.stringContaining('was imported before')]]);
    expect(again.text).toContain('Chosen: many claims.csv');
    const meant = await again.press(
      'Import',
      { 'Import this file once more': true },
      { 'Another file': new File([], '') },
    );
    expect([meant.status, meant.notice]).toEqual([200, expect.stringContaining('1 draft made from 1 row')]);
  });

  it('are refused from what is no such file', async () => {
    const before = await countOf();
    const ada = await signedIn(finance('BRENT'));
    const page = await ada.open('/claim-imports');
    const none = await page.press('Import', {}, { File: new File([], '') });
    expect([none.status, none.errors]).toEqual([400, ['Choose the file with the claims.']]);
    const nothing = await page.press('Import', {});
    expect([nothing.status, nothing.errors]).toEqual([400, ['Choose the file with the claims.']]);
    for (const content of [
      [''],
      ['MZ\0\0\u0001'],
      [PDF],
      ['"claim'],
      [HEADING],
      [new Uint8Array(10 * 1024 * 1024 + 1)],
    ]) {
      const refused = await send(await ada.open('/claim-imports'), new File(content, 'x.csv'));
      expect([refused.status, refused.errors.length]).toEqual([400, 1]);
    }
    // What a spreadsheet would run is only text here, and in the file of faults too.
    const formula = await send(page, csv(row('=cmd', { net: 'ten', description: '<b>x</b>' })));
    expect(formula.html).not.toContain('<b>x</b>');
    expect(await countOf()).toBe(before);
  });

  it('are an authority’s own', async () => {
    const ada = await signedIn(finance('BRENT'));
    const made = await send(await ada.open('/claim-imports'), csv(row('own')));
    const other = await signedIn(finance('LINCS'));
    expect((await other.open(made.path)).status).toBe(404);
    expect((await other.raw(`${made.path}/download`)).status).toBe(404);
    expect((await other.open('/claim-imports/faults.csv')).notice).toContain('not at hand any more');
    expect((await (await signedIn(MTM.finance)).open('/claim-imports')).status).toBe(403);
  });
});
