import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { Claims, finance, simpleBody } from '../integration/claims-support.js';
import { closeBrowser, describeBrowser, faultsOf, personAt, stranger } from '../support/browser.js';
import { Service } from '../support/service.js';
import { Accounts, PASSWORD } from '../web/accounts-support.js';
import { notLookedAt } from './looked-at.js';

jest.setTimeout(120_000);

let service: Service;
let accounts: Accounts;
beforeAll(async () => {
  service = await Service.start({ web: true });
  accounts = new Accounts(service);
});
afterAll(async () => {
  await closeBrowser();
  await service?.stop();
});

describeBrowser('the way in', () => {
  it('has no barrier at any step, from the invitation to the second factor', async () => {
    const page = await stranger(service.base);
    const findings: string[] = [];
    for (const path of ['/sign-in', '/sign-in/oidc/nobody/callback', '/reset', '/reset/nothing', '/help']) {
      await page.goto(path);
      findings.push(...(await faultsOf(page, path)));
    }
    await page.goto('/sign-in');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    findings.push(...(await faultsOf(page, 'nobody signing in')));
    const user = await accounts.create('MTM', ['mtm_finance']);
    await page.goto(await accounts.invite(user));
    await page.getByRole('button', { name: 'Save the password' }).click();
    findings.push(...(await faultsOf(page, 'an invitation with its error')));
    await page.getByLabel('New password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Save the password' }).click();
    await page.waitForURL('**/sign-in/second-factor');
    findings.push(...(await faultsOf(page, 'setting up a second factor')));
    const key = (await page.locator('#key strong').textContent()) ?? '';
    await page.getByLabel('The six digits your app shows now').fill(accounts.code(key));
    await page.getByRole('button', { name: 'Finish and sign in' }).click();
    await page.waitForURL(`${service.base}/`);

    accounts.pass(60_000);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('E-mail address').fill(user.email);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByLabel('Six digits').fill('000000');
    await page.getByRole('button', { name: 'Sign in' }).click();
    findings.push(...(await faultsOf(page, 'a wrong code')));
    expect(findings).toEqual([]);
    await page.context().close();
  });

  it('leads back to what was typed', async () => {
    const claim = await new Claims(service).submitted(simpleBody('BRENT'));
    const { page, context } = await personAt(service.base, finance('BRENT'));
    await page.goto(`/claims/${claim.id}/withdraw`);
    await page.getByLabel('Why it is withdrawn').fill('Typed before the session ended');
    await service.admin.query(
      `UPDATE user_session SET ended_at = seen_at, end_reason = 'ended' WHERE ended_at IS NULL`,
    );
    await page.getByRole('button', { name: 'Withdraw the claim' }).click();
    await page.waitForURL('**/sign-in');
    const findings = await faultsOf(page, 'asked to sign in again');
    await page
      .locator('form', { has: page.locator(`input[value="${finance('BRENT')}"]`) })
      .getByRole('button')
      .click();
    await page.waitForURL('**/carry-on');
    findings.push(...(await faultsOf(page, 'what was typed')));
    await page.getByRole('button', { name: 'Send it again' }).click();
    await page.getByText('The claim is withdrawn').first().waitFor();
    expect(findings).toEqual([]);
    expect(await page.getByText('Typed before the session ended').count()).toBeGreaterThan(0);
    await context.close();
  });

  it('of an auditor to what the trail says has none either', async () => {
    const { page, context } = await personAt(service.base, 'auditor@mtm.example');
    await page.goto('/audit/verify');
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByRole('heading', { name: 'The trail is whole' }).waitFor();
    expect(await faultsOf(page, 'a verified trail')).toEqual([]);
    await context.close();
  });

  it('is kept in one’s own account', async () => {
    const { user } = await accounts.member();
    const page = await stranger(service.base);
    await page.goto('/sign-in');
    await page.getByLabel('E-mail address').fill(user.email);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL(`${service.base}/`);
    const findings: string[] = [];
    for (const path of ['/account', '/account/password', '/account/second-factor']) {
      await page.goto(path);
      findings.push(...(await faultsOf(page, path)));
    }
    await page.goto(await accounts.forget(user));
    findings.push(...(await faultsOf(page, 'another password')));
    expect(findings).toEqual([]);
    await page.context().close();
  });

  it('was looked at', () => {
    expect(notLookedAt('sign-in-pages')).toEqual([]);
  });
});
