import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { simpleBody } from '../integration/claims-support.js';
import { Funding } from '../integration/funding-support.js';
import { finance, MTM } from '../support/people.js';
import { Service } from '../support/service.js';
import { WebVisitor, type WebPage } from '../support/web.js';

jest.setTimeout(180_000);

const BRENT = finance('BRENT');
const RULE = {
  ...{ 'Draw every claim above': '£500', 'Share of the value to check': '15' },
  'Seed (optional)': 'spring',
};

let service: Service;
let fin: WebVisitor;
let other: WebVisitor;
let brent: WebVisitor;

beforeAll(async () => {
  service = await Service.start({ web: true });
  const funding = new Funding(service);
  for (let at = 0; at < 3; at++) await funding.approved(100_00 + at);
  await funding.claims.approved(simpleBody('BRISTOL', { trainerDays: '1', netPence: 100_000 }));
  await funding.approved(500_01, 'NORFOLK');
  service.clock.set('2018-05-02T09:00:00.000Z');
  service.signInAgain();
  [fin, other, brent] = [await signedIn(MTM.finance), await signedIn(MTM.finance2), await signedIn(BRENT)];
});
afterAll(() => service?.stop());

async function signedIn(email: string): Promise<WebVisitor> {
  const visitor = new WebVisitor(service.base);
  await visitor.signIn(email);
  return visitor;
}

/** Types a date into its three fields: their labels are the same for both dates of the form. */
function day(page: WebPage, name: string, [d, m, y]: readonly [string, string, string]): void {
  for (const [part, value] of [['day', d] as const, ['month', m] as const, ['year', y] as const])
    page.root.querySelector(`input[name="${name}-${part}"]`)!.setAttribute('value', value);
}

async function drawPage(): Promise<WebPage> {
  const page = await (await (await fin.open('/')).follow('Assurance samples')).follow('Draw a sample');
  day(page, 'from', ['1', '4', '2018']);
  day(page, 'to', ['30', '4', '2018']);
  return page;
}

/** The page of the drawn claim of an authority. */
async function drawn(visitor: WebVisitor, authority: string): Promise<WebPage> {
  const list = await visitor.open(`/assurance/asked?authority=${authority}&state=requested`);
  return list.follow(`EIP2-${authority}-`);
}

describe('assurance on the pages', () => {
  it('says what to do before there is a sample, to each who looks', async () => {
    expect((await fin.open('/assurance')).text).toContain('No sample was drawn yet.');
    expect((await (await brent.open('/')).follow('Evidence asked for')).text).toContain('Nothing is asked of you.');
    expect((await brent.open('/assurance')).status).toBe(403);
    const auditor = await signedIn(MTM.auditor);
    expect((await auditor.open('/assurance')).links().map(({ text }) => text)).not.toContain('Draw a sample');
    expect((await auditor.open('/assurance/draw')).status).toBe(403);
  });

  it('names what was left out of a sample, and keeps what was typed', async () => {
    const page = await (
      await fin.open('/assurance/draw')
    ).press('Check how it is drawn', {
      'Share of the value to check': '5',
    });
    expect([page.status, page.errors]).toEqual([
      400,
      [
        ...['Enter the first day.', 'Enter the last day.', 'Enter the amount above which every claim is drawn.'],
        expect.stringMatching(/10/),
      ],
    ]);
    expect(page.value('Share of the value to check')).toBe('5');
  });

  it('draws a sample after saying how, and never whom', async () => {
    const asked = await drawPage();
    day(asked, 'to', ['3', '5', '2018']);
    const check = await asked.press('Check how it is drawn', RULE);
    expect(check.text).toContain('Every claim that was approved from 1 April 2018 to 3 May 2018 and still is.');
    expect(check.text).toContain('at least 15% of all of them');
    expect(check.html).not.toContain('EIP2-BR');
    // The day is not over: the use case says so, at the field.
    const refused = await check.press('Draw the sample and ask for evidence');
    expect([refused.status, refused.errors]).toEqual([400, ['This day is not over.']]);
    day(refused, 'to', ['30', '4', '2018']);
    const again = await refused.press('Check how it is drawn');
    const changed = await again.press('Change something');
    expect([changed.value('Seed (optional)'), changed.value('Draw every claim above')]).toEqual(['spring', '£500']);
    const twice = await Promise.all([
      again.press('Draw the sample and ask for evidence'),
      again.press('Draw the sample and ask for evidence'),
    ]);
    expect(twice.map(({ status, path }) => [status, path])).toEqual([
      [200, twice[0]!.path],
      [200, twice[0]!.path],
    ]);
    expect(twice.map(({ notice }) => notice).join()).toContain('3 claims of 5 are drawn');
    expect((await fin.open('/assurance')).rows()).toHaveLength(1);
  });

  it('shows a sample with all that an auditor draws it again from', async () => {
    const page = await (await fin.open('/assurance')).follow('1 April 2018 to 30 April 2018');
    expect(page.text).toContain('3 of 3 claims are not checked yet');
    expect(page.text).toContain('spring');
    expect(page.rows().map((row) => [row[1], row[3]?.replace(/ Place.*/, '')])).toEqual(
      expect.arrayContaining([
        ['BRENT', expect.stringContaining('One of each authority')],
        ['BRISTOL', expect.stringContaining('One of each authority')],
        ['NORFOLK', expect.stringContaining('Above the threshold')],
      ]),
    );
    const hrefs = page.links().filter(({ href }) => href.endsWith('/download'));
    const [items, population] = await Promise.all(hrefs.map(async ({ href }) => (await fin.raw(href)).text()));
    expect(items!.trim().split('\r\n')).toHaveLength(4);
    const lines = population!.trim().split('\r\n').slice(1);
    const hash = createHash('sha256')
      .update(`${[...lines].sort().join('\n')}\n`)
      .digest('hex');
    expect(lines).toHaveLength(5);
    expect(page.text).toContain(hash);
    expect((await page.press('Show', { Status: 'Passed' })).text).toContain('No claim of this sample has this status.');
    expect((await fin.open(`${page.path}?state=lost`)).status).toBe(400);
    expect((await brent.open(page.path)).status).toBe(404);
  });

  it('tells an authority what is asked of it, and leads to where it is added', async () => {
    const list = await brent.open('/assurance/asked');
    expect(list.rows().map((row) => row.at(-1))).toEqual(['Evidence asked for']);
    expect(list.html).not.toContain('NORFOLK');
    const page = await list.follow('EIP2-BRENT-');
    expect(page.text).toContain('the proof that the trainer was paid');
    expect(page.text).not.toContain('What did the check come to?');
    const add = page.links().find(({ text }) => text === 'Add the evidence')!;
    const claimId = /\/claims\/([^/]+)\/evidence$/.exec(add.href)![1]!;
    const form = new FormData();
    form.append('files', new Blob(['day,name\n2018-03-12,Group 1\n'], { type: 'text/csv' }), 'register.csv');
    const headers = { 'idempotency-key': uuid() };
    const added = await service.call(BRENT, 'POST', `/claims/${claimId}/evidence`, { body: form, headers });
    expect(added.status).toBe(201);
    const mine = await drawn(fin, 'BRENT');
    expect(mine.text).toContain('To be checked');
    expect(mine.text).toContain('added on 2 May 2018, after it was asked for');
    const file = mine.links().find(({ text }) => text === 'register.csv')!;
    expect((await fin.raw(file.href)).status).toBe(200);
    const more = new FormData();
    for (let at = 1; at <= 20; at++)
      more.append('files', new Blob([`day,name\n2018-03-12,Group ${at}\n`], { type: 'text/csv' }), `group-${at}.csv`);
    const all = await service.call(BRENT, 'POST', `/claims/${claimId}/evidence`, {
      body: more,
      headers: { 'idempotency-key': uuid() },
    });
    expect(all.status).toBe(201);
    const first = await drawn(fin, 'BRENT');
    expect(first.links().filter(({ text }) => text.endsWith('.csv'))).toHaveLength(20);
    expect(first.text).toContain('These are 20 of 21 files');
    expect((await first.follow('See all 21 files')).text).toContain('group-20.csv');
    expect((await (await signedIn(finance('BRISTOL'))).open(mine.path)).status).toBe(404);
  });

  it('records that a claim passed, not by who reviewed it, and once', async () => {
    const reviewed = await drawn(fin, 'BRENT');
    const maker = reviewed.text.includes('another person must record') ? fin : other;
    const checker = maker === fin ? other : fin;
    expect((await drawn(maker, 'BRENT')).text).toContain('another person must record it');
    const page = await drawn(checker, 'BRENT');
    const done = await page.press('The evidence bears it out', { 'What you looked at (optional)': 'The register' });
    expect(done.notice).toContain('passed its check');
    expect(done.text).toContain('2 of 3 claims are not checked yet; 1 passed');
    const late = await page.press('The evidence bears it out', { 'What you looked at (optional)': 'Twice' });
    expect([late.status, late.errors.length]).toEqual([400, 1]);
    const theirs = await (await brent.open('/assurance/asked')).follow('EIP2-BRENT-');
    expect([theirs.text.includes('The register'), theirs.text.includes('Greta')]).toEqual([true, false]);
  });

  it('takes back what is not borne out by an adjustment that is proposed with it', async () => {
    const checker = (await drawn(fin, 'BRISTOL')).text.includes('another person must record') ? other : fin;
    const page = await (await drawn(checker, 'BRISTOL')).follow('Something is not borne out');
    const nothing = await page.press('See what it takes back');
    expect(nothing.errors).toEqual(['Say what the evidence does not bear out.']);
    const lines = await nothing.press('See what it takes back', {
      'What does the evidence not bear out?': 'Half a day',
    });
    expect([lines.status, lines.errors]).toEqual([400, [expect.stringContaining('Name the lines')]]);
    const part = lines.root.querySelectorAll('input[type=radio]');
    for (const radio of part) {
      if (radio.getAttribute('value') === 'part') radio.setAttribute('checked', '');
      else radio.removeAttribute('checked');
    }
    const look = await lines.press('See what it takes back', { 'Right net amount of line 1': '500' });
    expect(look.heading).toMatch(/^Check what you found of EIP2-BRISTOL-/);
    expect(look.text).toContain('£250.00 would be taken back.');
    const back = await look.press('Change something');
    expect(back.value('Right net amount of line 1')).toBe('500');
    const done = await look.press('Record it and propose to take £250.00 back');
    expect(done.notice).toContain('An adjustment is proposed of it.');
    expect(done.text).toContain('Not borne out');
    const adjustment = await done.follow('See the adjustment');
    expect(adjustment.text).toContain('Half a day');
    const again = await checker.open(`${done.path}/failed`);
    expect(again.text).toContain('What the check came to is recorded already, and stays.');
  });
});
