import { describe, expect, it } from '@jest/globals';
import { namesWithin, ownEndToEndId, type LineTexts } from './named-payments.js';

const line = (texts: Partial<LineTexts>): LineTexts => ({
  ...{ endToEndId: null, reference: null, remittance: null, narrative: null, instructionId: null },
  ...texts,
});

describe('what a line names', () => {
  it.each<[string, Partial<LineTexts>, string[]]>([
    ['nothing', { reference: 'B0001', remittance: 'Order 7, paper and ink' }, []],
    ['a reference alone', { reference: 'P0000000195' }, ['P0000000195']],
    ['a reference in small letters within a text', { remittance: 'pay p0000000195, part 1' }, ['P0000000195']],
    ['a reference without a space around it', { narrative: 'REFP0000000195/X' }, ['P0000000195']],
    [
      'two references, one of them twice',
      { reference: 'P0000000195', remittance: 'P0000000292 P0000000195' },
      ['P0000000195', 'P0000000292'],
    ],
    ['digits that are too few', { remittance: 'P123456789' }, []],
    ['an end-to-end id within a text', { remittance: 'paid eip2-pr-0001-brent.' }, ['EIP2-PR-0001-BRENT']],
    ['an end-to-end id as the instruction', { instructionId: 'EIP2-PR-0001-BRENT' }, ['EIP2-PR-0001-BRENT']],
    ['both', { endToEndId: 'EIP2-PR-0001-BRENT', reference: 'P0000000195' }, ['P0000000195', 'EIP2-PR-0001-BRENT']],
  ])('is %s', (_what, texts, names) => {
    expect(namesWithin(line(texts))).toEqual(names);
  });

  it('is said by the end-to-end id when that may be one of ours', () => {
    expect(ownEndToEndId({ endToEndId: 'EIP2-PR-0001-BRENT' })).toBe('EIP2-PR-0001-BRENT');
    expect(ownEndToEndId({ endToEndId: 'OTHER-1' })).toBeNull();
    expect(ownEndToEndId({ endToEndId: null })).toBeNull();
  });
});
