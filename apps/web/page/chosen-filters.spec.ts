import { describe, expect, it } from '@jest/globals';
import { carriedFilters, chosenFilters, type FilterField } from './chosen-filters.js';

const states = (chosen: string): FilterField => ({
  name: 'state',
  label: 'Status',
  items: [
    { value: '', text: 'All', selected: chosen === '' },
    { value: 'approved', text: 'Approved', selected: chosen === 'approved' },
  ],
});
const typed = (name: string, value: string | undefined, more: Partial<FilterField> = {}): FilterField => ({
  name,
  label: name,
  ...more,
  ...(value !== undefined && { value }),
});

describe('what a list is filtered by', () => {
  it('is nothing while nobody chose anything', () => {
    expect(chosenFilters('/claims', [states(''), typed('authority', undefined), typed('number', '')])).toEqual([]);
    expect(chosenFilters('/claims', [typed('who', 'all', { usual: 'all' })])).toEqual([]);
  });

  it('says each in the words of the page, and leads to the list without it and with the others', () => {
    expect(chosenFilters('/claims', [states('approved'), typed('authority', 'BRENT & CO')])).toEqual([
      { text: 'Status: Approved', href: '/claims?authority=BRENT+%26+CO' },
      { text: 'authority: BRENT & CO', href: '/claims?state=approved' },
    ]);
  });

  it('keeps what is sent along, and offers no way to take that away', () => {
    const fields = [typed('programme', 'EIP2', { hidden: true }), states('approved')];
    expect(chosenFilters('/x', fields)).toEqual([{ text: 'Status: Approved', href: '/x?programme=EIP2' }]);
    expect(chosenFilters('/x?show=approve', [states('approved')])[0]?.href).toBe('/x?show=approve');
  });

  it('says a day as people do, and what is no day as it was typed', () => {
    expect(chosenFilters('/x', [typed('from', '2018-03-04', { type: 'date' })])[0]?.text).toBe('from: 4 March 2018');
    expect(chosenFilters('/x', [typed('from', 'soon', { type: 'date' })])[0]?.text).toBe('from: soon');
  });

  it('shows what the address asks for and no field stands for, too', () => {
    const fields = [states('approved')];
    expect(carriedFilters({ 'x"><b>': '1', a: '1', ['b'.repeat(60)]: '1' }, fields)).toEqual([]);
    const all = [
      ...fields,
      ...carriedFilters({ state: 'approved', dueBy: '2018-05-04', purchaseOrder: 'PO 1' }, fields),
    ];
    expect(chosenFilters('/claims', all)).toEqual([
      { text: 'Status: Approved', href: '/claims?dueBy=2018-05-04&purchaseOrder=PO+1' },
      { text: 'Due by: 4 May 2018', href: '/claims?state=approved&purchaseOrder=PO+1' },
      { text: 'Purchase order: PO 1', href: '/claims?state=approved&dueBy=2018-05-04' },
    ]);
  });
});
