import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { finance, manager, MTM, refusal, type Items } from './claims-support.js';
import { AT, details, Grants, spending, type Grant } from './grants-support.js';

let service: Service;
let grants: Grants;
beforeAll(async () => {
  service = await Service.start();
  grants = new Grants(service);
});
afterAll(() => service?.stop());

describe('the grant of an authority', () => {
  it('is what the terms say until something is recorded', async () => {
    const grant = await grants.read('BRENT');
    expect(grant).toMatchObject({
      amountPence: 7_875_000,
      receivedOn: null,
      post: null,
      spentPence: 0,
      leftPence: 7_875_000,
      underspend: 'carried_forward',
      underspendChosen: null,
      flags: [],
      version: 0,
    });
    expect(grant.quarters.map(({ quarter, state }) => [quarter, state])).toEqual([
      ['2017-Q4', 'awaited'],
      ['2018-Q1', 'awaited'],
      ['2018-Q2', 'current'],
      ['2018-Q3', 'coming'],
      ['2018-Q4', 'coming'],
      ['2019-Q1', 'coming'],
      ['2019-Q2', 'coming'],
      ['2019-Q3', 'coming'],
    ]);
    expect(grant.working.map((one) => one.for)).toEqual(
      expect.arrayContaining([
        'workedOutPence',
        'leftPence',
        'forecastUnderspendPence',
        'quarters.2018-Q2.forecastPence',
      ]),
    );
    const { rows } = await service.admin.query('SELECT * FROM grant_award');
    expect(rows).toEqual([]);
  });

  it('has a post, a receipt, holders and conditions, each change in the trail without a name', async () => {
    const body = details({
      post: 'combined',
      receipt: { amountPence: 7_875_000, receivedOn: '2017-10-20' },
      holders: [
        { startsOn: '2018-01-01', endsOn: '2018-06-30' },
        { startsOn: '2018-06-25', endsOn: null },
      ],
      underspend: 'returned_at_year_end',
    });
    const grant = await grants.put('BRENT', body);
    expect(grant).toMatchObject({
      amountPence: 7_875_000,
      receivedOn: '2017-10-20',
      receipt: { differencePence: 0, reason: null },
      post: 'combined',
      holders: [
        { startsOn: '2018-01-01', endsOn: '2018-06-30' },
        { startsOn: '2018-06-25', endsOn: null },
      ],
      underspend: 'returned_at_year_end',
      underspendChosen: 'returned_at_year_end',
      version: 1,
    });
    expect(await grants.put('BRENT', details({ post: 'combined' }))).toMatchObject({
      holders: [],
      receivedOn: null,
      underspend: 'carried_forward',
      underspendChosen: null,
      version: 2,
    });
    expect(await grants.trail('BRENT')).toMatchObject([
      { action: 'grant.details_changed', before: { version: 1 }, after: { version: 2, holders: [] } },
      { action: 'grant.details_changed', before: { version: 0 }, after: { version: 1, post: 'combined' } },
    ]);
  });

  it('received as another amount than worked out is told with its reason', async () => {
    const receipt = { amountPence: 7_000_000, receivedOn: '2017-10-20' };
    const { version } = await grants.read('LEICS');
    const without = await grants.tryPut('LEICS', details({ receipt }), version);
    expect(refusal(without)).toEqual([422, 'grant_receipt_reason_missing', 'grant_receipt_reason_missing']);
    const reason = 'Paid from a later start';
    const grant = await grants.put('LEICS', details({ receipt: { ...receipt, reason } }));
    expect(grant).toMatchObject({
      amountPence: 7_000_000,
      workedOutPence: 7_875_000,
      receipt: { differencePence: -875_000, reason },
      leftPence: 7_000_000,
    });
    expect(grant.working.find((one) => one.for === 'amountPence')!.text).toBe(
      '£70,000.00 was received, £8,750.00 less than the £78,750.00 worked out.',
    );
  });

  it.each([
    ['a post that is none', { post: 'finance_director' }, [400, 'malformed', 'not_one_of']],
    [
      'a receipt to come',
      { receipt: { amountPence: 7_875_000, receivedOn: '2018-04-04' } },
      [422, 'grant_date_in_future', 'grant_date_in_future'],
    ],
    [
      'a negative receipt',
      { receipt: { amountPence: -1, receivedOn: '2018-04-01' } },
      [400, 'malformed', 'out_of_range'],
    ],
    [
      'a receipt of pounds and pence',
      { receipt: { amountPence: 78750.5, receivedOn: '2018-04-01' } },
      [400, 'malformed', 'not_pence'],
    ],
    [
      'a holder who goes before coming',
      { holders: [{ startsOn: '2018-02-01', endsOn: '2018-01-31' }] },
      [400, 'malformed', 'out_of_range'],
    ],
    [
      'a holder by name',
      { holders: [{ startsOn: '2018-02-01', name: 'A Person' }] },
      [400, 'malformed', 'unknown_field'],
    ],
  ])('refuses %s', async (_, over, expected) => {
    const { version } = await grants.read('LINCS');
    expect(refusal(await grants.tryPut('LINCS', details(over), version))).toEqual(expected);
    expect(await grants.read('LINCS')).toMatchObject({ version, receipt: null });
  });

  it('is changed by the finance officer alone, read by its own, MTM and the auditor', async () => {
    for (const who of [manager('BRENT'), MTM.finance, MTM.approver, MTM.coordinator, MTM.auditor, MTM.admin]) {
      expect((await service.get(who, AT('BRENT'))).status).toBe(200);
      for (const answer of [
        await grants.tryPut('BRENT', details(), 2, who),
        await grants.tryPut('BRENT', { forecastPence: 1, varianceReason: null }, 2, who, '/quarters/2018-Q3'),
        await grants.tryEntry('BRENT', spending(), who),
      ]) {
        expect([who, ...refusal(answer)]).toEqual([who, 403, 'role_not_allowed']);
      }
    }
  });

  it('is not there for another authority', async () => {
    for (const who of [finance('BRISTOL'), manager('BRISTOL')]) {
      for (const path of ['', '/quarters', '/entries']) {
        expect(refusal(await service.get(who, `${AT('BRENT')}${path}`))).toEqual([404, 'not_found']);
      }
      expect(refusal(await grants.tryPut('BRENT', details(), 2, who))).toEqual([404, 'not_found']);
      expect(refusal(await grants.tryEntry('BRENT', spending(), who))).toEqual([404, 'not_found']);
    }
  });

  it('is not there in a programme without one', async () => {
    expect(refusal(await service.get(finance('BRENT'), `${AT('BRENT')}?programme=HOMES`))).toEqual([404, 'not_found']);
    expect((await service.get(finance('BRENT'), `${AT('BRENT')}?programme=EIP2`)).status).toBe(200);
  });

  it('lets one of several editors at once through', async () => {
    const { version } = await grants.read('NORFOLK');
    const answers = await Promise.all([
      grants.tryPut('NORFOLK', details({ post: 'combined' }), version),
      grants.tryPut('NORFOLK', details({ post: 'project_management' }), version),
      grants.tryPut('NORFOLK', { forecastPence: 1, varianceReason: null }, version, undefined, '/quarters/2018-Q3'),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
    expect((await grants.read('NORFOLK')).version).toBe(1);
    const unread = await grants.tryPut('NORFOLK', details(), null);
    expect(refusal(unread)).toEqual([428, 'precondition_required']);
    const claimsEtag = { body: details(), headers: { 'if-match': '"v1"' } };
    expect(refusal(await service.call(finance('NORFOLK'), 'PUT', AT('NORFOLK'), claimsEtag))).toEqual([
      412,
      'version_stale',
    ]);
  });
});

describe('a forecast', () => {
  it('is entered by quarter, with a reason for what was spent otherwise', async () => {
    const before = await grants.read('TOWERHAM');
    await grants.put('TOWERHAM', { forecastPence: 2_000_000, varianceReason: null }, '/quarters/2018-Q3');
    await grants.entry('TOWERHAM', { quarter: '2017-Q4', amountPence: 1_200_000 });
    const reason = 'The post was filled early';
    const grant = await grants.put('TOWERHAM', { forecastPence: null, varianceReason: reason }, '/quarters/2017-Q4');
    expect(grant).toMatchObject({ version: before.version + 2, spentPence: 1_200_000 });
    expect(grant.quarters[0]).toMatchObject({ state: 'recorded', variancePence: 1_200_000, varianceReason: reason });
    expect(grant.quarters[3]).toMatchObject({ forecastPence: 2_000_000, enteredForecastPence: 2_000_000 });
    const toCome = grant.quarters.reduce((sum, { forecastPence }) => sum + forecastPence, 0);
    expect(grant.forecastUnderspendPence).toBe(7_875_000 - 1_200_000 - toCome);
    // Nothing entered: 92 days of 2018-Q4 at what 92 days of 2017-Q4 cost.
    expect(grant.quarters[4]).toMatchObject({ forecastPence: 1_200_000, enteredForecastPence: null });
  });

  it.each([
    ['2019-Q4', { forecastPence: 1, varianceReason: null }, [404, 'not_found']],
    ['nonsense', { forecastPence: 1, varianceReason: null }, [404, 'not_found']],
    ['2018-Q3', { forecastPence: -1, varianceReason: null }, [400, 'malformed', 'out_of_range']],
    ['2018-Q3', { varianceReason: null }, [400, 'malformed', 'required']],
  ])('is refused: %s %#', async (quarter, body, expected) => {
    expect(refusal(await grants.tryPut('LINCS', body, 0, undefined, `/quarters/${quarter}`))).toEqual(expected);
  });
});

describe('lists of a grant', () => {
  it('come in pages, and as CSV', async () => {
    const at = AT('TOWERHAM');
    const first = await service.get<Items<{ quarter: string }>>(MTM.auditor, `${at}/quarters?limit=5`);
    expect(first.body.items.map(({ quarter }) => quarter).at(-1)).toBe('2018-Q4');
    const rest = await service.get<Items<{ quarter: string }>>(
      MTM.auditor,
      `${at}/quarters?limit=5&cursor=${first.body.nextCursor!}`,
    );
    expect(rest.body).toMatchObject({ items: [{ quarter: '2019-Q1' }, {}, {}], nextCursor: null });
    const csv = await service.get(finance('TOWERHAM'), `${at}/quarters`, { accept: 'text/csv' });
    expect(csv.text.split('\r\n')).toHaveLength(10);
    await grants.entry('TOWERHAM', { amountPence: 1, description: '=1+1' });
    const entries = await service.get(finance('TOWERHAM'), `${at}/entries`, { accept: 'text/csv' });
    expect(entries.text).toContain(`,2018-Q1,1,'=1+1,`);
    expect(refusal(await service.get(finance('TOWERHAM'), `${at}/entries?zzz=1`))).toEqual([
      400,
      'malformed',
      'unknown_field',
    ]);
  });

  it('and the grant itself have an ETag that a change is based on', async () => {
    const { headers } = await service.get<Grant>(finance('TOWERHAM'), AT('TOWERHAM'));
    expect(headers.get('etag')).toBe('"g2"');
  });
});
