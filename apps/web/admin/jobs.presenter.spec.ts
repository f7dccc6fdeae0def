import { describe, expect, it } from '@jest/globals';
import { deliveryRows, documentRows, jobsTable, jobWords } from './jobs.presenter.js';

const job = {
  id: 'a',
  kind: 'delivery' as const,
  number: 'EIP2-BRENT-0001',
  authority: 'BRENT',
  state: 'failed' as const,
  attempts: 8,
  lastError: 'no such mailbox',
  at: '2018-04-03T09:00:00.000Z',
};

describe('failed work', () => {
  it('is told from what may have arrived', () => {
    expect(jobWords({ kind: 'delivery', state: 'unconfirmed' }).advice).toMatch(/may have arrived/);
    expect(jobWords({ kind: 'delivery', state: 'failed' }).advice).toMatch(/nobody has it/);
    expect(jobWords({ kind: 'document', state: 'failed' }).tag.text).toBe('Not made');
  });

  it('is a table that leads to each', () => {
    const { rows } = jobsTable([job, { ...job, id: 'b', kind: 'document', lastError: null, attempts: 1 }]);
    expect(rows.map(([what]) => what)).toEqual([
      { text: 'E-mail: EIP2-BRENT-0001', href: '/jobs/delivery/a' },
      { text: 'PDF: EIP2-BRENT-0001', href: '/jobs/document/b' },
    ]);
    expect(rows[0]![3]).toEqual({ text: 'no such mailbox', hint: '8 attempts' });
  });
});

describe('one job', () => {
  it('says what it is about and how it stands', () => {
    const delivery = {
      ...{ id: 'a', documentId: null, claimId: null, number: null, notice: 'Messages', authority: 'BRENT' },
      ...{ audience: 'authority' as const, state: 'queued' as const, attempts: 0, lastError: null },
      ...{ createdAt: job.at, sentAt: null },
    };
    const rows = Object.fromEntries(deliveryRows(delivery).map(({ key, value }) => [key, value]));
    expect(rows).toMatchObject({ About: 'Messages', To: 'BRENT’s contact', State: 'Waits to be sent', Reason: 'None' });
    const document = { id: 'a', number: 'X-1', state: 'failed' as const, attempts: 3, lastError: null };
    expect(documentRows(document).map(({ value }) => value)).toEqual(['X-1', 'Not made', '3', 'None']);
  });
});
