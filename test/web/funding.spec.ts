import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Funding } from '../integration/funding-support.js';
import { finance, MTM } from '../support/people.js';
import { Service } from '../support/service.js';
import { WebVisitor, type WebPage } from '../support/web.js';

jest.setTimeout(120_000);

let service: Service;
let funding: Funding;
let fin: WebVisitor;
beforeAll(async () => {
  service = await Service.start({ web: true });
  funding = new Funding(service);
  fin = await signedIn(MTM.finance);
});
afterAll(() => service?.stop());
afterEach(() => funding.clear());

async function signedIn(email: string): Promise<WebVisitor> {
  const visitor = new WebVisitor(service.base);
  await visitor.signIn(email);
  return visitor;
}

/** What a page lists under a caption. */
const table = (page: WebPage, caption: string): string[][] => {
  const found = page.root
    .querySelectorAll('table')
    .find((one) => one.querySelector('caption')?.text.trim() === caption);
  return (found?.querySelectorAll('tbody tr') ?? []).map((row) =>
    row.querySelectorAll('th, td').map((cell) => cell.text.replace(/\s+/g, ' ').trim()),
  );
};

const form = (amount: string, reference: string, day = '2') => ({
  Amount: amount,
  Day: day,
  Month: '4',
  Year: '2018',
  'Bank reference': reference,
});

describe('funding on the pages', () => {
  it('says where the money stands, step by step, and leads to each list', async () => {
    await funding.queue(100_00, 200_00);
    const page = await fin.open('/funding');
    expect(page.heading).toBe('Funding');
    expect(page.text).toContain('£300.00');
    expect(page.text).toContain('2 claims that MTM has not asked DfE for');
    expect(page.text).toContain('Figures as of now, 3 April 2018 at 10:00am.');
    expect(table(page, 'Approved and not paid, by authority')[0]).toEqual(
      expect.arrayContaining(['BRENT', '£300.00', '2']),
    );
    const csv = await fin.raw('/funding/download');
    expect(csv.headers.get('content-type')).toContain('text/csv');
    expect(await csv.text()).toContain('BRENT,not_asked,2,30000');
    expect((await page.follow('Ask for it')).heading).toBe('Make a funding request');
    expect((await fin.open('/funding/queue?state=funded')).text).toContain('No claim on its way to be paid');
  });

  it('makes a request of one authority’s claims: preview, draft, submit, schedule', async () => {
    await funding.queue(100_00, 200_00);
    await funding.approved(70_00, 'BRISTOL');
    const chosen = await fin.open('/funding/requests/new');
    expect(chosen.text).toContain('3 claims, £370.00');
    const preview = await chosen.press('See what it comes to', {
      'Those of one authority': true,
      Authority: 'BRENT: 2 claims, £300.00',
    });
    expect(preview.heading).toBe('DfE would be asked for £300.00');
    expect(table(preview, 'By authority')).toEqual([['BRENT', '2', '£300.00']]);
    expect((await preview.follow('Download as CSV')).html).toContain(
      'authority,claimCount,amountPence\r\nBRENT,2,30000',
    );
    expect((await fin.open('/funding/requests')).rows()).toEqual([]);
    const draft = await preview.press('Keep as a draft request');
    expect(draft.notice).toContain('A draft of 2 claims is kept');
    expect(draft.heading).toContain('Draft of 3 April 2018');
    const asked = await draft.follow('Submit it');
    expect(asked.heading).toBe('Ask DfE for £300.00');
    const submitted = await asked.press('Submit the request');
    expect(submitted.heading).toContain('EIP2-FR-0001');
    expect(submitted.notice).toContain('EIP2-FR-0001 is submitted It asks for £300.00');
    // Pressed twice, or on an old page: what it is now is told, and nothing is done again.
    const again = await asked.press('Submit the request');
    expect([again.status, again.heading]).toEqual([200, submitted.heading]);
    const pdf = await fin.raw(`${submitted.path}/schedule.pdf`);
    expect([pdf.status, pdf.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    const csv = await (await fin.raw(`${submitted.path}/schedule/download`)).text();
    expect(csv).toContain('BRENT,targeted');
    expect(await (await fin.raw(`${submitted.path}/claims/download`)).text()).toContain('EIP2-BRENT-');
    expect((await fin.open('/funding/requests')).rows()[0]).toEqual([
      'EIP2-FR-0001',
      'Asked for',
      '2',
      '£300.00',
      '£300.00',
      '3 April 2018',
    ]);
  });

  it('makes a request of claims ticked by hand, and gives a draft up', async () => {
    const [a] = (await funding.queue(100_00, 200_00)) as [string];
    const page = await fin.open('/funding/requests/choose');
    const none = await page.press('See what it comes to');
    expect([none.status, none.errors]).toEqual([400, ['Tick at least one claim.']]);
    const name = (await funding.claims.read(MTM.finance, a)).invoiceNumber as string;
    expect(await (await fin.raw('/funding/requests/choose/download')).text()).toContain(`${a},BRENT,${name},10000`);
    const preview = await none.press('See what it comes to', { [`Ask for ${name}`]: true });
    expect(preview.heading).toBe('DfE would be asked for £100.00');
    const draft = await preview.press('Keep as a draft request');
    expect(table(draft, 'Claims of this request').map((row) => row[0])).toEqual([name]);
    // Somebody else asks for the same claim by then.
    const late = await preview.press('Keep as a draft request');
    expect(late.heading).toBe(draft.heading);
    const other = await fin.open(`/funding/requests/preview?which=hand&claimIds=${a}`);
    expect([other.status, other.heading]).toEqual([400, 'Make a funding request']);
    expect(other.errors[0]).toContain('Not approved, on hold');
    const asked = await draft.follow('Cancel the draft');
    const refused = await asked.press('Cancel the draft');
    expect([refused.status, refused.errors.length]).toEqual([400, 1]);
    const cancelled = await refused.press('Cancel the draft', { 'Why it is cancelled': 'Too early' });
    expect(cancelled.notice).toContain('The draft is cancelled');
    expect(cancelled.text).toContain('Too early');
    expect((await fin.open('/funding/requests/choose')).text).toContain(name);
  });

  it('shows what a receipt would fund and why the rest waits, and another person confirms it', async () => {
    await funding.queue(1000_00, 500_00, 200_00);
    const asked = await fin.open('/funding/receipts/new');
    const wrong = await asked.press('See what it would fund', { ...form('about £1,200', ''), Day: '31' });
    expect(wrong.status).toBe(400);
    expect(wrong.errors).toEqual([
      'Enter an amount in pounds and pence, like 1,234.50.',
      'Enter a real date, like 19 3 2018.',
      'Enter the reference as the bank shows it.',
    ]);
    expect([wrong.value('Amount'), wrong.value('Day')]).toEqual(['about £1,200', '31']);
    const preview = await wrong.press('See what it would fund', form(' £1,200.00 ', 'DFE 77'));
    expect(preview.heading).toBe('What £1,200.00 would fund');
    expect(preview.text).toContain('£1,200.00 would fund 1 claim, and £200.00 would be left.');
    const waiting = table(preview, 'What still waits, and why').filter(([, , , why]) => !why?.includes('hold'));
    expect(waiting.map((row) => row[3])).toEqual([
      '£200.00 left is less than its £500.00',
      expect.stringMatching(/^None overtakes: EIP2-BRENT-\d+ comes first$/),
    ]);
    const file = async (page: WebPage) => {
      const { html } = await page.follow('Download all of them as CSV');
      return html
        .trim()
        .split('\r\n')
        .slice(1)
        .filter((line) => !line.includes('hold'));
    };
    const told = await file(preview);
    expect(told).toEqual([
      expect.stringMatching(/^funded,.*,BRENT,EIP2-BRENT-\d+,100000,/),
      expect.stringMatching(/^waits,.*,50000,.*less than its £500\.00/),
      expect.stringMatching(/^waits,.*,20000,.*comes first/),
    ]);
    expect((await fin.open('/funding/receipts?state=recorded')).rows()).toEqual([]);
    const recorded = await preview.press('Record the receipt');
    expect(recorded.notice).toContain('The receipt of £1,200.00 is recorded');
    expect(recorded.text).toContain('another person must confirm it');
    expect(recorded.links().some(({ text }) => text === 'Check and confirm')).toBe(false);
    const own = await fin.open(`${recorded.path}/confirm`);
    expect(own.text).toMatch(/Ask one of: .+A bank statement/);
    expect(own.root.querySelector('textarea')).toBeNull();

    const other = await signedIn(MTM.finance2);
    const check = await (await other.open(recorded.path)).follow('Check and confirm');
    expect(check.heading).toBe('Confirm that £1,200.00 came');
    expect(await file(check)).toEqual(told);
    const lacking = await check.press('Confirm the receipt');
    expect([lacking.status, lacking.errors]).toEqual([400, ['Say what shows that the money came.']]);
    const confirmed = await lacking.press('Confirm the receipt', {
      'What shows that the money came': 'Advice of 2 April, page 1',
    });
    expect(confirmed.notice).toContain('It funded 1 claim; £200.00 is left');
    expect(table(confirmed, 'Funded by its confirmation')).toHaveLength(1);
    expect(await file(confirmed)).toEqual([expect.stringMatching(/^funded,/)]);
    // Too late: an old page of the same step only shows how things are.
    expect((await check.press('Confirm the receipt', { 'What shows that the money came': 'x' })).text).toContain(
      'Advice of 2 April, page 1',
    );

    const reverse = await confirmed.follow('Reverse it');
    expect(reverse.text).toContain('1 claim it funded will wait for money again');
    expect((await reverse.press('Reverse the receipt')).errors).toEqual(['Say why it is reversed.']);
    const reversed = await reverse.press('Reverse the receipt', { 'Why it is reversed': 'The bank took it back' });
    expect(reversed.notice).toContain('The receipt is reversed');
    expect(reversed.text).toContain('The bank took it back');
    expect((await fin.open('/funding/queue?state=funded')).text).toContain('No claim on its way to be paid');
  });

  it('refuses a receipt that is recorded already, or from the future, and keeps what was typed', async () => {
    await (
      await (await fin.open('/funding/receipts/new')).press('See what it would fund', form('12', 'DFE 9'))
    ).press('Record the receipt');
    const twice = await (
      await fin.open('/funding/receipts/new')
    ).press('See what it would fund', form('12.00', 'dfe-9'));
    expect([twice.status, twice.errors[0]]).toEqual([400, expect.stringContaining('recorded already')]);
    const future = await twice.press('See what it would fund', form('13', 'DFE 10', '9'));
    expect([future.status, future.errors]).toEqual([
      400,
      ['Money cannot have come after today. Enter the day the bank booked it.'],
    ]);
    expect(future.value('Bank reference')).toBe('DFE 10');
  });

  it('names a request in a receipt by a choice, and the queue says why and when', async () => {
    const [a] = (await funding.queue(300_00)) as [string];
    const request = await funding.submittedRequest({ claimIds: [a] });
    const page = await fin.open(`/funding/receipts/new?request=${request.id}`);
    expect(page.root.querySelector('option[selected]')?.text).toContain(String(request.number));
    const queue = await fin.open('/funding/queue?state=approved');
    expect(
      queue
        .rows()
        .find((row) => row[6]?.includes('DfE to pay MTM'))
        ?.slice(1, 6),
    ).toEqual(['1', 'BRENT', '£300.00', '0 days', '2 June 2018']);
    expect(await (await fin.raw('/funding/queue/download?state=approved')).text()).toContain('DfE to pay MTM');
    expect((await fin.open('/funding/queue?state=lost')).status).toBe(400);
  });

  it('shows an auditor everything and no button, and an authority nothing but its own queue', async () => {
    const auditor = await signedIn(MTM.auditor);
    for (const path of ['/funding', '/funding/requests', '/funding/receipts', '/funding/queue']) {
      const page = await auditor.open(path);
      expect([path, page.status]).toEqual([path, 200]);
      expect(page.root.querySelectorAll('main form[method=post]')).toHaveLength(0);
      expect(page.links().some(({ text }) => /^(Make|Record)/.test(text))).toBe(false);
    }
    expect((await auditor.open('/funding/receipts/new')).status).toBe(403);
    for (const path of ['new', 'choose', 'preview'])
      expect([path, (await auditor.open(`/funding/requests/${path}`)).status]).toEqual([path, 403]);
    const brent = await signedIn(finance('BRENT'));
    for (const path of ['/funding', '/funding/requests', '/funding/receipts']) {
      expect([path, (await brent.open(path)).status]).toEqual([path, 403]);
    }
    await funding.approved(10_00, 'BRISTOL');
    expect((await brent.open('/funding/queue')).text).not.toContain('BRISTOL');
    expect((await fin.open('/funding/receipts/0190a000-0000-7000-8000-000000000000')).status).toBe(404);
  });
});
