import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { IssueToken } from '#identity';
import { systemActor } from '#platform/database';
import { Service } from '../support/service.js';
import { type WebPage } from '../support/web.js';
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

describe('one’s own account', () => {
  it('says who one is, in words', async () => {
    const { user, visitor } = await accounts.member('BRENT', ['la_finance', 'la_manager']);
    const page = await visitor.open('/account');
    expect(page.text).toContain(user.email);
    expect(page.text).toContain('LA finance officer, LA project manager');
    expect(page.rows()[0]?.[0]).toMatch(/\(this one\)$/);
  });

  it('takes another password only with the present one, and signs out everywhere else', async () => {
    const { user, visitor } = await accounts.member();
    const elsewhere = accounts.visitor();
    await accounts.signIn(user, PASSWORD, elsewhere);
    const form = await (await visitor.open('/account')).follow('Change your password');
    const wrong = await form.press('Change the password', { 'Present password': 'no no no no', 'New password': NEXT });
    expect([wrong.status, wrong.errors]).toEqual([400, ['This is not your present password.']]);
    const common = await form.press('Change the password', {
      'Present password': PASSWORD,
      'New password': 'password1234',
    });
    expect(common.status).toBe(400);
    const done = await form.press('Change the password', { 'Present password': PASSWORD, 'New password': NEXT });
    expect(done.notice).toContain('Your password is changed');
    expect((await elsewhere.open('/account')).path).toContain('/sign-in');
    expect((await accounts.signIn(user, NEXT)).path).toBe('/');
  });

  it('shows where one is signed in, and ends each or all of it', async () => {
    const { user, visitor } = await accounts.member();
    const [one, two] = [accounts.visitor(), accounts.visitor()];
    await accounts.signIn(user, PASSWORD, one);
    const page = await visitor.open('/account');
    expect(page.rows()).toHaveLength(2);
    const ended = await page.press('Sign out of');
    expect([ended.notice, ended.rows().length]).toEqual(['You are signed out there', 1]);
    expect((await one.open('/account')).path).toContain('/sign-in');
    await accounts.signIn(user, PASSWORD, two);
    const rest = await (await visitor.open('/account')).press('Sign out everywhere else');
    expect([rest.notice, rest.rows().length]).toEqual(['You are signed out of 1 other browser', 1]);
    expect((await two.open('/account')).path).toContain('/sign-in');
  });

  it('ends nobody else’s session', async () => {
    const { user } = await accounts.member();
    const { visitor, page } = await accounts.member();
    const { rows } = await service.admin.query<{ id: string }>('SELECT id FROM user_session WHERE user_id = $1', [
      user.id,
    ]);
    const csrf = page.root.querySelector('input[name=_csrf]')?.getAttribute('value') ?? '';
    const answer = await visitor.post(`/account/sessions/${rows[0]!.id}/end`, new URLSearchParams({ _csrf: csrf }));
    expect(answer.status).toBe(404);
  });

  it('lets one choose the weekly e-mail, from the version one saw', async () => {
    const { visitor } = await accounts.member();
    const page = await visitor.open('/account');
    const yes = await page.press('Save', { Yes: true });
    expect(yes.notice).toContain('You get the weekly e-mail');
    expect(yes.root.querySelector('input[name=weeklyDigest][checked]')?.getAttribute('value')).toBe('yes');
    // The first page is out of date by now; another key makes it another command.
    const stale = await (await visitor.open('/account')).press('Save', { No: true });
    expect(stale.notice).toContain('You do not get');
    const csrf = page.root.querySelector('input[name=_csrf]')?.getAttribute('value') ?? '';
    const late = new URLSearchParams({ _csrf: csrf, version: '1', weeklyDigest: 'yes' });
    expect((await visitor.post('/account/digest', late)).notice).toContain('changed meanwhile');
  });

  it('shows one’s tokens and revokes them', async () => {
    const { user, visitor } = await accounts.member();
    await service.app.get(IssueToken).run(systemActor, user.id, { label: 'Finance system' });
    const page = await visitor.open('/account');
    expect(page.text).toContain('Finance system');
    const revoked = await page.press('Revoke');
    expect(revoked.notice).toBe('The token “Finance system” does not work any more');
    expect(revoked.text).toContain('Revoked on');
  });
});

describe('one’s own second factor', () => {
  it('keeps nothing of a code, whatever key is sent with it', async () => {
    const { visitor } = await accounts.member();
    const form = await visitor.open('/account/second-factor');
    const _csrf = form.root.querySelector('input[name=_csrf]')?.getAttribute('value') ?? '';
    const sent = await visitor.post('/account/second-factor', new URLSearchParams({ _csrf, _key: uuid(), code: '12' }));
    expect([sent.status, sent.errors.length]).toEqual([400, 1]);
    const kept = await service.admin.query(`SELECT FROM idempotency_key WHERE route LIKE '%second-factor%'`);
    expect(kept.rowCount).toBe(0);
  });

  it('is set up, moved to another telephone, and taken away where it is not required', async () => {
    const { user, visitor } = await accounts.member();
    const form = await (await visitor.open('/account')).follow('Set up a second factor');
    const first = keyOn(form);
    expect((await form.press('Save', { 'six digits': '12' })).status).toBe(400);
    const set = await form.press('Save', { 'six digits': accounts.code(first) });
    expect(set.notice).toContain('Your second factor is set up');
    expect((await accounts.signIn(user)).path).toBe('/sign-in/code');

    accounts.pass(MINUTE);
    const other = await (await visitor.open('/account')).follow('Use another telephone');
    const second = keyOn(other);
    expect(second).not.toBe(first);
    const without = await other.press('Save', { 'new telephone': accounts.code(second) });
    expect(without.status).toBe(400);
    const moved = await other.press('Save', {
      'old telephone': accounts.code(first),
      'new telephone': accounts.code(second),
    });
    expect(moved.notice).toContain('Your second factor is set up');

    accounts.pass(MINUTE);
    const last = await visitor.open('/account/second-factor');
    const gone = await last.press('Take the second factor away', { 'to take it away': accounts.code(second) });
    expect(gone.notice).toContain('taken away');
    expect((await accounts.signIn(user)).path).toBe('/');
  });
});
