import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { cut } from '../../../test/builders/bank-statement.js';
import { readPain002, type StatusEvent } from './pain002.js';

const EXAMPLE = readFileSync(
  new URL('../../../test/fixtures/iso20022/pain.002.001.11.example.xml', import.meta.url),
  'utf8',
);

async function read(text: string, size = 50): Promise<StatusEvent[]> {
  const events: StatusEvent[] = [];
  for await (const event of readPain002(cut(text, [size]))) events.push(event);
  return events;
}

const codeOf = (text: string): Promise<string> =>
  read(text).then(
    () => 'read',
    (error: { code: string }) => error.code,
  );

describe('a payment status report', () => {
  it('says of each payment what became of it and why', async () => {
    const none = { reasons: [], bankReference: null, paymentInformationId: 'EIP2-PR-0001-D' };
    expect((await read(EXAMPLE)).map(({ where: _where, ...event }) => event)).toEqual([
      {
        type: 'group',
        messageId: 'STATUS-0001',
        originalMessageId: 'EIP2-PR-0001',
        originalMessage: 'pain.001.001.09',
        status: 'PART',
        outcome: 'partial',
        reasons: [],
      },
      {
        ...none,
        type: 'transaction',
        endToEndId: 'E2E-1',
        status: 'ACSC',
        outcome: 'settled',
        bankReference: 'BANK-1',
      },
      {
        ...none,
        type: 'transaction',
        endToEndId: 'E2E-2',
        status: 'RJCT',
        outcome: 'rejected',
        reasons: [{ code: 'AC04', text: 'Account closed Ask the payee' }],
      },
      { ...none, type: 'transaction', endToEndId: 'E2E-3', status: 'PDNG', outcome: 'pending' },
      {
        type: 'payment_information',
        paymentInformationId: 'EIP2-PR-0001-D',
        status: 'PART',
        outcome: 'partial',
        reasons: [],
      },
      {
        type: 'payment_information',
        paymentInformationId: 'EIP2-PR-0001-O',
        status: 'RJCT',
        outcome: 'rejected',
        reasons: [{ code: 'CUTOFF', text: null }],
      },
    ]);
  });

  it('is the same wherever its bytes are cut', async () => {
    const whole = await read(EXAMPLE, 100_000);
    for (const size of [1, 2, 3, 7, 64]) expect(await read(EXAMPLE, size)).toEqual(whole);
  });

  it.each([
    ['ACCP', 'accepted'],
    ['ACSP', 'accepted'],
    ['RCVD', 'pending'],
    ['CANC', 'cancelled'],
    ['ZZZZ', 'unknown'],
  ])('with %s is %s', async (status, outcome) => {
    const [, first] = await read(EXAMPLE.replace('ACSC', status));
    expect(first).toMatchObject({ status, outcome });
  });

  it.each([
    ['cut off', EXAMPLE.slice(0, -40), 'truncated'],
    ['of another version', EXAMPLE.replace('001.11', '001.02'), 'unsupported_version'],
    ['of another kind', EXAMPLE.replace('pain.002', 'camt.053'), 'wrong_namespace'],
    ['with a document type', EXAMPLE.replace('?>', '?><!DOCTYPE d>'), 'dtd_not_allowed'],
    ['about nothing', EXAMPLE.replace(/<OrgnlGrpInfAndSts>.*<\/OrgnlGrpInfAndSts>/s, ''), 'element_missing'],
    ['without a header', EXAMPLE.replace(/<GrpHdr>.*<\/GrpHdr>/s, ''), 'element_missing'],
    ['with a part without an id', EXAMPLE.replace(/<OrgnlPmtInfId>.*<\/OrgnlPmtInfId>/, ''), 'element_missing'],
  ])('%s is refused', async (_what, text, code) => {
    expect(await codeOf(text)).toBe(code);
  });
});
