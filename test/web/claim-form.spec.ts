import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { WebVisitor, type Filled, type WebPage } from '../support/web.js';

const PDF = Buffer.from('%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n');

let service: Service;
beforeAll(async () => {
  service = await Service.start({ web: true });
});
afterAll(() => service?.stop());

async function signedIn(email = 'finance@brent.example'): Promise<WebVisitor> {
  const visitor = new WebVisitor(service.base);
  await visitor.signIn(email);
  return visitor;
}

/** From "what you need" to the task list. */
const started = async (visitor: WebVisitor): Promise<WebPage> =>
  (await visitor.open('/claim-forms/new')).press('Start');

const INVOICE: Filled = {
  'Trainer’s name': ' A Trainer Ltd ',
  'VAT registration number': 'GB 999 9999 73',
  'Invoice date': '14 3 2018',
  'Date you paid it': '28 March 2018',
};
const TRAINING: Filled = {
  'Kind of training': 'Targeted training',
  'Day rate': 'Standard day (£1,000.00)',
  Description: 'Safety planning, two days',
  'Delivery days': '12/3/2018 and 13/3/2018',
  'Date booked': '10/1/2018',
  'Trainer-days': '2 days',
  'Net amount': '£2,000.00',
  'VAT rate': '20%',
  VAT: '400',
};
let serial = 0;
const nextNumber = (): string => `WEB-${++serial}`;

/** A trainer invoice with a training line of two days, saved but not gone on from. */
async function withInvoice(visitor: WebVisitor, number = nextNumber()): Promise<WebPage> {
  const page = await (await started(visitor)).press('Add a trainer invoice');
  const lined = await page.press('Add a training line', { ...INVOICE, 'Invoice number': number });
  return lined.press('Save and see what it comes to', TRAINING);
}

const formOf = (page: WebPage): string => /\/claim-forms\/[0-9a-f-]{36}/.exec(page.path)![0];

describe('a new claim on the pages, without JavaScript', () => {
  it('goes from what you need to the confirmation, with the working of each amount on the way', async () => {
    const ada = await signedIn();
    const number = nextNumber();
    const need = await (await ada.open('/claim-forms')).follow('Start a new claim');
    expect(need.heading).toBe('Before you start a claim');
    const tasks = await need.press('Start');
    expect(tasks.heading).toBe('Prepare a claim');
    expect(tasks.text).toContain('Add the first trainer invoice to begin.');

    const details = await tasks.follow('Your reference and purchase order');
    const back = await details.press('Save and continue', { 'Your reference': 'CS-2018-017' });
    expect(back.notice).toContain('saved');

    const invoice = await back.press('Add a trainer invoice');
    const training = await invoice.press('Add a training line', { ...INVOICE, 'Invoice number': number });
    expect(training.value('Trainer’s name')).toBe(' A Trainer Ltd ');
    const travel = await training.press('Add a travel line', TRAINING);
    expect(travel.text).toContain('£1,000.00 to be reimbursed');
    expect(travel.text).toContain('Not counted yet: line 2.');
    const second = travel.root.querySelectorAll('fieldset.app-line').at(-1)!;
    const line = second.id.replace('lines-', '');
    const saved = await press(travel, 'Save and see what it comes to', {
      [`lines.${line}.description`]: 'Rail',
      [`lines.${line}.net`]: '156.40',
      [`lines.${line}.vatRate`]: '20',
      [`lines.${line}.vat`]: '31.28',
    });
    expect(saved.text).toContain('£1,078.20 to be reimbursed');
    expect(saved.text).toContain('2 trainer-days × £1,000.00');
    const list = await saved.press('Save and continue');
    expect(list.text).toContain(`A Trainer Ltd, invoice ${number}`);
    expect(list.text).toContain('Everything is filled in.');

    const evidence = await (await list.follow('Evidence: invoices')).press('Continue to add files');
    expect(evidence.text).toContain('No file yet for:');
    const added = await evidence.press(
      'Add these files',
      { 'What they prove': `A Trainer Ltd, invoice ${number}`, Description: 'Invoice' },
      { Files: new File([PDF], 'invoice.pdf', { type: 'application/pdf' }) },
    );
    expect(added.notice).toBe('1 file added');
    expect(added.rows()[0]!.slice(0, 2)).toEqual([
      expect.stringContaining('invoice.pdf'),
      `A Trainer Ltd, invoice ${number}`,
    ]);
    expect(added.text).not.toContain('No file yet for:');
    const file = await ada.raw(added.links().find(({ text }) => text === 'invoice.pdf')!.href);
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'application/pdf']);

    const check = await (await added.follow('Continue')).press('Check your answers');
    expect(check.heading).toBe('Check your answers before you submit the claim');
    expect(check.text).toContain('£2,000.00 × 1/2 = £1,000.00');
    expect(check.text).toContain('Total reimbursement: Targeted training £1,000.00');
    expect(check.text).toContain('CS-2018-017');
    expect(check.text).toContain('12 March 2018, 13 March 2018');

    const done = await check.press('Submit the claim');
    expect(done.heading).toBe('Claim submitted');
    const { rows } = await service.admin.query(
      `SELECT invoice_number, total_pence::int, state FROM claim WHERE authority_reference = 'CS-2018-017'`,
    );
    expect(rows).toEqual([
      { invoice_number: expect.stringMatching(/^EIP2-BRENT-\d{4}$/), total_pence: 107_820, state: 'submitted' },
    ]);
    expect(done.text).toContain(rows[0].invoice_number);
    expect(done.text).toContain('2 June 2018');
    expect((await done.follow('claim invoice (PDF)')).heading).toBe('The claim invoice is being made');
    expect((await ada.open('/claim-forms')).text).not.toContain(number);
    expect((await ada.open(formOf(done))).status).toBe(200);
  });

  it('keeps what is missing or wrong as it was typed, and leads to each of it', async () => {
    const ada = await signedIn();
    const page = await withInvoice(ada);
    const again = await page.press('Save and continue', {
      'Invoice date': '31/2/2018',
      'Net amount': 'two thousand',
      VAT: '',
    });
    expect(again.status).toBe(400);
    expect(again.title).toMatch(/^Error: /);
    expect(again.errors).toEqual([
      'The date of the invoice must be a real date, such as 14/3/2018.',
      'Line 1: The net amount must be pounds and pence, such as 1,560.40.',
      'Line 1: Enter the VAT in pounds, 0 when there is none, such as 1,560.40.',
    ]);
    expect(again.value('Net amount')).toBe('two thousand');
    for (const link of again.root.querySelectorAll('.govuk-error-summary__list a')) {
      const id = link.getAttribute('href')!.split('#')[1]!;
      expect(again.root.querySelector(`#${id}`)?.getAttribute('aria-describedby')).toContain(`${id}-error`);
    }
    const tasks = await ada.open(formOf(again));
    expect(tasks.text).toContain('1 answer missing, 2 answers to correct');
    expect(tasks.root.querySelectorAll('main button').map((button) => button.text.trim())).not.toContain(
      'Check your answers',
    );
  });

  it('tells of the programme’s rules beside the field, as soon as the invoice is whole', async () => {
    const ada = await signedIn();
    const page = await withInvoice(ada);
    const again = await page.press('Save and continue', { 'Date booked': '1/9/2017', VAT: '1' });
    expect(again.status).toBe(400);
    expect(again.errors).toEqual([
      expect.stringMatching(/^Line 1: Booked on 1 September 2017; only training booked after/),
      expect.stringMatching(/^Line 1: VAT of £1.00 is not 20% of £2,000.00 net/),
    ]);
  });

  it('copies, removes and brings back lines and trainer invoices', async () => {
    const ada = await signedIn();
    const page = await withInvoice(ada);
    const lines = (of: WebPage) => of.root.querySelectorAll('fieldset.app-line').length;
    const copied = await page.press('Copy line 1');
    expect(lines(copied)).toBe(2);
    const removed = await copied.press('Remove line 2');
    expect([lines(removed), removed.notice]).toEqual([1, 'Line removed']);
    expect(lines(await removed.press('Bring it back'))).toBe(2);
    const another = await removed.press('Add another trainer invoice like this one');
    expect([another.value('Trainer’s name'), another.value('Invoice number'), another.value('Net amount')]).toEqual([
      ' A Trainer Ltd ',
      '',
      '£2,000.00',
    ]);
    const gone = await (await another.follow('Remove this trainer invoice')).press('Remove it');
    expect(gone.text).toContain('Removed: A Trainer Ltd, invoice without a number yet.');
    const back = await gone.press('Bring it back');
    expect(back.notice).toBe('Trainer invoice brought back');
  });

  it('presses the harmless button for whoever presses Enter', async () => {
    const page = await withInvoice(await signedIn());
    const first = page.root.querySelector('form[data-working] button')!;
    expect([first.getAttribute('value'), first.getAttribute('aria-hidden'), first.getAttribute('tabindex')]).toEqual([
      'save',
      'true',
      '-1',
    ]);
  });

  it('shows ten lines at a time, and every one of them can be reached', async () => {
    const ada = await signedIn();
    const page = await withInvoice(ada);
    const rows = [
      'type,description,net,vat rate,vat',
      ...Array.from({ length: 24 }, (_, at) => `travel,Bus ${at + 1},1.00,0,0`),
    ];
    const pasting = await page.follow('Paste lines from a spreadsheet');
    const pasted = await pasting.press('Add these rows', { 'Rows, with their headings': rows.join('\n') });
    expect(pasted.notice).toBe('24 rows pasted into 1 trainer invoice');
    const last = await pasted.follow('Part 3');
    expect(last.root.querySelectorAll('fieldset.app-line')).toHaveLength(5);
    const wrong = await press(last, 'Save and see what it comes to', { 'lines.l25.net': '2.00' });
    expect(wrong.path).toContain('part=3');
    await press(await ada.open(`${wrong.path.split('?')[0]}?part=2`), 'Save and see what it comes to', {
      'lines.l11.net': '',
    });
    const errors = await (await ada.open(wrong.path.split('?')[0]!)).press('Save and continue');
    expect(errors.errors).toEqual(['Line 11: Enter the net amount, without VAT, such as 1,560.40.']);
    expect(errors.root.querySelector('.govuk-error-summary__list a')!.getAttribute('href')).toContain(
      '?part=2#lines-l11-net',
    );
  });

  it('takes rows of several trainers, or says row by row why not and keeps them', async () => {
    const ada = await signedIn();
    const tasks = await started(ada);
    const heading = 'Trainer\tInvoice number\tInvoice date\tType\tDescription\tNet\tVAT rate\tVAT';
    const rows = [
      heading,
      'One Ltd\tA-1\t14/3/2018\ttravel\tRail\t10\t0\t0',
      'Two Ltd\tB-1\t14/3/2018\ttravel\tRail\tten\t0\t0',
    ];
    const paste = await tasks.follow('Paste rows from a spreadsheet');
    const refused = await paste.press('Add these rows', { 'Rows, with their headings': rows.join('\n') });
    expect(refused.status).toBe(400);
    expect(refused.rows()).toEqual([['3', 'Net', 'Give pounds and pence, such as 1,560.40, without a minus.']]);
    expect(refused.value('Rows, with their headings')).toContain('Two Ltd');
    const taken = await refused.press('Add these rows', {
      'Rows, with their headings': rows.join('\n').replace('ten', '10'),
    });
    expect(taken.notice).toBe('2 rows pasted into 2 trainer invoices');
    expect(taken.text).toContain('One Ltd, invoice A-1');
  });

  it('answers a page’s script with the figures of what is being typed, and keeps nothing of it', async () => {
    const ada = await signedIn();
    const page = await withInvoice(ada);
    const form = page.root.querySelector('form[data-working]')!;
    const csrf = form.querySelector('input[name=_csrf]')!.getAttribute('value')!;
    const typed = new URLSearchParams({ _csrf: csrf, version: '1', 'lines.l1.net': '2,300' });
    const piece = await ada.post(form.getAttribute('data-working')!, typed);
    expect(piece.status).toBe(200);
    expect(piece.html).not.toContain('<html');
    expect(piece.html).toContain('£300.00 stays with the authority');
    expect((await ada.open(page.path)).value('Net amount')).toBe('£2,000.00');
    expect((await ada.post(form.getAttribute('data-working')!, new URLSearchParams({ version: '1' }))).status).toBe(
      403,
    );
  });

  it('does one thing once, however often its form is sent', async () => {
    const ada = await signedIn();
    const tasks = await started(ada);
    const form = tasks.root.querySelectorAll('form').find((one) => one.getAttribute('action')?.endsWith('/invoices'))!;
    const fields = new URLSearchParams(
      form.querySelectorAll('input').map((input) => [input.getAttribute('name')!, input.getAttribute('value')!]),
    );
    const [first, second] = await Promise.all(
      [1, 2].map(() =>
        ada.raw(form.getAttribute('action')!, { method: 'POST', body: fields, headers: { origin: ada.base } }),
      ),
    );
    const third = await ada.raw(form.getAttribute('action')!, {
      method: 'POST',
      body: fields,
      headers: { origin: ada.base },
    });
    expect(third.status).toBe(303);
    expect([first!.status, second!.status]).toContain(303);
    expect((await ada.open(formOf(tasks))).root.querySelectorAll('#invoice-2')).toHaveLength(0);
  });
});

describe('two people at one claim', () => {
  it('know of each other, and the later one chooses field by field with nothing lost', async () => {
    const [ada, bea] = [await signedIn(), await signedIn('manager@brent.example')];
    const hers = await withInvoice(ada);
    const his = await bea.open(hers.path.replace(/#.*/, ''));
    expect(his.text).toContain('Amira Vale (demo) opened this page');
    await press(hers, 'Save and see what it comes to', { trainer: 'By Amira', 'lines.l1.net': '2,100.00' });
    const conflict = await press(his, 'Save and continue', {
      trainer: 'By Tobias',
      'lines.l1.description': 'His words',
    });
    expect(conflict.status).toBe(409);
    expect(conflict.heading).toBe('Amira Vale (demo) saved this page while you were writing');
    expect(conflict.root.querySelectorAll('legend').map((legend) => legend.text.trim())).toEqual([
      'Trainer’s name',
      'Line 1: Description',
      'Line 1: Net amount',
    ]);
    const chosen = await press(conflict, 'Save what I chose', { 'choose.lines.l1.net': 'theirs' });
    expect(chosen.notice).toBe('Saved as you chose');
    expect([chosen.value('Trainer’s name'), chosen.value('Description'), chosen.value('Net amount')]).toEqual([
      'By Tobias',
      'His words',
      '2,100.00',
    ]);
  });

  it('can save different pages of it at once', async () => {
    const [ada, bea] = [await signedIn(), await signedIn('manager@brent.example')];
    const hers = await withInvoice(ada);
    const his = await bea.open(`${formOf(hers)}/details`);
    await press(hers, 'Save and see what it comes to', { trainer: 'Changed' });
    expect((await his.press('Save and continue', { 'Purchase order number': 'PO 1' })).status).toBe(200);
  });
});

describe('who may', () => {
  it('a manager prepares and a finance officer submits', async () => {
    const [ada, bea] = [await signedIn(), await signedIn('manager@brent.example')];
    const check = await (await (await withInvoice(bea)).press('Save and continue')).press('Check your answers');
    expect(check.text).toContain('A finance officer of your authority submits the claim.');
    expect(check.root.querySelectorAll('main button').map(({ text }) => text.trim())).toEqual([]);
    const hers = await ada.open(check.path);
    expect((await hers.press('Submit the claim')).heading).toBe('Claim submitted');
  });

  it('not another authority, and not MTM', async () => {
    const page = await withInvoice(await signedIn());
    const addresses = ['', '/details', '/paste', '/evidence', '/check', '/confirmation', '/claim-invoice', '/discard'];
    const other = await signedIn('finance@bristol.example');
    const mtm = await signedIn('finance@mtm.example');
    for (const at of [page.path.slice(formOf(page).length), ...addresses]) {
      expect([at, (await other.open(`${formOf(page)}${at}`)).status]).toEqual([at, 404]);
      expect([at, (await mtm.open(`${formOf(page)}${at}`)).status]).toEqual([at, 403]);
    }
    expect((await mtm.open('/claim-forms')).status).toBe(403);
    expect((await other.open('/claim-forms/nonsense')).status).toBe(404);
  });
});

describe('files', () => {
  const evidenceOf = async (visitor: WebVisitor): Promise<WebPage> => {
    const tasks = await (await withInvoice(visitor)).press('Save and continue');
    return (await tasks.follow('Evidence: invoices')).press('Continue to add files');
  };

  it('of a form of another site are refused before the first byte is taken', async () => {
    const ada = await signedIn();
    const page = await evidenceOf(ada);
    const csrf = page.root.querySelector('form[data-upload] input[name=_csrf]')!.getAttribute('value')!;
    const file = new File([PDF], 'a.pdf', { type: 'application/pdf' });
    const without = new FormData();
    without.append('files', file);
    const late = new FormData();
    late.append('files', file);
    late.append('_csrf', csrf);
    for (const body of [without, late]) expect((await ada.post(page.path, body)).status).toBe(403);
    expect((await ada.open(page.path)).text).toContain('No file yet.');
  });

  it('that cannot be taken are named, and several go at once', async () => {
    const ada = await signedIn();
    const page = await evidenceOf(ada);
    const none = await page.press(
      'Add these files',
      {},
      { Files: new File([], '', { type: 'application/octet-stream' }) },
    );
    expect([none.status, none.errors]).toEqual([400, ['Choose at least one file.']]);
    const wrong = await page.press('Add these files', {}, { Files: new File(['MZ\0\0\0'], 'run.exe') });
    expect([wrong.status, wrong.errors[0]]).toEqual([400, expect.stringMatching(/^run\.exe: /)]);
    const form = wrong.root.querySelector('form[data-upload]')!;
    const body = new FormData();
    for (const name of ['_csrf', '_key'])
      body.append(name, form.querySelector(`input[name=${name}]`)!.getAttribute('value')!);
    for (const name of ['a.pdf', 'b.pdf']) body.append('files', new File([PDF], name, { type: 'application/pdf' }));
    const added = await ada.post(page.path, body);
    expect([added.notice, added.rows().length]).toEqual(['2 files added', 2]);
    const gone = await (await added.follow('Remove')).press('Remove it', { 'Why do you remove it?': 'Twice' });
    expect([gone.notice, gone.rows().length]).toEqual(['File removed', 1]);
  });
});

it('a claim returned is corrected in a form of its own, and one like it can be begun', async () => {
  const ada = await signedIn();
  const check = await (await (await withInvoice(ada)).press('Save and continue')).press('Check your answers');
  const done = await check.press('Submit the claim');
  const claim = done
    .links()
    .find(({ href }) => href.startsWith('/claims/') && href.length > 40)!
    .href.slice('/claims/'.length);
  const mtm = 'finance@mtm.example';
  expect((await service.post(mtm, `/claims/${claim}/return`, { reason: 'The VAT number is missing.' })).status).toBe(
    200,
  );
  const csrf = (await ada.open('/claim-forms/new')).root
    .querySelector('main input[name=_csrf]')!
    .getAttribute('value')!;
  const again = await ada.post('/claim-forms', new URLSearchParams({ _csrf: csrf, claim }));
  expect([again.heading, formOf(again)]).toEqual(['Prepare a claim', formOf(done)]);
  const like = await ada.post('/claim-forms', new URLSearchParams({ _csrf: csrf, like: claim }));
  expect(formOf(like)).not.toBe(formOf(done));
  expect(like.text).toContain('A Trainer Ltd, invoice without a number yet');
  const away = await (await like.follow('Put this claim away')).press('Put it away');
  expect(away.heading).toBe('This claim was put away');
  expect((await away.press('Take it out again')).heading).toBe('Prepare a claim');
});

/** Presses a button with fields filled in by their names: where one label stands on several lines. */
function press(page: WebPage, button: string, fill: Record<string, string>): Promise<WebPage> {
  const pressed = page.root.querySelectorAll('form button').find((one) => one.text.trim() === button)!;
  const form = pressed.closest('form')!;
  const fields: [string, string][] = form.querySelectorAll('input, select').flatMap((field): [string, string][] => {
    const name = field.getAttribute('name');
    if (!name || (field.getAttribute('type') === 'radio' && !field.hasAttribute('checked'))) return [];
    if (name in fill) return [[name, fill[name]!]];
    const chosen = field.querySelectorAll('option').find((option) => option.hasAttribute('selected'));
    return [[name, (chosen ?? field).getAttribute('value') ?? '']];
  });
  const own = pressed.getAttribute('name');
  if (own) fields.push([own, pressed.getAttribute('value') ?? '']);
  return page.visitor.post(form.getAttribute('action')!, new URLSearchParams(fields));
}
