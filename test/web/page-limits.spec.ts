import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { Accounts } from './accounts-support.js';

let service: Service;
let accounts: Accounts;
beforeAll(async () => {
  const env = { PAGES_PER_MINUTE: '12', PAGES_PER_MINUTE_AND_ADDRESS: '60', SIGN_INS_PER_MINUTE: '5' };
  service = await Service.start({ web: true, env });
  accounts = new Accounts(service);
});
afterAll(() => service?.stop());

// One after the other: the address is the same for all of them.
describe('too many requests', () => {
  it('of passwords, codes and links from one address are refused, whoever they are about', async () => {
    const user = await accounts.create();
    const answers = [];
    for (let tries = 0; tries < 6; tries++) {
      answers.push(await accounts.signIn({ ...user, email: `nobody${tries}@brent.example` }));
    }
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 429]);
    const last = answers.at(-1)!;
    expect([last.heading, Number(last.headers.get('retry-after')) > 0]).toEqual(['Too many requests', true]);
    expect(last.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect((await accounts.visitor().open('/invitation/x')).status).toBe(429);
    expect((await accounts.visitor().open('/sign-in')).status).toBe(200);
  });

  it('of one user are refused, and not those of another', async () => {
    const [ada, bea] = [accounts.visitor(), accounts.visitor()];
    await ada.signIn('finance@brent.example');
    let page = await ada.open('/');
    for (let tries = 0; tries < 12 && page.status === 200; tries++) page = await ada.open('/');
    expect([page.status, page.heading, Number(page.headers.get('retry-after')) > 0]).toEqual([
      429,
      'Too many requests',
      true,
    ]);
    expect((await bea.signIn('finance@lincs.example')).status).toBe(200);
  });

  it('of one address are refused, signed in or not', async () => {
    let status = 200;
    for (let tries = 0; tries < 200 && status === 200; tries++)
      status = (await accounts.visitor().open('/sign-in')).status;
    expect(status).toBe(429);
    expect((await fetch(`${service.base}/health/live`)).status).toBe(200);
  });
});
