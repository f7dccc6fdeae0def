import { describe, expect, it } from '@jest/globals';
import { type FormListItem, type PutAwayForm } from '#claims';
import { formCsv, formRows, listsLinks, putAwayCsv, putAwayRows } from './list.presenter.js';

const at = '2018-04-03T09:00:00.000Z';
const by = { id: 'U', name: 'Amira Vale' as string | null };
const { saved, ...item }: FormListItem = {
  ...{ id: 'F', programme: 'EIP2', authority: 'BRENT', title: 'A Ltd', invoiceCount: 2 },
  ...{ claimId: null, claimState: null, saved: { at, by } },
};
const away = (change: Partial<PutAwayForm> = {}): PutAwayForm => ({
  ...item,
  putAway: saved,
  openForm: null,
  ...change,
});

describe('the lists of claims in preparation', () => {
  it('say how far each is, and who saved it where that is one of their own', () => {
    const states = [{}, { claimId: 'C', claimState: 'draft' }, { claimId: 'C', claimState: 'returned' }] as const;
    const { rows } = formRows(states.map((state) => ({ ...item, saved, ...state })));
    expect(rows.map(([, , stands]) => stands!.text)).toEqual(['Being typed', 'Draft', 'Returned: you correct it']);
    expect(rows[0]![3]).toMatchObject({ hint: 'by Amira Vale' });
    const nameless = { at, by: { id: 'U', name: null } };
    expect(formRows([{ ...item, saved: nameless }]).rows[0]![3]!.hint).toBeUndefined();
  });

  it('offer to take one out again, unless its claim is in another form by now', () => {
    const [free, waits] = putAwayRows([away(), away({ claimId: 'C', claimState: 'draft', openForm: 'G' })]);
    expect(free).toMatchObject({ undo: '/claim-forms/F/undo-discard', openForm: null, by: 'by Amira Vale' });
    expect(waits).toMatchObject({ undo: null, openForm: '/claim-forms/G', standsAs: 'Draft' });
  });

  it('lead to their files, and on', () => {
    expect(listsLinks([], {}, null)).toEqual({
      csv: null,
      putAway: { next: null, first: null, csv: '/claim-forms/put-away/download' },
    });
    expect(listsLinks([{ ...item, saved }], { cursor: 'a' }, 'b')).toMatchObject({
      csv: '/claim-forms/download',
      putAway: { next: '/claim-forms?cursor=b#put-away', first: '/claim-forms#put-away' },
    });
    expect(formCsv({ ...item, saved })).toMatchObject({ trainers: 'A Ltd', savedAt: at, savedBy: 'Amira Vale' });
    expect(putAwayCsv(away())).toMatchObject({ trainerInvoices: 2, putAwayAt: at, putAwayBy: 'Amira Vale' });
  });
});
