import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type QueueItem, type StageRow } from '#funding';
import { Form } from '../page/index.js';
import { asOfText, atStages, fundingCards, stagesTable } from './overview.presenter.js';
import { fundingOutcome, queueTable, tagChoices } from './queue.presenter.js';
import { choiceOf, previewOf, requestName } from './requests.presenter.js';

const row = (stage: StageRow['stage'], amountPence: number, claimCount = 1): StageRow => ({
  ...{ authority: 'BRENT', stage, amountPence, claimCount },
  firstDueOn: '2018-06-02',
});
const NO_MONEY = {
  ...{ draftCount: 0, draftPence: 0, openCount: 0, openPence: 0, openReceivedPence: 0 },
  ...{ recordedCount: 0, recordedPence: 0, confirmedPence: 0, unallocatedPence: 0 },
};
const found = (rows: StageRow[], money = NO_MONEY) => ({
  ...{ rows, money, asOf: '2018-04-03T09:00:00.000Z', daily: false, payer: 'MTM', funder: 'DfE' },
});

describe('the overview of funding', () => {
  it('counts every claim in one card, and no pound twice', () => {
    const stages = fc.constantFrom<StageRow['stage']>('not_asked', 'in_draft', 'asked', 'held', 'funded', 'scheduled');
    fc.assert(
      fc.property(fc.array(fc.tuple(stages, fc.nat(1_000_000))), (given) => {
        const rows = given.map(([stage, pence]) => row(stage, pence));
        const all = ['not_asked', 'in_draft', 'asked', 'held', 'funded', 'scheduled'] as const;
        const parts = all.map((stage) => atStages(rows, stage).pence);
        expect(parts.reduce((sum, pence) => sum + pence, 0)).toBe(atStages(rows, ...all).pence);
      }),
    );
  });

  it('leads to asking while there is something to ask for, and to confirming while a receipt waits', () => {
    const asking = fundingCards(found([row('not_asked', 100_00, 2)], { ...NO_MONEY, draftCount: 1, recordedCount: 1 }));
    expect(asking.map(({ link }) => link).slice(0, 3)).toEqual([
      'Ask for it',
      'See what was asked for',
      'Confirm receipts',
    ]);
    expect(asking[0]).toMatchObject({
      figure: '£100.00',
      text: '2 claims that MTM has not asked DfE for, some of it in 1 draft request',
    });
    const nothing = fundingCards(found([]));
    expect(nothing.map(({ figure }) => figure)).toEqual(['£0.00', '£0.00', '£0.00', '£0.00']);
    expect(nothing[0]?.href).toBe('/funding/requests');
    expect(fundingCards(found([row('held', 5)])).at(-1)?.title).toBe('On hold');
  });

  it('never says that less than nothing is to come', () => {
    const more = { ...NO_MONEY, openPence: 100, openReceivedPence: 150 };
    expect(fundingCards(found([], more))[1]?.figure).toBe('£0.00');
  });

  it('says as of when the figures are', () => {
    expect(asOfText(found([]))).toBe('Figures as of now, 3 April 2018 at 10:00am.');
    expect(asOfText({ ...found([]), daily: true })).toContain('added up once a day');
    expect(stagesTable([]).empty).toContain('nothing to pay');
  });
});

const item = (over: Partial<QueueItem> = {}): QueueItem => ({
  ...{ claimId: 'c1', authority: 'BRENT', invoiceNumber: 'EIP2-BRENT-0001', amountPence: 500_00, state: 'approved' },
  ...{ position: 1, dueOn: '2018-06-02', ageDays: 1, waitingFor: 'MTM to ask DfE for the money' },
  ...{ expectedPaymentOn: null, estimatedFrom: 'not known yet' },
  ...over,
});

describe('the payment queue', () => {
  it('tells place, age, due date, why it waits and when the money should come', () => {
    const table = queueTable([item({ position: null, dueOn: '2018-04-01' })], { today: '2018-04-03', filtered: false });
    expect(table.rows[0]?.slice(1)).toEqual([
      { text: '–', numeric: true },
      { text: 'BRENT' },
      { text: '£500.00', numeric: true },
      { text: '1 day', nowrap: true },
      { text: '1 April 2018', hint: 'Overdue' },
      { text: 'MTM to ask DfE for the money' },
      { text: 'Not known yet', hint: 'Not known yet' },
    ]);
    expect(queueTable([], { today: '2018-04-03', filtered: false }).empty).toMatch(/^Nothing waits/);
  });

  it('says of each claim a receipt leaves why it waits', () => {
    const waiting = [
      item({ invoiceNumber: 'held', waitingFor: 'MTM to release its hold' }),
      item({ invoiceNumber: 'first' }),
      item({ invoiceNumber: 'second', amountPence: 10 }),
    ];
    const why = (unallocatedPence: number, named = false) =>
      fundingOutcome(
        { amountPence: 900_00, unallocatedPence, fundedClaimIds: [] },
        { funded: [], waiting },
        named,
      ).waitingTable.rows.map((cells) => cells[3]?.text);
    expect(why(200_00)).toEqual([
      'It is on hold',
      '£200.00 left is less than its £500.00',
      'None overtakes: first comes first',
    ]);
    expect(why(0)[1]).toBe('No money would be left');
    expect(why(600_00, true)[1]).toBe('What is left is kept for the claims of the request');
  });

  it('offers the states of each list, the chosen one marked', () => {
    expect(tagChoices('receipt', 'confirmed').filter(({ selected }) => selected)).toEqual([
      { value: 'confirmed', text: 'Confirmed', selected: true },
    ]);
    expect(tagChoices('request', undefined)[0]).toMatchObject({ text: 'All', selected: true });
  });
});

describe('a request', () => {
  it('is of all claims, of an authority’s or of those ticked, and says the same again in hidden fields', () => {
    const choice = (query: object) => choiceOf(new Form(query));
    expect(choice({}).body).toEqual({});
    expect(choice({ which: 'all', authority: 'BRENT' }).body).toEqual({});
    expect(choice({ which: 'authority', authority: ' brent ' }).body).toEqual({ authority: 'BRENT' });
    const hand = choice({ which: 'hand', claimIds: ['a', 'b'], authority: 'BRENT' });
    expect(hand.body).toEqual({ claimIds: ['a', 'b'] });
    const again = new URLSearchParams(hand.fields.map(({ name, value }): [string, string] => [name, value]));
    expect(choice({ which: again.get('which'), claimIds: again.getAll('claimIds') }).body).toEqual(hand.body);
  });

  it('says what recovered money pays for', () => {
    const preview = { claimCount: 2, totalPence: 300_00, recoveredPence: 50_00, requestedPence: 250_00, claimIds: [] };
    expect(previewOf(preview, [], 'DfE').sentence).toBe(
      '2 claims, £300.00 in all. £50.00 of it is paid for by money that authorities gave back, so DfE is asked for £250.00.',
    );
  });

  it('is called by its number once it has one', () => {
    const createdAt = '2018-04-03T09:00:00.000Z';
    expect([requestName({ number: null, createdAt }), requestName({ number: 'EIP2-FR-0001', createdAt })]).toEqual([
      'Draft of 3 April 2018',
      'EIP2-FR-0001',
    ]);
  });
});
