import { describe, expect, it } from '@jest/globals';
import { FLAGS, FLAG_CODES, assess, flagsOfClaim, visibleFlags, type ClaimBody, type FlagFacts } from './index.js';
import { claimBody, claimOf, eip2Terms, facts, trainerInvoice, training } from '../../../test/builders/claim-body.js';

const terms = eip2Terms();
const flags = (body: ClaimBody, over: Partial<FlagFacts> = {}) =>
  flagsOfClaim(body, terms, assess(body, terms, facts()).lines, { today: '2018-04-03', evidenceCount: 1, ...over });
const told = (...args: Parameters<typeof flags>) => flags(...args).map(({ path, code }) => `${path} ${code}`);

describe('flags', () => {
  it('are none on a plain claim', () => expect(told(claimOf(training()))).toEqual([]));

  it('tell what a reviewer should look at', () => {
    expect(told(claimOf(training({ netPence: 115_000 })))).toEqual([
      'trainerInvoices[0].lines[0].netPence above_funded_rate',
    ]);
    expect(told(claimOf(training()), { evidenceCount: 0 })).toEqual(['evidence evidence_missing']);
    const paid = (paidOn?: string | null) => claimBody([trainerInvoice([training()], { paidOn: paidOn ?? null })]);
    for (const when of [null, undefined, '2018-04-04']) {
      expect(told(paid(when))).toEqual(['trainerInvoices[0].paidOn trainer_not_paid']);
      expect(told(paid(when), { proven: new Set([0]) })).toEqual([]);
    }
    expect(told(paid('2018-04-03'))).toEqual([]);
  });

  it('that tell of another authority are for the payer and auditors only', () => {
    const all = FLAG_CODES.map((code) => ({ code, path: '', message: '' }));
    expect(visibleFlags(all, 'payer')).toHaveLength(7);
    const hidden = FLAG_CODES.filter((code) => !visibleFlags(all, 'all').some((flag) => flag.code === code));
    expect(hidden).toEqual(['trainer_invoice_at_other_authority', 'trainer_double_booked']);
    expect(FLAGS.trainer_double_booked).toBe('payer');
  });
});
