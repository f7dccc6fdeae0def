import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { finance, manager, MTM, refusal } from './claims-support.js';

interface Account {
  lastFour: string | null;
  version: number;
  confirmedAt: string | null;
}

let service: Service;
beforeAll(async () => {
  service = await Service.start();
});
afterAll(() => service?.stop());

const path = (code: string) => `/authorities/${code}/bank-details`;
const HELD = '020 7946 0991';
const call = { calledNumber: HELD, spokeTo: 'Head of exchequer services' };
const confirm = (code: string, body: object = call, by: string = MTM.finance, headers: Record<string, string> = {}) =>
  service.post<Account>(by, `${path(code)}/confirm`, body, headers);

async function enter(code: string, accountNumber: string, sortCode = '00-00-01') {
  const before = await service.get(finance(code), path(code));
  const body = { accountName: 'Some authority', sortCode, accountNumber };
  const headers = { 'if-match': before.headers.get('etag')! };
  return service.call<Account>(finance(code), 'PUT', path(code), { body, headers });
}

async function contact(code: string, change: { contactEmail?: string; contactPhone?: string | null }) {
  const { body: now, headers } = await service.get<Record<string, unknown>>(finance(code), `/authorities/${code}`);
  const keep = ['legalName', 'addressLines', 'postcode', 'contactName', 'contactEmail', 'contactPhone'];
  const body = { ...Object.fromEntries(keep.map((field) => [field, now[field]])), ...change };
  const answer = await service.call(finance(code), 'PUT', `/authorities/${code}`, {
    body,
    headers: { 'if-match': headers.get('etag')! },
  });
  expect(answer.status).toBe(200);
}

async function told(code: string): Promise<string[]> {
  const { rows } = await service.admin.query<{ told: string }>(
    `SELECT to_address || ': ' || (letter ->> 'subject') AS told FROM delivery
      WHERE authority_code = $1 AND notice_key IS NOT NULL ORDER BY id`,
    [code],
  );
  return rows.map((row) => row.told);
}

const later = (days: number) => service.clock.set(new Date(Date.UTC(2018, 3, 3 + days, 9)).toISOString());

describe('an account that claims are paid to', () => {
  it('is unconfirmed when entered, and confirmed by a call to a number held before', async () => {
    later(0);
    const demo = await service.get<Account>(finance('BRENT'), path('BRENT'));
    expect(demo.body.confirmedAt).not.toBeNull();
    later(1);
    const entered = await enter('BRENT', '55554321');
    expect(entered.body).toMatchObject({ lastFour: '4321', confirmedAt: null });
    const answer = await confirm('BRENT');
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, `"b${entered.body.version}"`]);
    expect(answer.body.confirmedAt).toBe('2018-04-04T09:00:00.000Z');
    expect(refusal(await confirm('BRENT'))).toEqual([409, 'bank_details_confirmed']);
    const { rows } = await service.admin.query(
      `SELECT before, after FROM audit_entry WHERE action = 'authority.bank_details_confirmed' AND chain = 'BRENT' ORDER BY seq DESC LIMIT 1`,
    );
    expect(rows[0]).toEqual({ before: null, after: { version: entered.body.version, lastFour: '4321' } });
  });

  it('is not confirmed by a number given with it, after it, or by nobody', async () => {
    later(2);
    await enter('LINCS', '66661111');
    await contact('LINCS', { contactPhone: '+44 (0)1522 000000' });
    const called = { ...call, calledNumber: '+44 01522 000000' };
    expect(refusal(await confirm('LINCS', called))).toEqual([422, 'number_not_held_before', 'number_not_held_before']);
    // The number it had before is still one it had before.
    expect((await confirm('LINCS', { ...call, calledNumber: '(020) 7946-0991' })).status).toBe(200);
    later(3);
    await enter('LINCS', '66662222');
    expect((await confirm('LINCS', called)).status).toBe(200);
    await service.admin.query(`ALTER TABLE authority_contact DISABLE TRIGGER USER;
      DELETE FROM authority_contact WHERE authority_code = 'NORFOLK'; ALTER TABLE authority_contact ENABLE TRIGGER USER`);
    await enter('NORFOLK', '66663333');
    const none = await confirm('NORFOLK');
    expect(refusal(none)).toEqual([422, 'number_not_held_before', 'number_not_held_before']);
    expect(none.text).toContain('No number was held');
    for (const calledNumber of ['', '12', 'ring me', '1'.repeat(16)]) {
      expect((await confirm('NORFOLK', { ...call, calledNumber })).status).toBe(400);
    }
  });

  it('is confirmed by MTM finance alone, of the version that was looked at', async () => {
    later(4);
    const { body } = await enter('SUFFOLK', '77771111');
    for (const by of [finance('SUFFOLK'), MTM.approver, MTM.coordinator, MTM.auditor, MTM.admin]) {
      expect([by, (await confirm('SUFFOLK', call, by)).status]).toEqual([by, 403]);
    }
    for (const by of [finance('BRENT'), manager('BRENT')]) {
      expect([by, (await confirm('SUFFOLK', call, by)).status]).toEqual([by, 404]);
    }
    expect((await confirm('SUFFOLK', call, MTM.finance, { 'if-match': `"b${body.version - 1}"` })).status).toBe(412);
    const key = { 'idempotency-key': 'ring-once' };
    const [first, again] = [
      await confirm('SUFFOLK', call, MTM.finance, key),
      await confirm('SUFFOLK', call, MTM.finance, key),
    ];
    expect([first.status, again.status, again.text]).toEqual([200, 200, first.text]);
  });

  it('is told to everyone who was the contact lately, when it or the contact changes; once', async () => {
    later(10);
    const start = (await told('BRISTOL')).length;
    await contact('BRISTOL', { contactEmail: 'someone.else@bristol.example' });
    await contact('BRISTOL', { contactEmail: 'someone.else@bristol.example', contactPhone: '0117 496 0000' });
    await enter('BRISTOL', '88881111');
    const mails = (await told('BRISTOL')).slice(start);
    expect(mails.sort()).toEqual([
      'finance@bristol.example: The bank account of Bristol City Council was changed',
      'finance@bristol.example: The invoice contact of Bristol City Council was changed',
      'someone.else@bristol.example: The bank account of Bristol City Council was changed',
    ]);
    // One who ceased to be the contact more than 90 days ago is nobody's business any more; one who ceased later is.
    await service.admin.query(`INSERT INTO authority_contact (authority_code, version, contact_email, held_from) VALUES
      ('BRISTOL', -1, 'long.gone@bristol.example', '2017-01-01'), ('BRISTOL', 0, 'gone@bristol.example', '2017-06-01')`);
    await enter('BRISTOL', '88882222');
    const addresses = (await told('BRISTOL')).slice(start + 3).map((line) => line.split(':')[0]);
    expect(addresses).toEqual(['finance@bristol.example', 'gone@bristol.example', 'someone.else@bristol.example']);
    const { rows } = await service.admin.query(
      `SELECT count(*)::int AS n FROM delivery WHERE letter::text ~ '8888(1111|2222)' OR letter::text LIKE '%000001%'`,
    );
    expect(rows).toEqual([{ n: 0 }]);
  });

  it('is refused when no account can have such numbers', async () => {
    // The first examples of Vocalink's paper: the number passes, and one digit off it does not.
    expect((await enter('LEICS', '66374958', '08-99-99')).status).toBe(200);
    const wrong = await enter('LEICS', '66374959', '08-99-99');
    expect(refusal(wrong)).toEqual([422, 'account_check_failed', 'account_check_failed']);
    const before = await service.get(finance('LEICS'), path('LEICS'));
    const abroad = await service.call(finance('LEICS'), 'PUT', path('LEICS'), {
      body: { accountName: 'x', iban: 'GB94BARC10201530093459', bic: 'DEUTDEFF' },
      headers: { 'if-match': before.headers.get('etag')! },
    });
    expect(refusal(abroad)).toEqual([422, 'iban_bic_mismatch', 'iban_bic_mismatch']);
  });

  it('is refused when another authority has it, or had it', async () => {
    await enter('WSUSSEX', '99991111');
    await enter('WSUSSEX', '99992222');
    for (const number of ['99991111', '99992222']) {
      expect(refusal(await enter('WOKINGHAM', number))).toEqual([422, 'account_in_use']);
    }
    expect((await enter('WOKINGHAM', '99991111', '00-00-02')).status).toBe(200);
    expect((await enter('WSUSSEX', '99991111')).status).toBe(200);
  });

  it('is refused to one of two authorities that enter it at once', async () => {
    for (const number of ['77770001', '77770002', '77770003']) {
      const answers = await Promise.all(['NORFOLK', 'BRISTOL', 'LINCS'].map((code) => enter(code, number)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422]);
    }
  });

  it('is entered by its sort code and number when it is in the United Kingdom, not by its IBAN', async () => {
    const before = await service.get(finance('LEICS'), path('LEICS'));
    const answer = await service.call(finance('LEICS'), 'PUT', path('LEICS'), {
      body: { accountName: 'x', iban: 'GB94BARC10201530093459', bic: 'BARCGB22' },
      headers: { 'if-match': before.headers.get('etag')! },
    });
    expect(refusal(answer)).toEqual([422, 'account_check_failed', 'account_check_failed']);
    expect(answer.text).toContain('sort code');
  });

  it('has a name in letters that a bank file can hold', async () => {
    const before = await service.get(finance('LEICS'), path('LEICS'));
    const named = (accountName: string) =>
      service.call(finance('LEICS'), 'PUT', path('LEICS'), {
        body: { accountName, iban: 'DE89370400440532013000', bic: 'COBADEFF' },
        headers: { 'if-match': before.headers.get('etag')! },
      });
    for (const name of ['Δήμος Αθηναίων', '--- & ///']) {
      expect(refusal(await named(name))).toEqual([422, 'unsupported_character', 'unsupported_character']);
    }
    expect((await named('Łódź, Rada Miejska')).status).toBe(200);
  });

  it('stays confirmed as it was: neither the record of the call nor a contact can be rewritten', async () => {
    for (const sql of [
      `UPDATE bank_details_confirmation SET spoke_to = 'x'`,
      'DELETE FROM bank_details_confirmation',
      `UPDATE authority_contact SET phone_digits = '1234567'`,
      'DELETE FROM authority_contact',
    ]) {
      await expect(service.admin.query(sql)).rejects.toThrow('append-only');
    }
  });
});
