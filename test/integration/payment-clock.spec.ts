import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WarnOfClaims } from '#funding';
import { addDays } from '#kernel';
import { Service } from '../support/service.js';
import { Claims, finance, MTM, simpleBody, type Claim } from './claims-support.js';

interface Sent {
  to: string;
  subject: string;
  text: string;
}

describe('the clock of days', () => {
  let service: Service;
  let claims: Claims;
  let warn: WarnOfClaims;
  let day = '2018-04-03';

  beforeAll(async () => {
    service = await Service.start();
    claims = new Claims(service);
    warn = service.app.get(WarnOfClaims);
  });
  afterAll(() => service?.stop());

  /** A test begins later than all before it, with nothing unpaid and nothing sent. */
  beforeEach(async () => {
    on(addDays(day, 100));
    await service.admin.query(`UPDATE claim SET state = 'withdrawn', due_on = NULL WHERE due_on IS NOT NULL`);
    await service.admin.query('UPDATE trainer_invoice SET live = false');
    await service.admin.query('UPDATE allocation SET reserved_days = 0, used_days = 0');
    await service.admin.query('DELETE FROM delivery WHERE letter IS NOT NULL');
  });

  function on(date: string, time = '09:00'): void {
    day = date;
    service.clock.set(`${date}T${time}:00.000Z`);
    service.signInAgain();
  }
  /** Sweeps so many days later and answers what was sent. */
  async function later(days: number, time?: string): Promise<Sent[]> {
    on(addDays(day, days), time);
    return swept();
  }
  async function swept(): Promise<Sent[]> {
    const before = await sent();
    await warn.runIfDue();
    return (await sent()).slice(before.length);
  }
  async function sent(): Promise<Sent[]> {
    const { rows } = await service.admin.query<Sent>(
      `SELECT to_address AS to, letter ->> 'subject' AS subject, letter::text AS text FROM delivery WHERE letter IS NOT NULL ORDER BY id`,
    );
    return rows;
  }
  const telling = (letters: Sent[], claim: Claim) =>
    letters.filter(({ text }) => text.includes(claim.invoiceNumber!)).map(({ to, subject }) => `${to} ${subject}`);
  const levels = async (claim: Claim): Promise<string[]> => {
    const { rows } = await service.admin.query<{ level: string }>(
      'SELECT level FROM claim_warning WHERE claim_id = $1 ORDER BY warned_on, length(level), level',
      [claim.id],
    );
    return rows.map(({ level }) => level);
  };
  const submitted = () => claims.submitted(simpleBody('BRENT', { trainerDays: '0.1', netPence: 10_000 }));

  it('tells each of MTM finance once at 30, 45 and 55 days, and once when 60 are over', async () => {
    const claim = await submitted();
    expect(await later(29)).toEqual([]);
    expect(telling(await later(1), claim)).toEqual([
      'finance2@mtm.example EIP2: unpaid after 30 days, 1 claim, £50.00',
      'finance@mtm.example EIP2: unpaid after 30 days, 1 claim, £50.00',
    ]);
    expect(await later(1)).toEqual([]);
    expect((await later(14)).map(({ subject }) => subject)).toEqual(
      Array(2).fill('EIP2: unpaid after 45 days, 1 claim, £50.00'),
    );
    expect((await later(10)).map(({ subject }) => subject)).toEqual(
      Array(2).fill('EIP2: unpaid after 55 days, 1 claim, £50.00'),
    );
    expect(await later(5)).toEqual([]);
    expect((await later(1)).map(({ subject }) => subject)).toEqual(Array(2).fill('EIP2: overdue, 1 claim, £50.00'));
    for (let days = 0; days < 3; days++) expect(await later(20)).toEqual([]);
    expect(await levels(claim)).toEqual(['30', '45', '55', 'overdue']);
  });

  it('lists in one letter what reaches a level on a day, the most urgent first, with whose turn it is', async () => {
    const first = await submitted();
    on(addDays(day, 1));
    const second = await submitted();
    await claims.step(MTM.finance, second.id, 'review');
    const [letter, ...others] = await later(30);
    expect(others).toHaveLength(1);
    expect(letter!.subject).toBe('EIP2: unpaid after 30 days, 2 claims, £100.00');
    expect(letter!.text.indexOf(first.invoiceNumber!)).toBeLessThan(letter!.text.indexOf(second.invoiceNumber!));
    expect(letter!.text).toContain('submitted: waits for MTM to review');
    expect(letter!.text).toContain('reviewed: waits for MTM to approve');
    expect(letter!.text).toContain('(in 30 days)');
  });

  it('misses nothing while nobody swept, and tells of several levels at once by the highest', async () => {
    const claim = await submitted();
    const letters = await later(50);
    expect(letters.map(({ subject }) => subject)).toEqual(Array(2).fill('EIP2: unpaid after 45 days, 1 claim, £50.00'));
    expect(await levels(claim)).toEqual(['30', '45']);
    expect((await later(30)).map(({ subject }) => subject)).toEqual(Array(2).fill('EIP2: overdue, 1 claim, £50.00'));
    expect(await levels(claim)).toEqual(['30', '45', '55', 'overdue']);
  });

  it('goes on while a claim is held, and stops when it has ended', async () => {
    const [held, ended] = [await submitted(), await submitted()];
    await claims.step(MTM.finance, held.id, 'hold', { reason: 'A question' });
    on(addDays(day, 10));
    await claims.step(finance('BRENT'), ended.id, 'withdraw');
    const letters = await later(25);
    expect(telling(letters, held)).toHaveLength(2);
    expect(letters[0]!.text).toContain('waits for MTM to release its hold');
    expect(telling(letters, ended)).toEqual([]);
  });

  it('starts again with a resubmission', async () => {
    const claim = await submitted();
    expect(telling(await later(31), claim)).toHaveLength(2);
    await claims.step(MTM.finance, claim.id, 'return', { reason: 'Which days?' });
    expect(await later(40)).toEqual([]);
    const again = await claims.step(finance('BRENT'), claim.id, 'submit');
    expect(await later(29)).toEqual([]);
    expect(telling(await later(1), again)).toHaveLength(2);
    expect(await levels(claim)).toEqual(['30', '30']);
  });

  it('warns once when two sweep at once, and not in the night', async () => {
    const claim = await submitted();
    expect(await later(30, '04:59')).toEqual([]);
    on(day, '06:00');
    const before = (await sent()).length;
    const did = await Promise.all([warn.runIfDue(), warn.runIfDue(), warn.runIfDue()]);
    expect(did.filter(Boolean)).toHaveLength(1);
    expect((await sent()).length - before).toBe(2);
    expect(await levels(claim)).toEqual(['30']);
  });

  it('does all over again what a crash cut off', async () => {
    const claim = await submitted();
    on(addDays(day, 30));
    await service.admin
      .query(`CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'crash'; END $$;
      CREATE TRIGGER crash BEFORE INSERT ON delivery FOR EACH ROW EXECUTE FUNCTION crash()`);
    await expect(warn.runIfDue()).rejects.toThrow('crash');
    await service.admin.query('DROP FUNCTION crash CASCADE');
    expect(await levels(claim)).toEqual([]);
    expect(telling(await swept(), claim)).toHaveLength(2);
  });

  it('writes to where claim invoices go while MTM finance has nobody', async () => {
    const claim = await submitted();
    await service.admin.query(`UPDATE user_account SET active = false WHERE 'mtm_finance' = ANY (roles)`);
    const letters = await later(30);
    await service.admin.query('UPDATE user_account SET active = true');
    expect(telling(letters, claim)).toEqual([
      'finance@resolutionsconsultancy.com EIP2: unpaid after 30 days, 1 claim, £50.00',
    ]);
  });

  it('tells the trail of the programme, and its record is never changed', async () => {
    await submitted();
    await later(30);
    const { rows } = await service.admin.query<{ after: object }>(
      `SELECT after FROM audit_entry WHERE action = 'payment_clock.warned' ORDER BY seq DESC LIMIT 1`,
    );
    expect(rows[0]!.after).toEqual({ on: day, level: '30', claimCount: 1, totalPence: 5000 });
    await expect(service.admin.query(`UPDATE claim_warning SET level = '45'`)).rejects.toThrow();
    await expect(service.admin.query('DELETE FROM claim_warning')).rejects.toThrow();
  });

  it('reports what is unpaid by age and authority, as JSON and CSV, and an authority its own', async () => {
    await submitted();
    on(addDays(day, 35));
    await submitted();
    const held = await claims.submitted(simpleBody('BRISTOL', { trainerDays: '0.1', netPence: 10_000 }));
    await claims.step(MTM.finance, held.id, 'hold', { reason: 'A question' });
    on(addDays(day, 30));
    type Report = { overdueCount: number; claimCount: number; amountPence: number; items: Record<string, unknown>[] };
    const read = async (by: string, query = '') => (await service.get<Report>(by, `/reports/ageing${query}`)).body;
    const all = await read(MTM.auditor);
    expect(all).toMatchObject({
      programme: 'EIP2',
      withinDays: 60,
      claimCount: 3,
      amountPence: 15_000,
      overdueCount: 1,
    });
    const counts = all.items.map(({ authority, band, claimCount, heldCount }) => [
      authority,
      band,
      claimCount,
      heldCount,
    ]);
    expect(counts).toEqual([
      ['BRENT', '0-29', 0, 0],
      ['BRENT', '30-44', 1, 0],
      ['BRENT', '45-54', 0, 0],
      ['BRENT', '55-60', 0, 0],
      ['BRENT', 'overdue', 1, 0],
      ['BRISTOL', '0-29', 0, 0],
      ['BRISTOL', '30-44', 1, 1],
      ['BRISTOL', '45-54', 0, 0],
      ['BRISTOL', '55-60', 0, 0],
      ['BRISTOL', 'overdue', 0, 0],
    ]);
    for (const query of ['', '?authority=BRENT']) {
      expect((await read(finance('BRENT'), query)).items).toEqual(all.items.slice(0, 5));
    }
    expect((await read(finance('BRENT'), '?authority=BRISTOL')).items).toEqual([]);
    const csv = await service.get(MTM.auditor, '/reports/ageing?authority=BRISTOL', { accept: 'text/csv' });
    expect(csv.text.split('\r\n')[2]).toBe(`BRISTOL,30-44,30,44,1,1,5000,${addDays(day, 30)}`);
  });
});
