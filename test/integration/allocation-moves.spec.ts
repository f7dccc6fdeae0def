import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { Claims, finance, manager, MTM, refusal, simpleBody, type Items } from './claims-support.js';
import { brokenRows } from '../support/invariants.js';

interface Allocation {
  category: string;
  label: string;
  allottedDays: string;
  reservedDays: string;
  usedDays: string;
  drawnDays: string;
  leftDays: string;
  forecast: { runsOutOn: string | null; daysPerMonth: string | null; text: string };
}

let service: Service;
let claims: Claims;
beforeAll(async () => {
  service = await Service.start();
  claims = new Claims(service);
});
afterAll(() => service?.stop());

const move = (to: string, body: object, who: string = MTM.coordinator) =>
  service.post<Record<string, unknown>>(who, `/authorities/${to}/allocations/moves`, {
    programme: 'EIP2',
    category: 'practice_leader',
    days: '1',
    reason: 'Agreed with both',
    ...body,
  });

const allotted = async (authority: string, category = 'practice_leader'): Promise<string> => {
  const answer = await service.get<Items<Allocation>>(MTM.coordinator, `/authorities/${authority}/allocations`);
  return answer.body.items.find((item) => item.category === category)!.allottedDays;
};
const reserve = async (category = 'practice_leader'): Promise<string> => {
  const { rows } = await service.admin.query<{ days: string }>(
    `SELECT trim_scale(reserve_days)::text AS days FROM allocation_pool WHERE category = $1`,
    [category],
  );
  return rows[0]!.days;
};
const session = (authority: string, trainerDays: string) =>
  simpleBody(authority, {
    category: 'practice_leader',
    trainerDays,
    netPence: Math.round(Number(trainerDays) * 100_000),
  });

describe('moving days', () => {
  it('starts from 156 allotted and 4 in reserve of 160', async () => {
    expect(await reserve()).toBe('4');
    expect(await brokenRows(service.admin, 'poolDifferences')).toEqual([]);
  });

  it('from the reserve, from another authority, and back to the reserve', async () => {
    const first = await move('BRENT', { days: '1.5' });
    expect([first.status, first.body]).toMatchObject([201, { from: null, to: 'BRENT', days: '1.5' }]);
    expect([await allotted('BRENT'), await reserve()]).toEqual(['9.5', '2.5']);

    expect((await move('BRENT', { from: 'NORFOLK', days: '0.125' })).status).toBe(201);
    expect([await allotted('BRENT'), await allotted('NORFOLK')]).toEqual(['9.625', '27.875']);
    expect((await move('BRENT', { from: 'BRENT', to: 'NORFOLK', days: '0.125' })).status).toBe(201);
    expect([await allotted('BRENT'), await allotted('NORFOLK')]).toEqual(['9.5', '28']);

    const back = await move('BRENT', { to: 'RESERVE', days: '1.5' });
    expect([back.status, back.body]).toMatchObject([201, { from: 'BRENT', to: null, days: '1.5' }]);
    expect([await allotted('BRENT'), await reserve()]).toEqual(['8', '4']);
    expect(await brokenRows(service.admin, 'poolDifferences')).toEqual([]);
    expect(await brokenRows(service.admin, 'allocationDifferences')).toEqual([]);
  });

  it('never below what is drawn, and never a negative reserve', async () => {
    await claims.submitted(session('WOKINGHAM', '3.5'));
    const refused = await move('LINCS', { from: 'WOKINGHAM', days: '0.501' });
    expect(refusal(refused)).toEqual([422, 'allocation_not_enough_left']);
    expect(refused.body['detail']).toContain('0.5 days left');
    expect(refusal(await move('WOKINGHAM', { to: 'RESERVE', days: '1' }))).toEqual([422, 'allocation_not_enough_left']);
    expect(refusal(await move('LINCS', { days: '4.001' }))).toEqual([422, 'reserve_not_enough']);
    expect(refusal(await move('LINCS', { category: 'targeted', days: '0.001' }))).toEqual([422, 'reserve_not_enough']);
    expect((await move('LINCS', { from: 'WOKINGHAM', days: '0.5' })).status).toBe(201);
    expect((await move('WOKINGHAM', { from: 'LINCS', days: '0.5' })).status).toBe(201);
  });

  it('by the coordinator only', async () => {
    for (const who of [finance('BRENT'), manager('BRENT'), ...Object.values(MTM)]) {
      if (who === MTM.coordinator) continue;
      expect([who, ...refusal(await move('BRENT', {}, who))]).toEqual([who, 403, 'role_not_allowed']);
    }
    expect(refusal(await move('BRISTOL', {}, finance('BRENT')))).toEqual([404, 'not_found']);
    expect(await allotted('BRENT')).toBe('8');
  });

  it.each([
    ['from itself', { from: 'BRENT' }, 400],
    ['between two others', { from: 'NORFOLK', to: 'LINCS' }, 400],
    ['from the reserve to it', { from: 'RESERVE', to: 'RESERVE' }, 400],
    ['without a reason', { reason: '' }, 400],
    ['nothing', { days: '0' }, 400],
    ['less than nothing', { days: '-1' }, 400],
    ['a thousandth of a thousandth', { days: '0.0001' }, 400],
    ['a number', { days: 1 }, 400],
    ['with a field nobody knows', { force: true }, 400],
    ['from nobody', { from: 'NOWHERE' }, 404],
    ['to nobody', { from: 'BRENT', to: 'NOWHERE', days: '9999' }, 404],
    ['of another programme', { programme: 'OTHER' }, 404],
    ['of a category that is none', { category: 'travel' }, 404],
  ] as const)('not %s', async (_, body, status) => {
    expect((await move('BRENT', body)).status).toBe(status);
    expect(await allotted('BRENT')).toBe('8');
  });

  it('is in both authorities’ trails and in both lists, once', async () => {
    const reason = 'Two sessions fewer at Leicestershire';
    const made = await move('SUFFOLK', { from: 'LEICS', days: '1', reason });
    for (const code of ['SUFFOLK', 'LEICS']) {
      const trail = await service.get<Items<{ action: string; reason: string; subjectId: string; after: object }>>(
        finance(code),
        '/audit',
      );
      const entries = trail.body.items.filter((entry) => entry.reason === reason);
      expect(entries).toMatchObject([
        {
          action: 'allocation.moved',
          subjectId: made.body['id'],
          after: { category: 'practice_leader', from: 'LEICS', to: 'SUFFOLK', days: '1' },
        },
      ]);
      const list = await service.get<Items<object>>(finance(code), `/authorities/${code}/allocations/moves`);
      expect(list.body.items[0]).toEqual(made.body);
      const csv = await service.get(finance(code), `/authorities/${code}/allocations/moves`, { accept: 'text/csv' });
      expect(csv.text).toContain(reason);
    }
    expect((await service.get(finance('BRENT'), '/audit')).text).not.toContain(reason);
  });

  it('tells the figures before and after: each authority’s in its trail, the reserve’s in the programme’s', async () => {
    const entryOf = async (chain: string, id: unknown) => {
      const { rows } = await service.admin.query<{ before: object; after: object }>(
        'SELECT before, after FROM audit_entry WHERE chain = $1 AND subject_id = $2',
        [chain, id],
      );
      return rows;
    };
    const drawn = { reservedDays: '3.5', usedDays: '0' };
    const { body } = await move('WOKINGHAM', { days: '0.25' });
    expect(await entryOf('WOKINGHAM', body['id'])).toEqual([
      {
        before: { allottedDays: '4', ...drawn },
        after: {
          ...{ programme: 'EIP2', category: 'practice_leader', from: null, to: 'WOKINGHAM', days: '0.25' },
          ...{ allottedDays: '4.25', ...drawn },
        },
      },
    ]);
    expect(await entryOf('EIP2', body['id'])).toMatchObject([
      { before: { reserveDays: '4' }, after: { to: 'WOKINGHAM', days: '0.25', reserveDays: '3.75' } },
    ]);
    const back = (await move('WOKINGHAM', { to: 'RESERVE', days: '0.25' })).body['id'];
    expect(await entryOf('EIP2', back)).toMatchObject([
      { before: { reserveDays: '3.75' }, after: { from: 'WOKINGHAM', to: null, reserveDays: '4' } },
    ]);
    const between = (await move('LINCS', { from: 'NORFOLK', days: '1' })).body['id'];
    expect(await entryOf('EIP2', between)).toEqual([]);
    expect(await entryOf('NORFOLK', between)).toMatchObject([
      { before: { allottedDays: '28' }, after: { allottedDays: '27' } },
    ]);
    await move('NORFOLK', { from: 'LINCS', days: '1' });
  });

  it('at once, beside submissions, keeps what is allotted and the reserve at the maximum', async () => {
    const codes = ['NORFOLK', 'LINCS', 'WSUSSEX'];
    const drafts = await Promise.all(
      codes.flatMap((code) => Array.from({ length: 4 }, () => claims.draft(session(code, '4')))),
    );
    const moves = Array.from({ length: 36 }, (_, at) => {
      const [to, from] = [codes[at % 3]!, codes[(at + 1 + (at % 2)) % 3]!];
      if (at % 4 === 0) return move(to, { days: '2' });
      if (at % 4 === 1) return move(to, { to: 'RESERVE', days: '2' });
      return move(to, { from, days: '3.5' });
    });
    const submissions = drafts.map(({ id, authority }) => claims.tryStep(finance(authority), id, 'submit'));
    const answers = await Promise.all([...moves, ...submissions]);
    for (const answer of answers) expect([200, 201, 422]).toContain(answer.status);
    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(0);
    expect(await brokenRows(service.admin, 'poolDifferences')).toEqual([]);
    expect(await brokenRows(service.admin, 'allocationDifferences')).toEqual([]);
  });
});

describe('what is left', () => {
  const read = async (authority: string) =>
    (await service.get<Items<Allocation>>(finance(authority), `/authorities/${authority}/allocations`)).body.items;

  it('counts what is reserved, used, released and forecast', async () => {
    const targeted = async () => (await read('TOWERHAM')).find(({ category }) => category === 'targeted')!;
    expect(await targeted()).toEqual({
      category: 'targeted',
      label: 'Targeted training',
      allottedDays: '10',
      reservedDays: '0',
      usedDays: '0',
      drawnDays: '0',
      leftDays: '10',
      forecast: { runsOutOn: null, daysPerMonth: null, text: 'No days have been drawn yet.' },
    });
    const days = (trainerDays: string) =>
      simpleBody('TOWERHAM', { trainerDays, netPence: Math.round(Number(trainerDays) * 100_000) });
    await claims.approved(days('2'));
    await claims.submitted(days('0.5'));
    const back = await claims.submitted(days('1'));
    expect(await targeted()).toMatchObject({ reservedDays: '1.5', usedDays: '2', drawnDays: '3.5', leftDays: '6.5' });
    await claims.step(MTM.finance, back.id, 'return', { reason: 'Not legible' });
    expect((await targeted()).forecast.text).toBe(
      'Too early to tell: the first days were drawn less than 30 days ago.',
    );
    // 2.5 days in 50: 1.5 in 30; 7.5 left last 150 days more.
    service.clock.set('2018-05-23T09:00:00.000Z');
    expect(await targeted()).toMatchObject({
      reservedDays: '0.5',
      usedDays: '2',
      leftDays: '7.5',
      forecast: { runsOutOn: '2018-10-20', daysPerMonth: '1.5' },
    });
    service.clock.set('2018-04-03T09:00:00.000Z');
  });

  it('is three categories, in pages, and as CSV', async () => {
    const all = await read('BRISTOL');
    expect(all.map(({ category }) => category)).toEqual(['coaching_qa', 'practice_leader', 'targeted']);
    const first = await service.get<Items<Allocation>>(MTM.auditor, '/authorities/BRISTOL/allocations?limit=2');
    expect(first.body.items).toEqual(all.slice(0, 2));
    const next = `/authorities/BRISTOL/allocations?limit=2&cursor=${first.body.nextCursor}`;
    expect((await service.get<Items<Allocation>>(MTM.auditor, next)).body).toEqual({
      items: all.slice(2),
      nextCursor: null,
    });
    const csv = await service.get(finance('BRISTOL'), '/authorities/BRISTOL/allocations', { accept: 'text/csv' });
    expect(csv.text.split('\r\n').slice(0, 2)).toEqual([
      'category,label,allottedDays,reservedDays,usedDays,drawnDays,leftDays,forecast.runsOutOn,forecast.text',
      expect.stringMatching(/^coaching_qa,.+,2,0,0,0,2,,No days have been drawn yet\.$/),
    ]);
  });
});
