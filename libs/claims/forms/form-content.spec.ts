import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareInvoices } from './compare-pages.js';
import {
  blankInvoice,
  copyLine,
  invoiceTitle,
  likeInvoice,
  removeLine,
  restoreLine,
  withLines,
  type InvoiceContent,
} from './form-content.js';

const three = (): InvoiceContent =>
  withLines({ ...blankInvoice(), trainer: 'A Trainer', number: 'INV-1' }, [
    { kind: 'training', fields: { net: '1' } },
    { kind: 'travel', fields: { net: '2' } },
    { kind: 'travel', fields: { net: '3' } },
  ]);
const keys = (invoice: InvoiceContent) => invoice.lines.map(({ key }) => key);

describe('the lines of a trainer invoice in a form', () => {
  it('keep their keys whatever is added, copied and removed around them', () => {
    const copied = copyLine(three(), 'l1');
    expect(keys(copied)).toEqual(['l1', 'l4', 'l2', 'l3']);
    expect(copied.lines[1]).toEqual({ ...copied.lines[0], key: 'l4' });
    expect(keys(withLines(removeLine(three(), 'l3'), [{ kind: 'travel' }]))).toEqual(['l1', 'l2', 'l4']);
  });

  it('come back to their place', () => {
    expect(restoreLine(removeLine(three(), 'l2'), 'l2')).toEqual(three());
    expect(restoreLine(three(), 'l9')).toEqual(three());
    expect(removeLine(three(), 'l9')).toEqual(three());
    expect(copyLine(three(), 'l9')).toEqual(three());
  });

  it('never share a key, whatever is done', () => {
    const step = fc.tuple(fc.constantFrom('add', 'copy', 'remove', 'restore'), fc.integer({ min: 1, max: 12 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let invoice = three();
        for (const [what, n] of steps) {
          if (what === 'add') invoice = withLines(invoice, [{ kind: 'travel' }]);
          if (what === 'copy') invoice = copyLine(invoice, `l${n}`);
          if (what === 'remove') invoice = removeLine(invoice, `l${n}`);
          if (what === 'restore') invoice = restoreLine(invoice, `l${n}`);
        }
        const all = [...keys(invoice), ...invoice.removedLines.map(({ line }) => line.key)];
        expect(new Set(all).size).toBe(all.length);
        expect(invoice.removedLines.length).toBeLessThanOrEqual(5);
      }),
    );
  });

  it('are those of another invoice without its number and dates', () => {
    const like = likeInvoice({ ...three(), issuedOn: '1/3/2018', paidOn: '2/3/2018' });
    expect(like).toMatchObject({ trainer: 'A Trainer', number: '', issuedOn: '', paidOn: '' });
    expect(like.lines.map(({ net }) => net)).toEqual(['1', '2', '3']);
  });

  it('give the invoice a name as soon as there is one', () => {
    expect(invoiceTitle(three(), 0)).toBe('A Trainer, invoice INV-1');
    expect(invoiceTitle({ ...three(), number: ' ' }, 0)).toBe('A Trainer, invoice without a number yet');
    expect(invoiceTitle(blankInvoice(), 2)).toBe('Trainer invoice 3');
  });
});

describe('two versions of one page', () => {
  it('differ field by field and line by line, whoever added or removed what', () => {
    const theirs = removeLine({ ...three(), trainer: 'Theirs' }, 'l2');
    const mine = withLines({ ...three(), number: ' INV-1 ' }, [
      { kind: 'travel', fields: { net: '9', description: 'Bus' } },
    ]);
    mine.lines[0] = { ...mine.lines[0]!, net: '1.50' };
    expect(compareInvoices(theirs, mine)).toEqual([
      { path: 'trainer', line: null, theirs: 'Theirs', yours: 'A Trainer' },
      { path: 'lines.l1.net', line: 1, theirs: '1', yours: '1.50' },
      { path: 'lines.l2', line: 2, theirs: null, yours: 'Travel, 2' },
      { path: 'lines.l4', line: 4, theirs: null, yours: 'Travel, Bus, 9' },
    ]);
    expect(compareInvoices(mine, theirs).map(({ path }) => path)).toEqual([
      'trainer',
      'lines.l1.net',
      'lines.l2',
      'lines.l4',
    ]);
    expect(compareInvoices(mine, mine)).toEqual([]);
  });
});
