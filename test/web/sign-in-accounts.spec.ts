import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Claims, finance, MTM, simpleBody } from '../integration/claims-support.js';
import { Service } from '../support/service.js';
import { type WebPage, type WebVisitor } from '../support/web.js';
import { Accounts, PASSWORD } from './accounts-support.js';

const NEXT = 'lantern orchard seven';
const MINUTE = 60_000;

let service: Service;
let accounts: Accounts;
beforeAll(async () => {
  service = await Service.start({ web: true });
  accounts = new Accounts(service);
});
afterAll(() => service?.stop());

const keyOn = (page: WebPage): string => page.root.querySelector('#key strong')?.text ?? '';

describe('an invitation', () => {
  it('lets somebody choose a password and signs them in, once', async () => {
    const user = await accounts.create();
    const path = await accounts.invite(user);
    const visitor = accounts.visitor();
    const form = await visitor.open(path);
    expect([form.heading, form.text.includes(user.email)]).toEqual(['Choose your password', true]);
    const short = await form.press('Save the password', { 'New password': 'short' });
    expect([short.status, short.errors.length]).toEqual([400, 1]);
    const home = await short.press('Save the password', { 'New password': PASSWORD });
    expect([home.path, home.text.includes(user.name)]).toEqual(['/', true]);

    const again = await accounts.visitor().open(path);
    expect([again.status, again.heading]).toEqual([404, 'This link does not work any more']);
    const late = await form.press('Save the password', { 'New password': NEXT });
    expect(late.status).not.toBe(200);
    expect((await accounts.signIn(user, NEXT)).status).toBe(400);
    expect((await accounts.signIn(user)).path).toBe('/');
  });

  it('says nothing of a token nobody has', async () => {
    const page = await accounts.visitor().open(`/invitation/${'x'.repeat(43)}`);
    expect([page.status, page.heading]).toEqual([404, 'This link does not work any more']);
    expect((await accounts.visitor().open('/invitation/..%2f..%2fetc')).status).toBe(404);
  });
});

describe('MTM’s people', () => {
  it('set a second factor up with their first password, and need it from then on', async () => {
    const user = await accounts.create('MTM', ['mtm_finance']);
    const visitor = accounts.visitor();
    const form = await visitor.open(await accounts.invite(user));
    const setUp = await form.press('Save the password', { 'New password': PASSWORD });
    expect(setUp.path).toBe('/sign-in/second-factor');
    expect(setUp.root.querySelector('svg.app-qr path')?.getAttribute('d')).toMatch(/^M\d/);
    expect(setUp.html).not.toMatch(/data:| style=/);
    // Not signed in yet.
    expect((await visitor.open('/claims')).path).toBe('/sign-in?next=%2Fclaims');

    const wrong = await setUp.press('Finish and sign in', { 'six digits': '000000' });
    expect([wrong.status, keyOn(wrong)]).toEqual([400, keyOn(setUp)]);
    const home = await wrong.press('Finish and sign in', { 'six digits': accounts.code(keyOn(setUp)) });
    expect(home.path).toBe('/claims');

    accounts.pass(MINUTE);
    const second = accounts.visitor();
    const asked = await accounts.signIn(user, PASSWORD, second);
    expect([asked.path, asked.heading]).toEqual(['/sign-in/code', 'Enter your code']);
    expect((await second.open('/')).path).toBe('/sign-in');
    const code = accounts.code(keyOn(setUp));
    expect((await asked.press('Sign in', { 'Six digits': '123' })).errors).toHaveLength(1);
    expect((await asked.press('Sign in', { 'Six digits': `${code.slice(0, 3)} ${code.slice(3)}` })).path).toBe('/');
    // A code somebody looked at over a shoulder is worth nothing.
    const third = await accounts.signIn(user);
    expect((await third.press('Sign in', { 'Six digits': code })).status).toBe(400);
  });

  it('are not helped by a session that somebody planted: the step after the password has a new one', async () => {
    const user = await accounts.create('MTM', ['mtm_finance']);
    const victim = accounts.visitor();
    await victim.open('/sign-in');
    const planted = victim.cookie;
    const form = await victim.open(await accounts.invite(user));
    expect((await form.press('Save the password', { 'New password': PASSWORD })).path).toBe('/sign-in/second-factor');
    expect(victim.cookie).not.toBe(planted);
    const attacker = await fetch(`${service.base}/sign-in/second-factor`, {
      headers: { cookie: planted },
      redirect: 'manual',
    });
    expect([attacker.status, attacker.headers.get('location')]).toEqual([303, '/sign-in']);
  });
});

describe('a forgotten password', () => {
  it('is replaced by a link, and the same is said to whoever asks', async () => {
    const { user, visitor } = await accounts.member();
    const path = await accounts.forget(user);
    const ask = async (email: string) =>
      (await (await accounts.visitor().open('/reset')).press('Send the link', { 'E-mail address': email })).notice;
    const known = await ask(user.email);
    expect((await ask('nobody@brent.example')).replace('nobody@brent.example', user.email)).toBe(known);
    // The newer link has taken the place of the older one.
    expect((await accounts.visitor().open(path)).status).toBe(404);

    accounts.pass(10 * MINUTE);
    const form = await accounts.visitor().open(await accounts.forget(user));
    expect((await form.press('Save the password', { 'New password': NEXT })).path).toBe('/');
    expect((await visitor.open('/')).path).toBe('/sign-in');
    expect((await accounts.signIn(user)).status).toBe(400);
  });
});

describe('guessing a password', () => {
  it('locks the account for a while, and says for how long', async () => {
    const { user } = await accounts.member();
    let page = await accounts.signIn(user, 'wrong wrong wrong');
    for (let tries = 0; tries < 20 && page.status === 400; tries++) page = await accounts.signIn(user, 'wrong again!!');
    expect(page.status).toBe(429);
    expect(page.errors[0]).toMatch(/^Too many attempts. Try again in \d+ minute/);
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await accounts.signIn(user)).status).toBe(429);
    accounts.pass((Number(page.headers.get('retry-after')) + 1) * 1000);
    expect((await accounts.signIn(user)).path).toBe('/');
  });
});

describe('a form that is sent when its session is over', () => {
  const REASON = 'Sent by mistake, £1 & <more>';
  const email = finance('BRENT');
  /** A form that is open in somebody's browser when their session ends. */
  async function lateForm(): Promise<{ visitor: WebVisitor; send: () => Promise<WebPage> }> {
    const claim = await new Claims(service).submitted(simpleBody('BRENT'));
    const visitor = accounts.visitor();
    await visitor.signIn(email);
    const form = await (await visitor.open(`/claims/${claim.id}`)).follow('Withdraw');
    await service.admin.query(
      `UPDATE user_session SET ended_at = seen_at, end_reason = 'ended' WHERE ended_at IS NULL`,
    );
    return { visitor, send: () => form.press('Withdraw the claim', { 'Why it is withdrawn': REASON }) };
  }

  it('is there again when the same person is back, and is sent with a new token', async () => {
    const { visitor, send } = await lateForm();
    const asked = await send();
    expect([asked.path, asked.notice]).toEqual(['/sign-in', expect.stringContaining('What you typed is kept')]);
    const carryOn = await visitor.signIn(email);
    expect([carryOn.path, carryOn.heading]).toEqual(['/carry-on', 'Carry on where you left off']);
    const done = await carryOn.press('Send it again');
    expect([done.notice, done.text.includes(REASON)]).toEqual(['The claim is withdrawn', true]);
    expect((await visitor.open('/carry-on')).path).toBe('/');
  });

  /** Ends every session there is, as time does. */
  const over = () =>
    service.admin.query(`UPDATE user_session SET ended_at = seen_at, end_reason = 'ended' WHERE ended_at IS NULL`);
  const file = (name: string) => new File(['quarter,amount\r\n'], name, { type: 'text/csv' });

  it('with a file is told apart: what was typed is kept, the file is chosen again', async () => {
    const visitor = accounts.visitor();
    await visitor.signIn(MTM.finance);
    const form = await visitor.open('/bank/load');
    await over();
    const asked = await form.press('See what it holds', { 'MT940 (often': true }, { File: file('april <b>.sta') });
    expect([asked.path, asked.notice]).toEqual([
      '/sign-in',
      expect.stringContaining('What you typed is kept. Files are not: sign in, choose them again'),
    ]);
    const carryOn = await visitor.signIn(MTM.finance);
    expect([carryOn.path, carryOn.text]).toEqual([
      '/carry-on',
      expect.stringContaining('The file is not kept: choose it again. It was april <b>.sta.'),
    ]);
    expect(carryOn.text).toContain('What you typed and chose beside it is kept');
    // Nobody chose a file again: the page of the form says so, with what was chosen beside it.
    const none = await carryOn.press('Send it again', {}, { File: new File([], '') });
    expect([none.status, none.errors]).toEqual([400, ['Choose the file the bank gave you.']]);
    expect(none.root.querySelector('input[name=kind][checked]')?.getAttribute('value')).toBe('mt940');
    expect((await visitor.open('/carry-on')).path).toBe('/');
  });

  it('with files goes on with what was typed beside them, also when the person signed in again beside it', async () => {
    const visitor = accounts.visitor();
    await visitor.signIn(email);
    const token = (await visitor.open('/account')).root.querySelector('input[name=_csrf]')!.getAttribute('value')!;
    await over();
    await visitor.signIn(email);
    const body = new FormData();
    for (const [name, value] of [
      ['_csrf', token],
      ['description', 'Bank statement, page 2'],
    ] as const)
      body.append(name, value);
    for (const name of ['one.csv', 'two.csv']) body.append('files', file(name));
    const path = '/grants/BRENT/import';
    const carryOn = await visitor.post(path, body);
    expect([carryOn.path, carryOn.text]).toEqual(['/carry-on', expect.stringContaining('It was one.csv.')]);
    const kept = carryOn.root.querySelector(`form[action="${path}"]`)!;
    expect(kept.querySelector('input[name=description]')?.getAttribute('value')).toBe('Bank statement, page 2');
    expect(kept.querySelector('input[type=file]')?.getAttribute('name')).toBe('files');
    const sent = await carryOn.press('Send it again', {}, { File: file('again.csv') });
    expect([sent.path, sent.heading]).toEqual([path, 'Import spending']);
  });

  it('with several files asks for all of them', async () => {
    const visitor = accounts.visitor();
    await visitor.signIn(email);
    const token = (await visitor.open('/account')).root.querySelector('input[name=_csrf]')!.getAttribute('value')!;
    await over();
    const body = new FormData();
    body.append('_csrf', token);
    body.append('files', file('one.csv'));
    await visitor.post('/claim-forms/019a0000-0000-7000-8000-000000000001/evidence', body);
    const carryOn = await visitor.signIn(email);
    expect(carryOn.text).toContain('Files are not kept: choose all of them again. The first was one.csv.');
    expect(carryOn.root.querySelector('input[type=file]')?.hasAttribute('multiple')).toBe(true);
  });

  it('with files is not kept without a form of ours', async () => {
    const visitor = accounts.visitor();
    const body = new FormData();
    body.append('_csrf', `x.019a0000-0000-7000-8000-000000000001.${'A'.repeat(22)}`);
    body.append('file', file('one.csv'));
    const asked = await visitor.post('/bank/load', body);
    expect([asked.path, asked.notice]).toEqual(['/sign-in', '']);
  });

  it('is nobody else’s', async () => {
    const { visitor, send } = await lateForm();
    await send();
    const home = await visitor.signIn('finance@lincs.example');
    expect(home.path).toBe('/');
    expect((await visitor.open('/carry-on')).path).toBe('/');
  });

  it('is there also when the person signed in again beside it', async () => {
    const { visitor, send } = await lateForm();
    await visitor.signIn(email);
    const carryOn = await send();
    expect(carryOn.path).toBe('/carry-on');
    expect((await carryOn.press('Forget it')).notice).toBe('What you had typed is forgotten');
    expect((await visitor.open('/carry-on')).path).toBe('/');
  });

  it('is not kept for another site, nor without a form of ours', async () => {
    const { visitor } = await lateForm();
    const fields = new URLSearchParams({ reason: 'x'.repeat(100) });
    const foreign = await visitor.post('/claims/x/withdraw', fields, { origin: 'https://evil.example' });
    expect(foreign.status).toBe(403);
    const bare = await visitor.post('/claims/x/withdraw', fields);
    expect([bare.path, bare.notice]).toEqual(['/sign-in', '']);
  });
});
