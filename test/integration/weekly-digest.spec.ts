import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SendDigests } from '#funding';
import { addDays } from '#kernel';
import { UnitOfWork } from '#platform/database';
import { loadProgramme } from '#programme';
import { Service } from '../support/service.js';
import { plantDrawnClaim } from './assurance-support.js';
import { finance, manager, MTM, simpleBody, type Claim } from './claims-support.js';
import { Funding } from './funding-support.js';

interface Sent {
  to: string;
  owner: string;
  audience: string;
  letter: { subject: string; paragraphs: string[]; facts: [string, string][]; closing: string };
}
type Me = { weeklyDigest: boolean; version: number };

describe('the weekly digest', () => {
  let service: Service;
  let funding: Funding;
  let digests: SendDigests;
  let monday = '2018-04-02';

  beforeAll(async () => {
    service = await Service.start({ clock: '2018-04-02T09:00:00.000Z' });
    funding = new Funding(service);
    digests = service.app.get(SendDigests);
  });
  afterAll(() => service?.stop());

  /** A test begins on a Sunday, with nobody who wants a digest. */
  beforeEach(async () => {
    monday = addDays(monday, 14);
    at(addDays(monday, -1));
    await service.admin.query('UPDATE user_account SET weekly_digest = false');
    await digests.runIfDue();
    await service.admin.query('DELETE FROM delivery WHERE letter IS NOT NULL');
  });

  function at(date: string, time = '09:00'): void {
    service.clock.set(`${date}T${time}:00.000Z`);
    service.signInAgain();
  }
  const me = (who: string) => service.get<Me>(who, '/me');
  async function choose(who: string, weeklyDigest: boolean) {
    const etag = (await me(who)).headers.get('etag')!;
    return service.call<Me>(who, 'PUT', '/me', { body: { weeklyDigest }, headers: { 'if-match': etag } });
  }
  async function sent(): Promise<Sent[]> {
    const { rows } = await service.admin.query<Sent>(
      `SELECT to_address AS to, authority_code AS owner, audience, letter FROM delivery WHERE notice_key LIKE 'weekly-digest:%' ORDER BY to_address`,
    );
    return rows;
  }
  const addresses = async () => (await sent()).map(({ to }) => to);

  it('is off until a user chooses it for themselves, and can be stopped', async () => {
    expect((await me(manager('BRENT'))).body.weeklyDigest).toBe(false);
    const answer = await choose(manager('BRENT'), true);
    expect([answer.status, answer.body.weeklyDigest]).toEqual([200, true]);
    expect((await me(manager('BRENT'))).body.weeklyDigest).toBe(true);
    await choose(MTM.auditor, true);
    await choose(MTM.auditor, false);
    at(monday);
    await digests.runIfDue();
    expect(await addresses()).toEqual([manager('BRENT')]);
    const { rows } = await service.admin.query<{ before: object; after: object }>(
      `SELECT before, after FROM audit_entry WHERE action = 'user.digest_chosen' AND chain = 'BRENT'`,
    );
    expect(rows).toEqual([{ before: { weeklyDigest: false }, after: { weeklyDigest: true } }]);
  });

  it('asks for the version, and takes nothing else', async () => {
    const put = (body: object, headers: Record<string, string> = {}) =>
      service.call(finance('BRENT'), 'PUT', '/me', { body, headers });
    expect((await put({ weeklyDigest: true })).status).toBe(428);
    expect((await put({ weeklyDigest: true }, { 'if-match': '"v999"' })).status).toBe(412);
    expect((await put({ weeklyDigest: true, roles: ['administrator'] }, { 'if-match': '*' })).status).toBe(400);
    expect((await put({ weeklyDigest: 'yes' }, { 'if-match': '*' })).status).toBe(400);
  });

  it('is sent on Monday morning once, whoever sweeps and how often, also when Monday was missed', async () => {
    await choose(finance('BRENT'), true);
    await choose(MTM.finance, true);
    at(monday, '04:30');
    await digests.runIfDue();
    expect(await addresses()).toEqual([]);
    at(monday, '06:00');
    await Promise.all([digests.runIfDue(), digests.runIfDue(), digests.runIfDue()]);
    expect(await addresses()).toEqual([finance('BRENT'), MTM.finance]);
    await choose(finance('BRISTOL'), true);
    for (const days of [0, 1, 6]) {
      at(addDays(monday, days), '23:00');
      await digests.runIfDue();
    }
    expect(await addresses()).toHaveLength(2);
    at(addDays(monday, 9));
    await digests.runIfDue();
    expect((await addresses()).sort()).toEqual(
      [finance('BRENT'), finance('BRENT'), finance('BRISTOL'), MTM.finance, MTM.finance].sort(),
    );
    monday = addDays(monday, 14);
  });

  it('tells an authority of its own claims only, with what waits for whom, dates and days', async () => {
    for (const who of [finance('BRENT'), MTM.finance]) await choose(who, true);
    const approved = await funding.approved(12_345);
    const request = await funding.submittedRequest({ claimIds: [approved.id] });
    await funding.claims.draft(simpleBody('BRENT'));
    await plantDrawnClaim(service.admin, approved.id, 'seed');
    const others: Claim = await funding.claims.submitted(simpleBody('BRISTOL'));
    await service.admin.query(`UPDATE authority SET name = 'Brént ✓ 布伦特' WHERE code = 'BRENT'`);
    at(monday);
    await digests.runIfDue();
    const [brent, mtm] = await sent();
    expect(brent).toMatchObject({ to: finance('BRENT'), owner: 'BRENT', audience: 'authority' });
    expect(brent!.letter.subject).toContain('Brént ✓ 布伦特: claims in the week of ');
    expect(brent!.letter.paragraphs.join()).toContain(
      '1 claim of Brént ✓ 布伦特 for £123.45 is submitted and not paid',
    );
    const facts = new Map(brent!.letter.facts);
    expect(facts.get('Approved')).toMatch(/^1 claim, £123\.45; waits for DfE to pay MTM; first due /);
    expect(facts.get('Evidence asked for')).toBe('1 claim drawn for assurance; waits for you to add it');
    expect(facts.get('Draft')).toMatch(/^1 claim, .*waits for you to submit this$/);
    expect(facts.get(approved.invoiceNumber!)).toMatch(
      /^£123\.45; approved, waits for DfE to pay MTM, asked on 10 June 2018; due \d+ \w+ 2018$/,
    );
    expect(facts.get('Targeted training')).toMatch(/ of 10 days left$/);
    expect(JSON.stringify(brent)).not.toContain(others.invoiceNumber);
    expect(mtm).toMatchObject({ to: MTM.finance, owner: 'EIP2', audience: 'payer' });
    const all = new Map(mtm!.letter.facts);
    expect(all.get('0 to 29 days old')).toBe('2 claims, £373.45');
    expect(all.get(approved.invoiceNumber!)).toContain('Brént ✓ 布伦特; £123.45');
    expect(all.has('Draft')).toBe(false);
    expect(all.has('Targeted training')).toBe(false);

    await service.admin.query(`UPDATE authority SET name = 'Brent' WHERE code = 'BRENT'`);
    // Once the funder has paid a request, there is a date to expect.
    at(addDays(monday, 4));
    await funding.received(12_345, request.id);
    const second = await funding.approved(5_000);
    at(addDays(monday, 7));
    await digests.runIfDue();
    const next = new Map((await sent()).filter(({ to }) => to === finance('BRENT')).at(-1)!.letter.facts);
    expect(next.get('Funded')).toMatch(/^1 claim, £123\.45; waits for MTM to pay you/);
    expect(next.get(second.invoiceNumber!)).toMatch(/expected \d+ \w+ 2018 \(the median of 1 past payment of DfE/);
  });

  it('tells of overdue claims as such', async () => {
    at(addDays(monday, 70));
    await choose(MTM.finance2, true);
    await digests.runIfDue();
    const [letter] = await sent();
    expect(new Map(letter!.letter.facts).get('Overdue')).toMatch(/claims?, £/);
    monday = addDays(monday, 77);
  });

  it('is sent while a programme is loaded that has not begun', async () => {
    const file = JSON.parse(
      readFileSync(new URL('../fixtures/programmes/second.json', import.meta.url), 'utf8'),
    ) as object;
    await loadProgramme(service.app.get(UnitOfWork), file);
    await choose(MTM.finance, true);
    at(monday);
    await digests.runIfDue();
    expect(await addresses()).toEqual([MTM.finance]);
  });
});
