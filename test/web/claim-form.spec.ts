import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { type WebPage } from '../support/web.js';
import {
  formOf,
  INVOICE,
  nextNumber,
  PDF,
  press,
  signInTo,
  started,
  TRAINING,
  withInvoice,
} from './claim-form-support.js';

let service: Service;
beforeAll(async () => {
  service = await Service.start({ web: true });
});
afterAll(() => service?.stop());
const signedIn = signInTo(() => service);

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
    expect(evidence.text).toContain('Still missing:');
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
    expect(added.text).not.toContain('Still missing:');
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
    const restored = await removed.press('Bring it back');
    expect(lines(restored)).toBe(2);
    const another = await restored.press('Save and add another trainer invoice like this one', {
      'Net amount': '£2,010.00',
      VAT: '402',
    });
    expect([another.value('Trainer’s name'), another.value('Invoice number'), another.value('Net amount')]).toEqual([
      ' A Trainer Ltd ',
      '',
      '£2,010.00',
    ]);
    const gone = await (await another.press('Remove this trainer invoice')).press('Remove it');
    expect(gone.text).toContain('Removed: A Trainer Ltd, invoice without a number yet.');
    const back = await gone.press('Bring it back');
    expect(back.notice).toBe('Trainer invoice brought back');
  });

  it('saves what is typed before it leads away from a page', async () => {
    const ada = await signedIn();
    const page = await withInvoice(ada);
    const tasks = await page.press('Back', { 'Trainer’s name': 'Typed before Back', 'Net amount': '' });
    expect([tasks.heading, tasks.status, tasks.path]).toEqual(['Prepare a claim', 200, formOf(page)]);
    expect(tasks.text).toContain('Typed before Back');
    const invoice = page.path.replace(/[?#].*/, '');
    expect((await ada.open(invoice)).value('Net amount')).toBe('');
    const asked = await (await ada.open(invoice)).press('Remove this trainer invoice', { 'Net amount': '1,900' });
    expect(asked.heading).toBe('Remove this trainer invoice from the claim?');
    expect((await ada.open(invoice)).value('Net amount')).toBe('1,900');
    const details = await ada.open(`${formOf(page)}/details`);
    const first = details.root.querySelector('button[form=page-form], #page-form button')!;
    expect(first.getAttribute('value')).toBe('continue');
    expect((await details.press('Back', { 'Your reference': 'CS-9' })).heading).toBe('Prepare a claim');
    expect((await ada.open(details.path)).value('Your reference')).toBe('CS-9');
  });

  it('lets a page’s script save what is typed, unless somebody has saved the page since', async () => {
    const [ada, bea] = [await signedIn(), await signedIn('manager@brent.example')];
    const page = await withInvoice(ada);
    const invoice = page.path.replace(/[?#].*/, '');
    for (const [path, label, name] of [
      [invoice, 'Trainer’s name', 'trainer'],
      [`${formOf(page)}/details`, 'Your reference', 'authorityReference'],
    ] as const) {
      const [hers, his] = [await ada.open(path), await bea.open(path)];
      const send = (of: WebPage, value: string) => {
        const fields = ['_csrf', 'version'].map((field): [string, string] => [
          field,
          of.root.querySelector(`#page-form input[name=${field}]`)!.getAttribute('value')!,
        ]);
        const body = new URLSearchParams([...fields, [name, value]]);
        return of.visitor.raw(path, { method: 'POST', body, headers: { origin: ada.base, accept: 'text/plain' } });
      };
      const seen = Number(hers.root.querySelector('#page-form input[name=version]')!.getAttribute('value'));
      const saved = await send(hers, 'As she left it');
      expect([path, saved.status, (await saved.text()).trim()]).toEqual([path, 200, String(seen + 1)]);
      expect([path, (await send(his, 'As he left it')).status]).toEqual([path, 409]);
      expect((await bea.open(path)).value(label)).toBe('As she left it');
    }
  });

  it('presses the harmless button for whoever presses Enter', async () => {
    const page = await withInvoice(await signedIn());
    const first = page.root.querySelector('form[data-working] button, button[form=page-form]')!;
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
    const pasting = await page.press('Paste lines from a spreadsheet');
    const pasted = await pasting.press('Add these rows', { 'Rows, with their headings': rows.join('\n') });
    expect(pasted.notice).toBe('24 rows pasted into 1 trainer invoice');
    const last = await pasted.press('Part 3');
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
      form
        .querySelectorAll('input')
        .map((input): [string, string] => [input.getAttribute('name')!, input.getAttribute('value')!]),
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
