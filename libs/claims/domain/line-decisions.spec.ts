import { describe, expect, it } from '@jest/globals';
import { assess, recalculateAllowed, type ClaimBody, type LineDecision, type Submitted } from './index.js';
import { claimBody, eip2Terms, facts, trainerInvoice, training, travel } from '../../../test/builders/claim-body.js';

const terms = eip2Terms();
const submitted = (body: ClaimBody): Submitted => ({
  trainers: body.trainerInvoices.map(({ trainer }) => trainer),
  lines: assess(body, terms, facts()).lines,
});
const not = (...paths: [number, number][]): LineDecision[] =>
  paths.map(([i, l]) => ({ path: `trainerInvoices[${i}].lines[${l}]`, decision: 'disallow' }));

describe('line decisions', () => {
  const other = { name: 'B Trainer' };
  const claim = claimBody([
    trainerInvoice([training(), training({ rate: 'advanced', netPence: 120_000 })]),
    trainerInvoice([travel(1001)], { number: '2', trainer: { name: 'a trainer LTD' } }),
    trainerInvoice([training({ category: 'coaching_qa' }), travel(555)], { number: '3', trainer: other }),
  ]);
  const body = submitted(claim);

  it('allow every line that none names', () => {
    const result = recalculateAllowed(body, terms, [{ path: 'trainerInvoices[0].lines[0]', decision: 'allow' }]);
    expect(result).toMatchObject({ creditPence: 0, disallowed: [], releasedDays: {}, allDisallowed: false });
    expect(result.usedDays).toEqual({ targeted: 2200, coaching_qa: 1000 });
  });

  it('keep the travel while one training line of the trainer is left', () => {
    const result = recalculateAllowed(body, terms, not([0, 1]));
    expect(result.disallowed).toEqual(['trainerInvoices[0].lines[1]']);
    expect(result.categories.targeted).toEqual({
      claimedPence: 110_000,
      approvedPence: 50_000,
      creditPence: 60_000,
      creditNetPence: 120_000,
      claimedEligiblePence: 220_000,
      approvedEligiblePence: 100_000,
      approvedFundedDays: 1000,
    });
    expect(result.releasedDays).toEqual({ targeted: 1200 });
  });

  it("take a trainer's travel with the last training line, also from another invoice of the same trainer", () => {
    const result = recalculateAllowed(body, terms, not([0, 0], [0, 1]));
    expect(result.consequential).toEqual(['trainerInvoices[1].lines[0]']);
    expect(result.disallowed).toHaveLength(3);
    // 1556 eligible → 778 claimed; 555 left → 278 approved
    expect(result.categories.travel).toMatchObject({ claimedPence: 778, approvedPence: 278, creditPence: 500 });
    expect(result.categories.coaching_qa).toMatchObject({ approvedPence: 50_000, creditPence: 0 });
  });

  it('that disallow everything are a rejection', () => {
    const result = recalculateAllowed(body, terms, not([0, 0], [0, 1], [2, 0]));
    expect(result).toMatchObject({ allDisallowed: true, approvedPence: 0, usedDays: {} });
    expect(result.creditPence).toBe(result.claimedPence);
    expect(result.consequential).toHaveLength(2);
  });

  it('add up what was frozen, whatever today’s code would make of the lines', () => {
    const frozen = {
      ...body,
      lines: body.lines.map((line) => ({ ...line, eligiblePence: line.eligiblePence - 1, fundedDays: 7 })),
    };
    const result = recalculateAllowed(frozen, terms, not([2, 0]));
    expect(result.categories.targeted).toMatchObject({ claimedEligiblePence: 219_998, claimedPence: 109_999 });
    expect(result).toMatchObject({ usedDays: { targeted: 14 }, releasedDays: { coaching_qa: 7 } });
  });
});
