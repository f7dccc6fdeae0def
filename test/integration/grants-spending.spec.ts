import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { Service } from '../support/service.js';
import { manager, refusal, type Items } from './claims-support.js';
import { AT, details, Grants, spending, type Entry } from './grants-support.js';

let service: Service;
let grants: Grants;
beforeAll(async () => {
  service = await Service.start();
  grants = new Grants(service);
});
afterAll(() => service?.stop());

describe('the spending of a grant', () => {
  it('is recorded by quarter, and a correction takes the place of what it corrects', async () => {
    const first = await grants.entry('SUFFOLK', { quarter: '2017-Q4', amountPence: 200_000 });
    const wrong = await grants.entry('SUFFOLK', { amountPence: 1_100_000 });
    expect(await grants.read('SUFFOLK')).toMatchObject({ spentPence: 1_300_000, leftPence: 6_575_000 });
    const right = await grants.entry('SUFFOLK', {
      amountPence: 1_010_000,
      replaces: wrong.id,
      reason: 'Typed wrongly',
    });
    expect(right).toMatchObject({ replaces: wrong.id, reason: 'Typed wrongly', flags: [] });
    await grants.entry('SUFFOLK', { quarter: '2017-Q4', amountPence: 0, replaces: first.id, reason: 'Another budget' });
    const grant = await grants.read('SUFFOLK');
    expect(grant).toMatchObject({ spentPence: 1_010_000, leftPence: 6_865_000 });
    expect(grant.quarters.slice(0, 2)).toMatchObject([
      { state: 'recorded', spentPence: 0 },
      { state: 'recorded', spentPence: 1_010_000, variancePence: -115_000 },
    ]);
    const { body } = await service.get<Items<Entry>>(manager('SUFFOLK'), `${AT('SUFFOLK')}/entries?quarter=2018-Q1`);
    expect(body.items.map(({ id, replacedBy }) => [id, replacedBy])).toEqual([
      [right.id, null],
      [wrong.id, right.id],
    ]);
    expect((await grants.trail('SUFFOLK')).map(({ action }) => action)).toEqual([
      ...['grant.entry_corrected', 'grant.entry_corrected', 'grant.entry_recorded', 'grant.entry_recorded'],
    ]);
    const again = await grants.tryEntry('SUFFOLK', spending({ replaces: wrong.id, reason: 'Once more' }));
    expect(refusal(again)).toEqual([409, 'grant_entry_replaced']);
  });

  it('is corrected once, however many try at once', async () => {
    const entry = await grants.entry('WSUSSEX');
    const answers = await Promise.all(
      [1, 2, 3, 4].map((amountPence) =>
        grants.tryEntry('WSUSSEX', spending({ amountPence, replaces: entry.id, reason: 'Less' })),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    const { rows } = await service.admin.query(
      `SELECT spent_pence::int AS kept, (SELECT sum(amount_pence)::int FROM grant_entry e WHERE e.authority_code = 'WSUSSEX'
          AND NOT EXISTS (SELECT FROM grant_entry r WHERE r.replaces = e.id)) AS sum FROM grant_award WHERE authority_code = 'WSUSSEX'`,
    );
    expect(rows[0]).toEqual({ kept: rows[0].sum, sum: (await grants.read('WSUSSEX')).spentPence });
  });

  it('recorded twice under one key is there once', async () => {
    const key = { 'idempotency-key': uuid() };
    const send = () => grants.tryEntry('WOKINGHAM', spending({ amountPence: 5_000 }), undefined, key);
    const [first, second] = [await send(), await send()];
    expect([first.status, second.status, second.text]).toEqual([201, 201, first.text]);
    expect(second.headers.get('idempotency-hit')).toBe('true');
    const other = await grants.tryEntry('WOKINGHAM', spending({ amountPence: 6_000 }), undefined, key);
    expect(refusal(other)).toEqual([422, 'idempotency_key_reused']);
    expect((await grants.read('WOKINGHAM')).spentPence).toBe(5_000);
  });

  it.each([
    ['a negative amount', { amountPence: -1 }, [400, 'malformed', 'out_of_range']],
    ['nothing', { amountPence: 0 }, [400, 'malformed', 'out_of_range']],
    ['more than £100,000 at once', { amountPence: 10_000_001 }, [400, 'malformed', 'out_of_range']],
    ['half a penny', { amountPence: 0.5 }, [400, 'malformed', 'not_pence']],
    ['text for an amount', { amountPence: '100' }, [400, 'malformed', 'not_pence']],
    ['what is no quarter', { quarter: '2018-Q5' }, [400, 'malformed', 'wrong_form']],
    ['a quarter before the grant', { quarter: '2017-Q3' }, [422, 'quarter_outside_grant', 'quarter_outside_grant']],
    ['a quarter after the grant', { quarter: '2019-Q4' }, [422, 'quarter_outside_grant', 'quarter_outside_grant']],
    ['a quarter to come', { quarter: '2018-Q3' }, [422, 'quarter_not_begun', 'quarter_not_begun']],
    ['a date to come', { incurredOn: '2018-04-04' }, [422, 'grant_date_in_future', 'grant_date_in_future']],
    ['a correction without a reason', { replaces: uuid() }, [400, 'malformed', 'required']],
    ['a reason without a correction', { reason: 'x' }, [400, 'malformed', 'required']],
    ['a correction of nothing', { replaces: uuid(), reason: 'x' }, [422, 'grant_entry_unknown', 'grant_entry_unknown']],
    ['what cannot be printed', { description: 'A 😀' }, [422, 'unsupported_character', 'unsupported_character']],
  ])('refuses %s', async (_, over, expected) => {
    expect(refusal(await grants.tryEntry('WAKEFIELD', spending(over)))).toEqual(expected);
    expect((await grants.read('WAKEFIELD')).spentPence).toBe(0);
  });

  it('does not correct another authority’s entry', async () => {
    const theirs = await grants.entry('WAKEFIELD', { amountPence: 7 });
    const answer = await grants.tryEntry('LINCS', spending({ replaces: theirs.id, reason: 'Mine now' }));
    expect(refusal(answer)).toEqual([422, 'grant_entry_unknown', 'grant_entry_unknown']);
  });

  it('is never more than the grant, however many spend at once', async () => {
    const send = () => grants.tryEntry('BRISTOL', spending({ amountPence: 2_000_000 }));
    const answers = await Promise.all([send(), send(), send(), send(), send()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 422, 422]);
    expect(refusal(answers.find(({ status }) => status === 422)!)).toEqual([422, 'grant_overspent']);
    expect(await grants.read('BRISTOL')).toMatchObject({ spentPence: 6_000_000, leftPence: 1_875_000 });
    const less = details({ receipt: { amountPence: 5_999_999, receivedOn: '2018-01-02', reason: 'Cut' } });
    expect(refusal(await grants.tryPut('BRISTOL', less, 0))).toEqual([422, 'grant_overspent']);
  });

  it('is never changed or taken away, whoever writes to the database', async () => {
    for (const sql of ['UPDATE grant_entry SET amount_pence = 1', 'DELETE FROM grant_entry']) {
      const asRole = `SET LOCAL role = claims_app; SET LOCAL app.authority = '*'; ${sql}`;
      await expect(service.admin.query(asRole)).rejects.toMatchObject({ code: '42501' });
      await expect(service.admin.query(sql)).rejects.toMatchObject({ code: '23001' });
    }
    const tooMuch = `INSERT INTO grant_entry (id, programme_code, authority_code, quarter, amount_pence, description, entered_by, entered_at)
      VALUES (gen_random_uuid(), 'EIP2', 'BRISTOL', '2018-Q1', 2000000, 'x', gen_random_uuid(), now())`;
    await expect(service.admin.query(tooMuch)).rejects.toMatchObject({ constraint: 'grant_not_overspent' });
  });
});

describe('newer terms of the grant', () => {
  const loadAnnual = (version: number, annualPence: number) =>
    service.admin.query(
      `INSERT INTO grant_terms (programme_code, version, terms, sha256, loaded_at)
       SELECT programme_code, $1, terms || jsonb_build_object('version', $1::int, 'annualPence', $2::int), sha256, loaded_at
         FROM grant_terms WHERE programme_code = 'EIP2' AND version = 1`,
      [version, annualPence],
    );

  it('change what may be spent until the grant is received, and never take back what was spent', async () => {
    await grants.entry('TOWERHAM', { amountPence: 7_000_000 });
    await loadAnnual(2, 4_600_000);
    expect(await grants.read('TOWERHAM')).toMatchObject({ amountPence: 8_050_000, leftPence: 1_050_000 });
    expect(refusal(await grants.tryEntry('TOWERHAM', spending({ amountPence: 1_050_001 })))).toEqual([
      ...[422, 'grant_overspent'],
    ]);
    await grants.entry('TOWERHAM', { amountPence: 50_000 });
    await loadAnnual(3, 1_000_000);
    expect(await grants.read('TOWERHAM')).toMatchObject({ amountPence: 1_750_000, leftPence: -5_300_000 });
    expect(refusal(await grants.tryEntry('TOWERHAM', spending({ amountPence: 1 })))).toEqual([422, 'grant_overspent']);
    const holders = [{ startsOn: '2018-01-01', endsOn: null }];
    expect(await grants.put('TOWERHAM', details({ holders }))).toMatchObject({ holders, spentPence: 7_050_000 });
  });
});
