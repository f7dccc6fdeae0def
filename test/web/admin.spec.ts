import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { type WebVisitor } from '../support/web.js';
import { Accounts, PASSWORD } from './accounts-support.js';
import { failedJobs } from './failed-jobs.js';

const ADMIN = 'admin@mtm.example';

let service: Service;
let accounts: Accounts;
let admin: WebVisitor;
beforeAll(async () => {
  service = await Service.start({ web: true });
  accounts = new Accounts(service);
  admin = accounts.visitor();
  await admin.signIn(ADMIN);
});
afterAll(() => service?.stop());

const idAt = (path: string): string => path.split('/')[2] ?? '';
const csrfOf = async (visitor: WebVisitor): Promise<string> =>
  (await visitor.open('/account')).root.querySelector('input[name=_csrf]')?.getAttribute('value') ?? '';

describe('users', () => {
  it('are listed by filters in the address, and as a file', async () => {
    const page = await (await admin.open('/users')).press('Filter', { Organisation: 'MTM', Role: 'Auditor' });
    expect(page.path).toContain('role=auditor');
    expect(page.rows().map(([name]) => name)).toEqual(['Silas Trail (demo)']);
    const file = await page.follow('Download as CSV');
    expect(file.headers.get('content-type')).toContain('text/csv');
    expect(file.html.trim().split('\r\n')).toHaveLength(2);
    expect((await admin.open('/users?role=king')).status).toBe(400);
    expect((await admin.open('/users?active=false')).text).toContain('No user matches these filters.');
  });

  it('are added and invited in one step, once however often it is sent', async () => {
    const form = await (await admin.open('/users')).follow('Add a user');
    const typed = { Name: 'Bo', 'E-mail address': 'bo@brent.example', Organisation: 'Brent (BRENT)' };
    const wrong = await form.press('Add the user', { ...typed, Auditor: true });
    expect([wrong.status, wrong.errors.length, wrong.value('Name')]).toEqual([400, 1, 'Bo']);
    const right = { ...typed, Auditor: false, 'LA finance officer': true };
    const [made, again] = [await form.press('Add the user', right), await form.press('Add the user', right)];
    expect(made.notice).toBe('Bo is added, and an invitation is on its way');
    expect(again.path).toBe(made.path);
    const { rows } = await service.admin.query<{ purpose: string }>(
      'SELECT purpose FROM user_link WHERE user_id = $1',
      [idAt(made.path)],
    );
    expect(rows).toEqual([{ purpose: 'invitation' }]);
    const taken = await (await admin.open('/users/new')).press('Add the user', { ...right });
    expect([taken.status, taken.errors.length]).toEqual([400, 1]);
  });

  it('change, but for one’s own roles', async () => {
    const { user } = await accounts.member();
    const form = await (await admin.open(`/users/${user.id}`)).follow('Change name, address or roles');
    const done = await form.press('Save', { Name: 'Renamed', 'LA project manager': true });
    expect(done.text).toContain('LA finance officer, LA project manager');
    const late = await form.press('Save', { Name: 'Too late' });
    expect([late.status, late.value('Name')]).toEqual([400, 'Too late']);

    const { rows } = await service.admin.query<{ id: string }>('SELECT id FROM user_account WHERE email = $1', [ADMIN]);
    const own = await admin.open(`/users/${rows[0]!.id}/edit`);
    expect(own.text).toContain('Nobody changes their own roles');
    expect(own.html).not.toContain('name="roles"');
    const csrf = await csrfOf(admin);
    const forced = new URLSearchParams({ _csrf: csrf, version: '1', name: 'R', email: ADMIN, roles: 'mtm_approver' });
    await admin.post(`/users/${rows[0]!.id}/edit`, forced);
    expect((await admin.open(`/users/${rows[0]!.id}`)).text).toContain('Administrator');
    expect((await admin.open(`/users/${rows[0]!.id}`)).links().some(({ text }) => text === 'Deactivate')).toBe(false);
  });

  it('are deactivated, with all they were signed in by, and activated again', async () => {
    const { user, visitor } = await accounts.member();
    const page = await (await admin.open(`/users/${user.id}`)).follow('Deactivate');
    const done = await page.press('Deactivate');
    expect(done.notice).toContain('is deactivated');
    expect((await visitor.open('/account')).path).toContain('/sign-in');
    expect((await accounts.signIn(user)).status).toBe(400);
    const back = await done.press('Activate again');
    expect(back.notice).toContain('is active again');
    expect((await accounts.signIn(user)).path).toBe('/');
  });

  it('are signed out, and lose a second factor whose telephone is lost', async () => {
    const { user, visitor } = await accounts.member();
    const setUp = await visitor.open('/account/second-factor');
    const key = setUp.root.querySelector('#key strong')?.text ?? '';
    await setUp.press('Save', { 'six digits': accounts.code(key) });
    const page = await (await admin.open(`/users/${user.id}`)).press('Sign out of');
    expect(page.notice).toBe('They are signed out there');
    expect((await visitor.open('/account')).path).toContain('/sign-in');
    const reset = await (await page.follow('Take the second factor away')).press('Take it away');
    expect(reset.notice).toContain('The second factor is taken away');
    expect((await accounts.signIn(user)).path).toBe('/');
  });

  it('get tokens that are told once', async () => {
    const user = await accounts.create();
    const page = await admin.open(`/users/${user.id}`);
    const wrong = await page.press('Make the token', { 'What it is for': '', 'For how many days': 'many' });
    expect(wrong.status).toBe(400);
    const made = await page.press('Make the token', { 'What it is for': 'Ledger' });
    const token = made.root.querySelector('#token')?.text ?? '';
    const answer = await fetch(`${service.base}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
    const kept = await service.admin.query('SELECT FROM user_session WHERE data::text LIKE $1', [`%${token}%`]);
    expect(kept.rowCount).toBe(0);
    const again = await admin.open(`/users/${user.id}`);
    expect([again.html.includes(token), again.text.includes('Ledger')]).toEqual([false, true]);
    expect((await again.press('Revoke')).notice).toContain('does not work any more');
  });

  it('are read by an auditor, who changes nothing, and by nobody else', async () => {
    const user = await accounts.create();
    const auditor = accounts.visitor();
    await auditor.signIn('auditor@mtm.example');
    const page = await auditor.open(`/users/${user.id}`);
    expect(page.status).toBe(200);
    expect(page.root.querySelectorAll('main form')).toHaveLength(0);
    const csrf = await csrfOf(auditor);
    const tried = await auditor.post(`/users/${user.id}/tokens`, new URLSearchParams({ _csrf: csrf, label: 'x' }));
    expect([tried.status, tried.html.includes('pct_')]).toEqual([400, false]);
    const officer = accounts.visitor();
    await officer.signIn('finance@brent.example');
    for (const path of ['/users', '/users/new', `/users/${user.id}/edit`, '/jobs']) {
      expect([path, (await officer.open(path)).status]).toEqual([path, 403]);
    }
    expect((await auditor.open(`/users/${user.id}/deactivate`)).status).toBe(403);
    expect((await officer.open(`/users/${user.id}`)).status).toBe(403);
  });
});

describe('jobs', () => {
  const failed = (state: 'failed' | 'unconfirmed') => failedJobs(service, state);

  it('that failed are listed with their reason, and tried again', async () => {
    await failed('unconfirmed');
    const page = await admin.open('/jobs');
    expect(page.text).toContain('no font for this');
    const pdf = await page.follow('PDF: EIP2-BRENT-0001');
    const done = await pdf.press('Try again', { 'Why, for the trail': 'A font was added' });
    expect(done.notice).toContain('is made again');
    expect((await pdf.press('Try again')).notice).toContain('You sent this form before');
    expect((await (await admin.open('/jobs')).follow('Download as CSV')).html).not.toContain('no font for this');
  });

  it('of an administrator are an auditor’s to read', async () => {
    const auditor = accounts.visitor();
    await auditor.signIn('auditor@mtm.example');
    const id = await failed('unconfirmed');
    const mail = await auditor.open(`/jobs/delivery/${id}`);
    expect(mail.text).toContain('It may have arrived');
    expect(mail.root.querySelectorAll('main form')).toHaveLength(0);
    const resent = await (await admin.open(`/jobs/delivery/${id}`)).press('Send it again');
    expect(resent.notice).toBe('The e-mail goes out in the background');
    expect((await admin.open(`/jobs/delivery/${id}`)).text).toContain('There is nothing to do about it now.');
    const unsent = await admin.open(`/jobs/delivery/${await failed('failed')}`);
    expect([unsent.text.includes('nobody has it'), (await unsent.press('Try again')).status]).toEqual([true, 200]);
  });
});

it('a person added on the pages signs in from the invitation', async () => {
  const form = await admin.open('/users/new');
  const typed = { Name: 'Cy', 'E-mail address': 'cy@lincs.example', Organisation: 'MTM', 'MTM finance': true };
  const made = await form.press('Add the user', typed);
  const user = { id: idAt(made.path), email: 'cy@lincs.example' };
  const cy = accounts.visitor();
  const choose = await cy.open(await accounts.invite(user as never));
  expect((await choose.press('Save the password', { 'New password': PASSWORD })).path).toBe('/sign-in/second-factor');
});
