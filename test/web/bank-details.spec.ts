import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { finance, manager, MTM } from '../integration/claims-support.js';
import { Service } from '../support/service.js';
import { WebVisitor, type WebPage } from '../support/web.js';
import { signedIn as signIn } from './bank-visitor.js';

let service: Service;
beforeAll(async () => {
  service = await Service.start({ web: true });
  // Demo contacts are held from the start; what is entered in a test comes after them.
  service.clock.set('2018-04-04T09:00:00.000Z');
});
afterAll(() => service.stop());

const signedIn = (email: string): Promise<WebVisitor> => signIn(service, email);
const HELD = '020 7946 0991';
const ACCOUNT = { 'Name of the account': 'London Borough', 'Sort code': ' 00 00–01 ', 'Account number': '5555 4321' };
const buttons = (page: WebPage): string[] =>
  page.root.querySelectorAll('main a[role=button], main button').map((one) => one.text.trim());

async function entered(code: string, number: string): Promise<WebPage> {
  const officer = await signedIn(finance(code));
  const form = await officer.open(`/bank-details/${code}/change`);
  return form.press('Save the account', { ...ACCOUNT, 'Account number': number });
}

describe('an authority’s account', () => {
  it('is entered as it stands on a statement, and shown by its last four digits alone', async () => {
    const ada = await signedIn(finance('BRENT'));
    const page = await ada.open('/bank-details');
    expect([page.path, page.heading]).toEqual(['/bank-details/BRENT', 'Your bank details']);
    const form = await page.follow('Change the account');
    expect([form.value('Name of the account'), form.value('Account number')]).toEqual(['', '']);
    expect(form.text).toContain('MTM rings you back on a telephone number you had given before today');
    const saved = await form.press('Save the account', ACCOUNT);
    expect(saved.notice).toContain('The account that ends in 4321 is entered');
    expect(saved.text).toContain('To be confirmed');
    expect(saved.text).toContain('Nothing is paid to it until then.');
    for (const shown of [saved, await ada.open('/bank-details/BRENT/change'), await ada.open('/')]) {
      expect(shown.html).not.toContain('55554321');
    }
    expect(saved.rows()[0]?.slice(1)).toEqual(['London Borough', 'Ends in 4321', 'Not yet']);
    const file = await ada.open('/bank-details/BRENT/history.csv');
    expect(file.html).toContain('2,London Borough,4321,false,2018-04-04T09:00:00.000Z,');
    expect(file.html).not.toContain('55554321');
  });

  it('says what is wrong beside its field, with what was typed in that answer alone', async () => {
    const ada = await signedIn(finance('LINCS'));
    const form = await ada.open('/bank-details/LINCS/change');
    const empty = await form.press('Save the account');
    expect([empty.status, empty.errors]).toEqual([
      400,
      [
        'Enter the name of the account, as the bank has it.',
        'Enter the sort code: six digits.',
        'Enter the account number: eight digits.',
      ],
    ]);
    const short = await form.press('Save the account', { ...ACCOUNT, 'Account number': '777 123' });
    expect([short.status, short.errors.length, short.value('Account number')]).toEqual([400, 1, '777 123']);
    expect(short.root.querySelector('#accountNumber')?.getAttribute('aria-describedby')).toContain('-error');
    expect((await ada.open('/bank-details/LINCS/change')).html).not.toContain('777 123');
    const { rows } = await service.admin.query<{ kept: string }>(
      `SELECT coalesce(string_agg(data::text, ''), '') AS kept FROM user_session`,
    );
    expect(rows[0]?.kept).not.toMatch(/777 ?123/);
    // Abroad by IBAN: of another form, and never one of the United Kingdom.
    const abroad = await form.follow('The account is not in the United Kingdom');
    const british = await abroad.press('Save the account', {
      'Name of the account': 'LINCS',
      IBAN: 'gb29 nwbk 6016 1331 9268 19',
      BIC: 'nwbkgb2l',
    });
    expect(british.errors).toEqual([
      'This account is in the United Kingdom: give its sort code and account number instead of its IBAN.',
    ]);
    const german = await british.press('Save the account', { IBAN: 'DE89 3704 0044 0532 0130 00', BIC: 'COBADEFFXXX' });
    expect(german.notice).toContain('ends in 3000');
    expect(german.text).toContain('Abroad, by IBAN');
  });

  it('is kept out of what is carried over when the session is over', async () => {
    const ada = await signedIn(finance('LEICS'));
    const form = await ada.open('/bank-details/LEICS/change');
    await service.admin.query(`DELETE FROM user_session WHERE user_id IS NOT NULL`);
    const out = await form.press('Save the account', { ...ACCOUNT, 'Account number': '99887766' });
    expect(out.path).toMatch(/^\/sign-in/);
    expect(out.notice).toContain('could not be kept');
    const { rows } = await service.admin.query<{ kept: string }>(
      `SELECT coalesce(string_agg(data::text, ''), '') AS kept FROM user_session`,
    );
    expect(rows[0]?.kept).not.toContain('99887766');
  });

  it('is replaced by the one who saw the newest alone', async () => {
    const ada = await signedIn(finance('NORFOLK'));
    const [first, second] = [
      await ada.open('/bank-details/NORFOLK/change'),
      await ada.open('/bank-details/NORFOLK/change'),
    ];
    await first.press('Save the account', { ...ACCOUNT, 'Account number': '44440001' });
    const late = await second.press('Save the account', { ...ACCOUNT, 'Account number': '44440002' });
    expect([late.status, late.errors.length]).toEqual([400, 1]);
    const { rows } = await service.admin.query(`SELECT 1 FROM bank_details WHERE authority_code = 'NORFOLK'`);
    expect(rows).toHaveLength(2);
  });

  it('is its own finance officer’s to change, and nobody else’s', async () => {
    for (const email of [manager('BRENT'), MTM.finance, MTM.approver, MTM.auditor]) {
      const person = await signedIn(email);
      const page = await person.open('/bank-details/BRENT');
      expect([email, page.status]).toEqual([email, 200]);
      expect(buttons(page)).not.toContain('Change the account');
      expect((await person.open('/bank-details/BRENT/change')).status).toBe(403);
    }
    const other = await signedIn(finance('LINCS'));
    for (const path of ['', '/change', '/confirm', '/history.csv']) {
      expect((await other.open(`/bank-details/BRENT${path}`)).status).toBe(404);
    }
  });
});

describe('the call-back', () => {
  it('is recorded by MTM finance, of a number held before, and confirms the account', async () => {
    await entered('SUFFOLK', '33331234');
    const mia = await signedIn(MTM.finance);
    const list = await mia.open('/bank-details');
    expect(list.rows('[aria-label="To be confirmed"] table').map(([name]) => name)).toContain('Suffolk');
    const page = await list.follow('Suffolk');
    const form = await page.follow('Record the call');
    expect(form.text).toContain('held since');
    expect(form.text).toContain('nobody can do both');
    const empty = await form.press('They confirmed the account');
    expect([empty.status, empty.errors]).toEqual([
      400,
      [
        'Enter the number you rang.',
        'Say who you spoke to.',
        'Enter the sort code they read to you: six digits.',
        'Enter the account number they read to you: eight digits.',
      ],
    ]);
    const call = {
      ...{ 'Number you rang': '01632 960 000', 'Who you spoke to': 'Head of exchequer services' },
      ...{ 'Sort code': '00-00-01', 'Account number': '3333 1234' },
    };
    const wrong = await empty.press('They confirmed the account', call);
    expect([wrong.status, wrong.errors]).toEqual([
      400,
      ['Ring a number that the authority had given before it entered this account.'],
    ]);
    expect(wrong.value('Who you spoke to')).toBe('Head of exchequer services');
    const right = { ...call, 'Number you rang': HELD };
    const [done, again] = await Promise.all([
      wrong.press('They confirmed the account', right),
      wrong.press('They confirmed the account', right),
    ]);
    expect(`${done.notice} ${again.notice}`).toContain('The account of Suffolk that ends in 1234 is confirmed');
    expect((await mia.open('/bank-details/SUFFOLK')).text).toContain('Confirmed MTM confirmed it by telephone on');
    expect((await mia.open('/bank-details/SUFFOLK/confirm')).text).toContain('This account is confirmed already.');
    const own = await (await signedIn(finance('SUFFOLK'))).open('/bank-details');
    expect(own.text).toContain('Claims are paid to it.');
    expect((await mia.open('/bank-details/download')).html).toMatch(/SUFFOLK,Suffolk,London Borough,1234,confirmed/);
  });

  it('compares what was read out, and shows it to nobody', async () => {
    await entered('WOKINGHAM', '11112345');
    const mia = await signedIn(MTM.finance);
    const form = await mia.open('/bank-details/WOKINGHAM/confirm');
    expect(form.text).toContain('read nothing out yourself');
    const call = { 'Number you rang': HELD, 'Who you spoke to': 'Head of exchequer services' };
    // The last four digits agree, as they do for whoever reads them from a letter.
    const other = { ...call, 'Sort code': '00-00-02', 'Account number': '9111 2345' };
    const differs = await form.press('They confirmed the account', other);
    expect([differs.status, differs.errors.length]).toEqual([400, 1]);
    expect(differs.errors[0]).toContain('What was read out to you is not the account that was entered');
    expect(differs.root.querySelector('.govuk-error-summary a')?.getAttribute('href')).toBe('#readBack');
    expect([differs.value('Number you rang'), differs.value('Who you spoke to')]).toEqual([...Object.values(call)]);
    expect([differs.value('Sort code'), differs.value('Account number')]).toEqual(['', '']);
    expect(differs.html).not.toMatch(/9111 ?2345|00-?00-?02/);
    const short = await differs.press('They confirmed the account', {
      'Sort code': '00-00',
      'Account number': '11112345',
    });
    expect(short.errors).toEqual(['Give a sort code: six digits.']);
    expect(short.value('Account number')).toBe('');
    expect((await mia.open('/bank-details/WOKINGHAM')).text).toContain('To be confirmed');
    // Out of the session in the middle of it: nothing of the form is carried over.
    await service.admin.query(`DELETE FROM user_session WHERE user_id IS NOT NULL`);
    const out = await short.press('They confirmed the account', other);
    expect(out.path).toMatch(/^\/sign-in/);
    const { rows } = await service.admin.query<{ kept: string }>(
      `SELECT coalesce(string_agg(data::text, ''), '') AS kept FROM user_session`,
    );
    expect(rows[0]?.kept).not.toMatch(/9111 ?2345/);
    const again = await (await signedIn(MTM.finance)).open('/bank-details/WOKINGHAM/confirm');
    const right = { ...call, 'Sort code': '00 00 01', 'Account number': '1111–2345' };
    expect((await again.press('They confirmed the account', right)).notice).toContain('that ends in 2345 is confirmed');
    const audit = await (await signedIn(MTM.auditor)).open('/bank-details/WOKINGHAM');
    expect(audit.html).toContain('authority.bank_details_read_back_differed');
  });

  it('asks for IBAN and BIC of an account abroad', async () => {
    const ada = await signedIn(finance('WSUSSEX'));
    const abroad = await ada.open('/bank-details/WSUSSEX/change?kind=abroad');
    const numbers = { IBAN: 'NL91 ABNA 0417 1643 00', 'BIC of the bank': 'ABNANL2A' };
    await abroad.press('Save the account', { 'Name of the account': 'West Sussex', ...numbers });
    const form = await (await signedIn(MTM.finance)).open('/bank-details/WSUSSEX/confirm');
    const call = { 'Number you rang': HELD, 'Who you spoke to': 'Head of exchequer services' };
    const empty = await form.press('They confirmed the account', call);
    expect(empty.errors).toEqual(['Enter the IBAN they read to you.', 'Enter the BIC they read to you.']);
    const done = await empty.press('They confirmed the account', { ...numbers, IBAN: 'nl91abna0417164300' });
    expect(done.notice).toContain('that ends in 4300 is confirmed');
  });

  it('says in words why others cannot', async () => {
    await entered('WAKEFIELD', '22221234');
    for (const email of [MTM.approver, MTM.auditor]) {
      const person = await signedIn(email);
      const page = await person.open('/bank-details/WAKEFIELD');
      expect(page.text).toContain('confirm an authority’s bank details');
      expect(buttons(page)).not.toContain('Record the call');
      expect((await person.open('/bank-details/WAKEFIELD/confirm')).status).toBe(403);
    }
  });
});

describe('an authority’s address', () => {
  it('is changed by its finance officer, of the version that was looked at', async () => {
    const ada = await signedIn(finance('BRISTOL'));
    const page = await ada.open('/authorities');
    expect(page.path).toBe('/authorities/BRISTOL');
    const form = await page.follow('Change address and contact');
    const stale = await ada.open('/authorities/BRISTOL/edit');
    const wrong = await form.press('Save', {
      Address: 'City Hall\r\n  College   Green ',
      'E-mail of the contact': 'nobody',
    });
    expect([wrong.status, wrong.errors.length, wrong.value('E-mail of the contact')]).toEqual([400, 1, 'nobody']);
    const saved = await wrong.press('Save', { Postcode: 'bs1  5tr', 'E-mail of the contact': 'money@bristol.example' });
    expect(saved.notice).toContain('Your address and contact are saved');
    expect(saved.text).toContain('City Hall, College Green, BS1 5TR');
    const late = await stale.press('Save', { Postcode: 'BS1 1AA' });
    expect([late.status, late.value('Postcode')]).toEqual([400, 'BS1 1AA']);
  });

  it('is listed for MTM, and another authority’s is not there', async () => {
    const mia = await signedIn(MTM.finance);
    const list = await mia.open('/authorities');
    expect(list.rows().length).toBeGreaterThan(9);
    const one = await list.follow('Brent');
    expect(buttons(one)).toEqual([]);
    expect((await mia.open('/authorities/BRENT/edit')).status).toBe(403);
    expect((await mia.open('/authorities/download')).html).toContain('BRENT,Brent');
    const other = await signedIn(finance('LINCS'));
    expect((await other.open('/authorities/BRENT')).status).toBe(404);
    expect((await other.open('/authorities/download')).html).not.toContain('brent.example');
  });
});
