import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { type WebPage, type WebVisitor } from '../support/web.js';
import { formOf, PDF, press, signInTo, withInvoice } from './claim-form-support.js';

let service: Service;
beforeAll(async () => {
  service = await Service.start({ web: true });
});
afterAll(() => service?.stop());
const signedIn = signInTo(() => service);

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

  it('what is typed is the authority’s alone until it is a draft, and the page says so', async () => {
    const ada = await signedIn();
    const list = await ada.open('/claim-forms');
    expect(list.text).toContain('MTM’s people and auditors can read drafts.');
    expect(list.text).not.toContain('Nobody outside your authority');
    const page = await press(await withInvoice(ada), 'Save and see what it comes to', { trainer: 'Not Yet Seen Ltd' });
    const seen = async () => {
      const { rows } = await service.admin.query<{ claim_id: string | null }>(
        'SELECT claim_id FROM claim_form WHERE id = $1',
        [formOf(page).split('/').at(-1)],
      );
      const claim = rows[0]!.claim_id;
      if (claim === null) return [];
      const people = ['finance@mtm.example', 'auditor@mtm.example', 'finance@bristol.example'];
      return Promise.all(
        people.map(async (email) =>
          (await (await signedIn(email)).open(`/claims/${claim}`)).text.includes('Not Yet Seen Ltd'),
        ),
      );
    };
    expect(await seen()).toEqual([]);
    await (await page.press('Save and continue')).press('Check your answers');
    expect(await seen()).toEqual([true, true, false]);
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
    const csv = await ada.raw(added.links().find(({ text }) => text === 'Download as CSV')!.href);
    expect([csv.status, csv.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(
      (await csv.text())
        .trim()
        .split('\r\n')
        .map((row) => /[ab]\.pdf/.exec(row)?.[0]),
    ).toEqual([undefined, 'a.pdf', 'b.pdf']);
    const gone = await (await added.follow('Remove')).press('Remove it', { 'Why do you remove it?': 'Twice' });
    expect([gone.notice, gone.rows().length]).toEqual(['File removed', 1]);
  });
});

it('answers whatever is sent to it without a fault, and keeps none of it', async () => {
  const ada = await signedIn();
  const page = await withInvoice(ada);
  const csrf = page.root.querySelector('main input[name=_csrf]')!.getAttribute('value')!;
  const at = formOf(page);
  const invoice = page.path.replace(/[?#].*/, '');
  const nasty = [
    '\u0000',
    '\u202e',
    '\ud800',
    "'; DROP TABLE claim_form; --",
    '<script>',
    '9'.repeat(5_000),
    '-1',
    'l1',
    '{}',
    '',
  ];
  const names = [
    'version',
    'trainer',
    'lines.l1.net',
    'lines.l99.net',
    'lines.__proto__.net',
    'do',
    'rows',
    'like',
    'claim',
    'programme',
    'keep',
    'choose.trainer',
  ];
  const paths = ['', '/details', '/details/choose', '/invoices', '/paste', '/paste?invoice=x', '/finish', '/submit'];
  const targets = [
    ...paths.map((path) => `${at}${path}`),
    invoice,
    `${invoice}?part=x`,
    `${invoice}/working`,
    `${invoice}/choose`,
    '/claim-forms',
  ];
  const faults: string[] = [];
  let sent = 0;
  for (const target of targets) {
    for (const value of [nasty[sent % nasty.length]!, nasty[(sent * 7 + 3) % nasty.length]!]) {
      const fields: [string, string][] = names.map((name, n) => [name, sent % 3 === n % 3 ? value : '1']);
      const body = new URLSearchParams([['_csrf', csrf], ...fields, ['trainer', 'twice'], ['do', `remove:${value}`]]);
      const { status } = await ada.raw(target, { method: 'POST', body, headers: { origin: ada.base } });
      if (status >= 500) faults.push(`${target} ${JSON.stringify(value)}: ${status}`);
      sent += 1;
    }
  }
  expect(faults).toEqual([]);
  expect((await ada.open(invoice)).value('Trainer’s name')).toBe(' A Trainer Ltd ');
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
  const { body: submitted } = await service.get<{ trainerInvoices: { lines: { id: string }[] }[] }>(
    mtm,
    `/claims/${claim}`,
  );
  const lines = [{ lineId: submitted.trainerInvoices[0]!.lines[0]!.id, reason: 'Which days <b>were</b> these?' }];
  const sent = { reason: 'The VAT number is missing.', lines };
  expect((await service.post(mtm, `/claims/${claim}/return`, sent)).status).toBe(200);
  const csrf = (await ada.open('/claim-forms/new')).root
    .querySelector('main input[name=_csrf]')!
    .getAttribute('value')!;
  const again = await ada.post('/claim-forms', new URLSearchParams({ _csrf: csrf, claim }));
  expect([again.heading, formOf(again)]).toEqual(['Prepare a claim', formOf(done)]);
  expect(again.text).toContain('MTM returned this claim for you to correct The VAT number is missing.');
  expect(again.text).toContain('Safety planning, two days: Which days <b>were</b> these?');
  const corrected = await again.follow('Safety planning, two days');
  const about = (page: WebPage) =>
    page.root.querySelectorAll('.app-line .govuk-inset-text').map(({ text }) => text.trim());
  expect(about(corrected)).toEqual(['MTM returned the claim and said about this line: Which days <b>were</b> these?']);
  const rewritten = await corrected.press('Save and see what it comes to', {
    Description: 'Safety planning on two days',
  });
  expect(about(rewritten)).toEqual([]);
  expect(rewritten.text).toContain('said about “Safety planning, two days”: Which days <b>were</b> these?');
  const like = await ada.post('/claim-forms', new URLSearchParams({ _csrf: csrf, like: claim }));
  expect(formOf(like)).not.toBe(formOf(done));
  expect(like.text).toContain('A Trainer Ltd, invoice without a number yet');
  const away = await (await like.follow('Put this claim away')).press('Put it away');
  expect(away.heading).toBe('This claim was put away');
  expect((await away.press('Take it out again')).heading).toBe('Prepare a claim');
});

describe('claims put away', () => {
  it('are listed, the last put away first, and taken out again from there', async () => {
    const ada = await signedIn();
    const page = await withInvoice(ada);
    const typed = await press(page, 'Save and come back later', { trainer: 'Away Ltd' });
    await (await typed.follow('Put this claim away')).press('Put it away');
    const empty = await (await ada.open('/claim-forms/new')).press('Start');
    await (await empty.follow('Put this claim away')).press('Put it away');
    const list = await ada.open('/claim-forms');
    const away = () => list.rows('[aria-label="Claims put away"]');
    expect(away().map(([title]) => title)).toEqual(['No trainer invoice yet', 'Away Ltd']);
    expect(away()[1]![3]).toContain('by Amira Vale (demo)');
    expect(list.links().filter(({ href }) => href.endsWith('/download'))).toEqual([
      { text: 'Download as CSV', href: '/claim-forms/download' },
      { text: 'Download as CSV', href: '/claim-forms/put-away/download' },
    ]);
    const open = (await (await ada.raw('/claim-forms/download')).text()).trim().split('\r\n');
    expect(open[0]).toContain('id,programme,authority,trainers,trainerInvoices,claimId,claimState,savedAt,savedBy');
    expect(open).toHaveLength(1 + list.rows('[aria-label="Claims in preparation"]').length);
    const file = await ada.raw('/claim-forms/put-away/download');
    const rows = (await file.text()).trim().split('\r\n');
    expect([file.status, rows.length, rows[0]]).toEqual([200, 3, expect.stringContaining('putAwayAt,putAwayBy')]);
    expect(rows[2]).toContain(`${formOf(page).split('/').at(-1)},EIP2,BRENT,Away Ltd,1,,`);
    // The manager of the same authority may, too; another authority sees nothing of it.
    const bea = await signedIn('manager@brent.example');
    const out = await (await bea.open('/claim-forms')).press('Take it out again (Away Ltd');
    expect([out.notice, formOf(out)]).toEqual(['You can go on with this claim', formOf(page)]);
    expect((await ada.open('/claim-forms')).rows('[aria-label="Claims put away"]')).toHaveLength(1);
    expect((await (await signedIn('finance@bristol.example')).open('/claim-forms')).text).not.toContain('Put away');
  });

  it('of a draft that is continued in another form are told of, and wait for that one', async () => {
    const ada = await signedIn();
    const check = await (await (await withInvoice(ada)).press('Save and continue')).press('Check your answers');
    const claim = (
      await service.admin.query<{ claim_id: string }>('SELECT claim_id FROM claim_form WHERE id = $1', [
        formOf(check).split('/').at(-1),
      ])
    ).rows[0]!.claim_id;
    await press(
      await ada.open((await ada.open(formOf(check))).links().find(({ text }) => text.startsWith('A Trainer'))!.href),
      'Save and come back later',
      { trainer: 'Typed later' },
    );
    await (await (await ada.open(formOf(check))).follow('Put this claim away')).press('Put it away');
    const again = await (await ada.open(`/claims/${claim}`)).press('Continue this claim');
    expect(formOf(again)).not.toBe(formOf(check));
    expect(again.notice).toContain('Another form of this claim was put away');
    const row = () => ada.open('/claim-forms').then((list) => list.rows('[aria-label="Claims put away"]')[0]!);
    expect(await row()).toEqual([
      'Typed later',
      '1',
      'Draft',
      expect.any(String),
      'Put its claim’s other form away first',
    ]);
    await (await again.follow('Put this claim away')).press('Put it away');
    const out = await (await ada.open('/claim-forms')).press('Take it out again (Typed later');
    expect([formOf(out), out.text]).toEqual([formOf(check), expect.stringContaining('Typed later')]);
  });
});
