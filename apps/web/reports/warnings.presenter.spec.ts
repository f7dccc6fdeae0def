import { describe, expect, it } from '@jest/globals';
import { levelName, warningsTable } from './warnings.presenter.js';

const item = (level: string, toldAs = level) => ({
  ...{ claimId: 'c1', authority: 'BRENT', invoiceNumber: 'EIP2-BRENT-0001', level, toldAs },
  ...{ warnedOn: '2018-05-18', warnedAt: '2018-05-18T06:00:00.000Z' },
});

describe('warnings of unpaid claims', () => {
  it('say how old the claim was, and which e-mail told of it', () => {
    const { rows } = warningsTable([item('45'), item('45', 'overdue'), item('overdue')], false);
    expect(rows.map((row) => [row[2]!.text, row[4]!.text])).toEqual([
      ['45 days after submission', 'By e-mail'],
      ['45 days after submission', 'In the e-mail of “Overdue”'],
      ['Overdue', 'By e-mail'],
    ]);
    expect(rows[0]![0]).toMatchObject({ text: 'EIP2-BRENT-0001', href: '/claims/c1' });
  });

  it('say what nothing means, by whether something was asked for', () => {
    expect(warningsTable([], true).empty).toBe('No warning matches these filters.');
    expect(warningsTable([], false).empty).toContain('Nobody had to be warned yet.');
    expect(levelName('60')).toBe('60 days after submission');
  });
});
