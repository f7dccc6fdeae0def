import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Claims, finance, manager, MTM, nextNumber, simpleBody } from '../integration/claims-support.js';
import { Grants } from '../integration/grants-support.js';
import { Service } from '../support/service.js';
import { WebVisitor, type WebPage } from '../support/web.js';
import { signedIn as signIn } from './bank-visitor.js';

let service: Service;
let claims: Claims;
let grants: Grants;
beforeAll(async () => {
  service = await Service.start({ web: true });
  claims = new Claims(service);
  grants = new Grants(service);
});
afterAll(() => service.stop());

const signedIn = (email: string): Promise<WebVisitor> => signIn(service, email);
const csv = (text: string, name = 'spending.csv'): File => new File([text], name, { type: 'text/csv' });

/** A form with date fields, whose labels are all Day, Month, Year: filled by their names. */
function send(page: WebPage, fields: Record<string, string>): Promise<WebPage> {
  const form = page.root.querySelectorAll('form').find((one) => one.querySelector('input[name=_key]'));
  const body = new URLSearchParams();
  for (const field of form?.querySelectorAll('input, textarea, select') ?? []) {
    const name = field.getAttribute('name') ?? '';
    if (field.getAttribute('type') === 'radio' && !field.hasAttribute('checked')) continue;
    const value = field.tagName === 'TEXTAREA' ? field.text : (field.getAttribute('value') ?? '');
    body.set(name, value);
  }
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return page.visitor.post(page.path, body);
}

const entry = {
  'Quarter it was spent in': 'January to March 2018',
  Amount: ' £9,250.00 ',
  'What it was for': 'Salary of the post',
};

describe('an authority’s grant', () => {
  it('tells the amount from its parts, and what is spent, expected and left', async () => {
    const page = await (await signedIn(manager('BRENT'))).open('/grants');
    expect([page.path, page.heading]).toEqual(['/grants/BRENT', 'Your Section 31 grant']);
    expect(page.text).toContain('£0.00 of £78,750.00 is spent, £78,750.00 is left');
    expect(page.text).toContain('£45,000.00 × 2 years = £90,000.00, less 1 vacant quarter, £11,250.00, = £78,750.00');
    expect(page.root.querySelectorAll('svg.app-chart rect')).toHaveLength(8);
    expect(page.rows()[0]?.[0]).toBe('October to December 2017 Post vacant');
    expect(page.text).toContain('No cost recorded here looks like one in a claim.');
    // A manager looks; the finance officer records.
    expect(page.links().map(({ text }) => text)).not.toContain('Record spending');
    for (const path of ['edit', 'entries/new', 'import', 'quarters/2018-Q1']) {
      expect([path, (await page.visitor.open(`/grants/BRENT/${path}`)).status]).toEqual([path, 403]);
    }
    expect((await page.visitor.open('/grants/LINCS')).status).toBe(404);
    expect((await page.visitor.open('/grants/LINCS/entries')).status).toBe(404);
  });

  it('takes spending as it is typed, shows it against the forecast, and is corrected, not changed', async () => {
    const ada = await signedIn(finance('BRENT'));
    const form = await (await ada.open('/grants/BRENT')).follow('Record spending');
    const wrong = await form.press('Record it', { ...entry, Amount: 'lots' });
    expect([wrong.status, wrong.errors]).toEqual([400, ['Enter an amount in pounds and pence, like 1,234.50.']]);
    expect([wrong.value('Amount'), wrong.value('What it was for')]).toEqual(['lots', 'Salary of the post']);
    const [once, twice] = await Promise.all([wrong.press('Record it', entry), wrong.press('Record it', entry)]);
    expect(`${once.notice}${twice.notice}`).toContain('£9,250.00 is recorded for 2018-Q1');
    const list = await ada.open('/grants/BRENT/entries');
    expect(list.rows().map((row) => row.slice(0, 3))).toEqual([['Salary of the post', '2018-Q1', '£9,250.00']]);
    const correct = await list.follow('Correct');
    expect(correct.value('Amount')).toBe('9250.00');
    const missing = await correct.press('Save the correction', { Amount: '9,000' });
    expect([missing.status, missing.errors.length]).toEqual([400, 1]);
    const saved = await missing.press('Save the correction', { 'Why it is corrected': 'An overpayment came back' });
    expect(saved.notice).toContain('£9,000.00 takes the place of £9,250.00');
    expect(saved.rows().map((row) => row[5])).toEqual([
      'Corrects another: An overpayment came back',
      'Corrected: counts no more',
    ]);
    const page = await ada.open('/grants/BRENT');
    const quarter = page.rows().find(([label]) => label?.startsWith('January to March 2018'));
    expect(quarter?.slice(3, 6)).toEqual(['£9,000.00', '£0.00', '£2,250.00 less']);
    expect(quarter?.at(-1)).toBe('Not given yet');
    expect((await ada.open('/grants/BRENT/entries/download')).html.trim().split('\r\n')).toHaveLength(3);
    expect((await ada.open('/grants/BRENT/quarters.csv')).html).toContain('2018-Q1,January to March 2018');
    expect((await ada.open('/grants/BRENT/years.csv')).html).toContain('2017–18');
  });

  it('keeps a quarter’s forecast and reason, of the version that was looked at', async () => {
    const ada = await signedIn(finance('BRENT'));
    const open = () => ada.open('/grants/BRENT/quarters/2018-Q2');
    const [first, second] = [await open(), await open()];
    const saved = await first.press('Save', { 'Forecast for the whole quarter': '12,000' });
    expect(saved.notice).toBe('April to June 2018 is saved');
    const late = await second.press('Save', { 'Forecast for the whole quarter': '1' });
    expect([late.status, late.value('Forecast for the whole quarter')]).toEqual([400, '1']);
    expect((await grants.read('BRENT')).quarters.find(({ quarter }) => quarter === '2018-Q2')).toMatchObject({
      enteredForecastPence: 1_200_000,
    });
    expect((await ada.open('/grants/BRENT/quarters/1999-Q1')).status).toBe(404);
  });

  it('keeps post, receipt and holders, with what is wrong said beside its field', async () => {
    const ada = await signedIn(finance('LEICS'));
    const form = await ada.open('/grants/LEICS/edit');
    const typed = {
      post: 'project_management',
      amount: '£70,000',
      'receivedOn-day': '29',
      'receivedOn-month': '12',
      'receivedOn-year': '2017',
      'holders-0-startsOn-day': '8',
      'holders-0-startsOn-month': '1',
      'holders-0-startsOn-year': '2018',
      'holders-0-endsOn-day': '1',
      'holders-0-endsOn-month': '1',
      'holders-0-endsOn-year': '2018',
    };
    const backwards = await send(form, typed);
    expect([backwards.status, backwards.errors]).toEqual([400, ['Give a day on or after startsOn.']]);
    expect(backwards.root.querySelector('#holders-0-endsOn-date-error')).not.toBeNull();
    expect(backwards.value('Amount received')).toBe('£70,000');
    const unexplained = await send(backwards, { ...typed, 'holders-0-endsOn-year': '2019' });
    expect(unexplained.errors).toEqual(['This is not the amount worked out from the terms. Say why.']);
    const saved = await send(unexplained, {
      ...typed,
      'holders-0-endsOn-year': '2019',
      reason: 'The funder kept some back',
    });
    expect(saved.notice).toBe('What you recorded of the grant is saved');
    expect(saved.text).toContain('£70,000.00 on 29 December 2017');
    expect(saved.text).toContain('8 January 2018 to 1 January 2019');
    expect(saved.text).toContain('The funder kept some back');
    expect((await grants.read('LEICS')).receipt).toMatchObject({ amountPence: 7_000_000 });
    const again = await saved.follow('Change post, receipt and holders');
    const cleared = await send(again, {
      amount: '',
      'receivedOn-day': '',
      'receivedOn-month': '',
      'receivedOn-year': '',
    });
    expect(cleared.text).toContain('Not received yet');
    expect((await grants.read('LEICS')).holders).toHaveLength(1);
  });

  it('leaves what nobody chose not chosen, and takes a choice back', async () => {
    const ada = await signedIn(finance('WSUSSEX'));
    const save = async (fields: Record<string, string>) => {
      await send(await ada.open('/grants/WSUSSEX/edit'), fields);
      const { underspend, underspendChosen, version } = await grants.read('WSUSSEX');
      return [underspend, underspendChosen, version];
    };
    expect(await save({ post: 'project_management' })).toEqual(['carried_forward', null, 1]);
    expect((await ada.open('/grants/WSUSSEX/edit')).text).toContain('the programme’s terms: it is carried forward');
    expect(await save({ underspend: 'returned_at_year_end' })).toEqual([
      'returned_at_year_end',
      'returned_at_year_end',
      2,
    ]);
    expect(await save({ post: '' })).toEqual(['returned_at_year_end', 'returned_at_year_end', 3]);
    expect(await save({ underspend: '' })).toEqual(['carried_forward', null, 4]);
  });
});

describe('spending out of a spreadsheet', () => {
  it('is imported whole or not at all, each failing row with its number and the reason', async () => {
    const ada = await signedIn(finance('NORFOLK'));
    const form = await ada.open('/grants/NORFOLK/import');
    const template = await (await ada.raw('/grants/template.csv')).text();
    const heading = template.split('\r\n')[0] ?? '';
    expect(heading).toContain('quarter,amount,description');
    const nothing = await form.press('Import');
    expect([nothing.status, nothing.errors]).toEqual([400, ['Choose the file with the spending.']]);
    const bad = `${heading}\r\n2018-Q1,100,Salary,,,\r\n2018-Q9,lots,Salary,,,\r\n2019-Q1,100,,,,\r\n`;
    const refused = await form.press('Import', {}, { File: csv(bad) });
    expect([refused.status, refused.errors[0]]).toEqual([
      400,
      expect.stringMatching(/^Nothing was imported: \d faults below/),
    ]);
    expect(refused.rows().map(([row]) => row)).toEqual(expect.arrayContaining(['3', '4']));
    expect(refused.rows().map(([row]) => row)).not.toContain('2');
    const faults = refused.links().find(({ text }) => text === 'Download as CSV: What is wrong in the file');
    expect(decodeURIComponent(faults?.href ?? '').split('\r\n')).toHaveLength(1 + refused.rows().length + 1);
    expect((await grants.read('NORFOLK')).spentPence).toBe(0);
    const good = csv(`${heading}\r\n2018-Q1,100,Salary,,,\r\n2018-Q1,"1,200.50",Laptop,,,\r\n`);
    const done = await refused.press('Import', {}, { File: good });
    expect(done.notice).toBe('2 rows imported: £1,300.50');
    const repeated = await (await ada.open('/grants/NORFOLK/import')).press('Import', {}, { File: good });
    expect([repeated.status, repeated.errors[0]]).toEqual([400, expect.stringContaining('imported before')]);
    const again = await repeated.press('Import', { 'Import this file once more': true }, { File: good });
    expect(again.notice).toContain('2 rows imported');
    expect((await grants.read('NORFOLK')).spentPence).toBe(260_100);
  });
});

describe('a cost that is in a claim too', () => {
  it('is told when it is recorded, and leads to the claim', async () => {
    const number = nextNumber();
    const claim = await claims.submitted(simpleBody('BRISTOL', {}, number));
    const ada = await signedIn(finance('BRISTOL'));
    const form = await ada.open('/grants/BRISTOL/entries/new');
    const recorded = await form.press('Record it', {
      ...entry,
      Amount: '500',
      'Number of the supplier’s invoice': number,
    });
    expect(recorded.notice).toContain('but it looks like a trainer invoice of a claim');
    const page = await (await signedIn(MTM.finance)).open('/grants/BRISTOL');
    expect(page.links().find(({ text }) => text.startsWith('Look at the claim'))?.href).toBe(`/claims/${claim.id}`);
    expect((await page.visitor.open('/grants/BRISTOL/findings.csv')).html).toContain(claim.id);
  });
});

describe('all grants', () => {
  it('stand side by side for MTM, with the same rows as a file, and statements to read', async () => {
    await grants.entry('SUFFOLK', { amountPence: 1_500_000 });
    const mia = await signedIn(MTM.auditor);
    const page = await mia.open('/grants');
    const row = page.rows().find(([name]) => name === 'Suffolk');
    expect(row).toEqual([
      ...['Suffolk', '£78,750.00 Not received yet', '£15,000.00'],
      ...[
        expect.stringMatching(/^£/),
        '£63,750.00',
        '£3,750.00 more',
        expect.stringMatching(/short$|over$/),
        'Nothing',
      ],
    ]);
    const file = await mia.open('/grants/download');
    expect(file.html).toContain('SUFFOLK,Suffolk,7875000,,1500000');
    const one = await page.follow('Suffolk');
    expect(one.links().map(({ text }) => text)).not.toContain('Record spending');
    expect((await mia.open('/grants/SUFFOLK/edit')).status).toBe(403);
    const statement = await mia.raw('/grants/SUFFOLK/statement?year=2017');
    expect([statement.status, statement.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    expect(one.links().map(({ text }) => text)).toContain('Statement for 2018–19 (PDF)');
    expect((await mia.raw('/grants/SUFFOLK/statement?year=2019')).status).toBe(404);
  });
});
