import { describe, expect, it } from '@jest/globals';
import { Form } from '../page/index.js';
import { accountBody, heldNumbers, listed, missingFields, nextStep, tagOf } from './bank-details.presenter.js';

describe('an account as it was typed', () => {
  it('loses spaces and dashes of any kind, and small letters where there are none', () => {
    const uk = new Form({ accountName: ' Brent ', sortCode: '08–99-99 ', accountNumber: '6637 4958', iban: 'x' });
    expect(accountBody(uk, 'uk')).toEqual({ accountName: 'Brent', sortCode: '089999', accountNumber: '66374958' });
    const abroad = new Form({ accountName: 'A', iban: 'de89 3704 0044', bic: 'cobadeff ' });
    expect(accountBody(abroad, 'abroad')).toEqual({ accountName: 'A', iban: 'DE8937040044', bic: 'COBADEFF' });
  });

  it('says what is missing of its kind', () => {
    expect(missingFields({ sortCode: '089999' }, 'uk').map(({ path }) => path)).toEqual([
      'accountName',
      'accountNumber',
    ]);
    expect(missingFields({}, 'abroad').map(({ path }) => path)).toEqual(['accountName', 'iban', 'bic']);
  });
});

describe('where an account stands', () => {
  const none = { lastFour: null, confirmedAt: null, version: 0 };
  const entered = { lastFour: '4321', confirmedAt: null, version: 2 };
  const confirmed = { ...entered, confirmedAt: '2018-04-03T09:00:00.000Z' };

  it('is told with who acts next', () => {
    expect([none, entered, confirmed].map((one) => tagOf(one).text)).toEqual([
      ...['No account yet', 'To be confirmed', 'Confirmed'],
    ]);
    expect(nextStep(entered, true)).toMatch(/^MTM rings you back/);
    expect(nextStep(entered, false)).toMatch(/^Ring the authority/);
    expect(nextStep(confirmed, true)).toContain('3 April 2018');
  });

  it('is "missing" in the list of an authority without one', () => {
    const profile = { code: 'X', name: 'X', onsCode: 'X', bankDetails: null } as Parameters<typeof listed>[0];
    expect(listed(profile)).toMatchObject({ state: 'missing', lastFour: null });
  });
});

it('numbers that may be rung can be read out', () => {
  expect(heldNumbers([{ digits: '02079460991', since: '2018-04-03T09:00:00.000Z' }])).toEqual([
    '020 7946 0991, held since 3 April 2018',
  ]);
});
