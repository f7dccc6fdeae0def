import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { loadConfirmed } from '#programme';
import { UnitOfWork } from '#platform/database';
import { Service } from '../support/service.js';
import { WebVisitor } from '../support/web.js';
import { Accounts } from './accounts-support.js';

let service: Service;
beforeAll(async () => {
  service = await Service.start({ web: true });
});
afterAll(() => service?.stop());

async function signedIn(email: string): Promise<WebVisitor> {
  const visitor = new WebVisitor(service.base);
  await visitor.signIn(email);
  return visitor;
}

describe('a programme’s terms', () => {
  it('stand in words and figures, to read', async () => {
    const ada = await signedIn('finance@brent.example');
    const page = await ada.open('/programme');
    expect([page.path, page.heading]).toEqual([
      '/programme/EIP2',
      'Signs of Safety England Innovation Project, Second Wave Terms of EIP2, version 1',
    ]);
    expect(page.text).toContain('£1,200.00');
    expect(page.text).toContain('These are the terms of today.');
    expect(page.root.querySelectorAll('main form')).toHaveLength(0);
    expect((await ada.open('/programme/NONE')).status).toBe(404);
    expect((await ada.open('/programme/EIP2?version=9')).status).toBe(404);
    expect((await ada.open('/programme/EIP2?version=x')).status).toBe(404);
  });

  it('of a version to come are shown as that, with who loaded and who confirmed them', async () => {
    const accounts = new Accounts(service);
    const [one, other] = [
      await accounts.create('MTM', ['administrator']),
      await accounts.create('MTM', ['administrator']),
    ];
    const file = JSON.parse(readFileSync(new URL('../../seeds/eip2.json', import.meta.url), 'utf8')) as {
      terms: object[];
    };
    const next = { ...file.terms[0], version: 2, inForceFrom: '2018-09-01' };
    const people = { loadedBy: one.email, confirmedBy: other.email };
    await loadConfirmed(service.app.get(UnitOfWork), { ...file, terms: [...file.terms, next] }, people);
    const auditor = await signedIn('auditor@mtm.example');
    const page = await (await auditor.open('/programme/EIP2')).follow('Version 2');
    expect(page.heading).toContain('version 2');
    expect(page.text).toContain('These are not the terms in force today.');
    expect(page.text).toContain(`${one.name}, confirmed by ${other.name}`);
    expect((await auditor.open('/programme')).heading).toContain('version 1');
  });
});
