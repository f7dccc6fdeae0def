import { describe, expect, it } from '@jest/globals';
import { type GrantQuarterView } from '#grants';
import { Form, keepingProgramme } from '../page/index.js';
import { detailPath, detailsBody, holderRows } from './details.presenter.js';
import { begunYears, outlook, quartersChart, quartersTable, shortQuarter, varianceText } from './grant.presenter.js';
import { importProblems } from './import.presenter.js';
import { entryBody } from './spending.presenter.js';

const quarter = (over: Partial<GrantQuarterView> = {}): GrantQuarterView => ({
  ...{ quarter: '2018-Q1', label: 'January to March 2018', from: '2018-01-01', to: '2018-03-31', state: 'recorded' },
  ...{ sharePence: 1_125_000, spentPence: 1_000_000, forecastPence: 0, enteredForecastPence: null, heldDays: 90 },
  ...{ variancePence: -125_000, varianceReason: null },
  ...over,
});

const at = keepingProgramme('/grants/BRENT', 'HOMES');

describe('a grant in words', () => {
  it.each([
    [null, ''],
    [0, 'As expected'],
    [50, '£0.50 more'],
    [-50, '£0.50 less'],
  ])('a variance of %s reads %s', (pence, text) => expect(varianceText(pence)).toBe(text));

  it.each([
    [0, 'As forecast, the grant is spent exactly.'],
    [100, 'As forecast, £1.00 is not needed.'],
    [-100, 'As forecast, the post costs £1.00 more than the grant: the authority’s own money.'],
  ])('%s left over at the end reads %s', (forecastUnderspendPence, text) =>
    expect(outlook({ forecastUnderspendPence })).toBe(text),
  );

  it('draws what was spent, and what is expected of a quarter until it is recorded', () => {
    const quarters = [
      quarter(),
      quarter({ variancePence: 1 }),
      quarter({ state: 'current', spentPence: 300_000, forecastPence: 825_000, variancePence: null }),
    ];
    const { bars, labels } = quartersChart({ quarters }, 'sentence');
    expect(bars.map(({ kind }) => kind)).toEqual(['usual', 'warning', 'other']);
    expect(labels.map(({ text }) => text)).toContain('£11,250.00 expected');
    expect(shortQuarter('October to December 2018')).toBe('Oct–Dec 2018');
  });

  it('asks for a reason only where there is a difference', () => {
    const quarters = [quarter(), quarter({ variancePence: 0 }), quarter({ varianceReason: 'Started late' })];
    const table = quartersTable({ quarters }, false, at);
    expect(table.rows.map((cells) => cells.at(-1)?.text)).toEqual(['Not given yet', '', 'Started late']);
    expect(table.rows[0]?.[0]).toEqual({ text: 'January to March 2018', hint: 'Recorded' });
    const [link] = quartersTable({ quarters }, true, at).rows[0] ?? [];
    expect(link).toMatchObject({ href: '/grants/BRENT/quarters/2018-Q1?programme=HOMES' });
  });

  it('offers a statement of each financial year that has begun', () => {
    const year = (at: number) => ({
      ...{ year: at, label: `${at}`, broughtForwardPence: 0, sharePence: 0, spentPence: 0, forecastPence: 0 },
      ...{ returnedPence: 0, carriedForwardPence: 0 },
    });
    const quarters = [quarter(), quarter({ from: '2018-04-01', state: 'coming' })];
    expect(begunYears({ quarters, years: [year(2017), year(2018)] }).map((one) => one.year)).toEqual([2017]);
  });
});

describe('what was typed of a grant', () => {
  it('leaves empty rows of holders out, and leads problems back to the row they are of', () => {
    const form = new Form({
      amount: '',
      'holders-0-startsOn-day': '',
      'holders-2-startsOn-day': '8',
      'holders-2-startsOn-month': '1',
      'holders-2-startsOn-year': '2018',
    });
    const { body, rows } = detailsBody(form);
    expect(body).toEqual({
      post: null,
      receipt: null,
      holders: [{ startsOn: '2018-01-08', endsOn: null }],
      underspend: null,
    });
    expect(detailPath('holders[0].endsOn', rows)).toBe('holders-2-endsOn');
    expect(detailPath('receipt.amountPence', rows)).toBe('amount');
    expect(holderRows(form.values)).toEqual([0, 1, 2, 3]);
    expect(holderRows({})).toEqual([0]);
  });

  it('is a receipt once either of its fields is filled, so that the other is asked for', () => {
    expect(detailsBody(new Form({ amount: '1' })).body).toMatchObject({ receipt: { amountPence: 100, reason: null } });
  });

  it('gives a reason with a correction alone', () => {
    const form = new Form({ quarter: '2018-Q1', amount: '£1', description: ' x ', reason: 'wrong' });
    expect(entryBody(form, null)).toEqual({ quarter: '2018-Q1', amountPence: 100, description: 'x' });
    expect(entryBody(form, 'e')).toMatchObject({ replaces: 'e', reason: 'wrong' });
  });
});

describe('a file that is not taken', () => {
  it('shows each failing row with its number, column and reason', () => {
    const errors = [
      { path: 'row 3, amount', code: 'wrong_form', message: 'Give pounds.' },
      { path: 'row 4', code: 'required', message: 'Is empty.' },
    ];
    const shown = importProblems({ code: 'import_rejected', errors });
    expect(shown.errors[0]?.message).toContain('2 faults');
    expect(shown.faults?.rows.map((cells) => cells.map(({ text }) => text))).toEqual([
      ['3', 'amount', 'Give pounds.'],
      ['4', 'The whole row', 'Is empty.'],
    ]);
  });
});
