import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { askedFor, REQUEST_LIFECYCLE, stateByClaims, type RequestState } from './index.js';

const pence = fc.integer({ min: 0, max: 10_000_000_000 });
const unused = fc.integer({ min: -10_000_000_000, max: 10_000_000_000 });

describe('what a request asks for', () => {
  it.each([
    [100_000, 0, { totalPence: 100_000, recoveredPence: 0, requestedPence: 100_000 }],
    [100_000, 30_000, { totalPence: 100_000, recoveredPence: 30_000, requestedPence: 70_000 }],
    [100_000, 130_000, { totalPence: 100_000, recoveredPence: 100_000, requestedPence: 0 }],
    [100_000, -5, { totalPence: 100_000, recoveredPence: 0, requestedPence: 100_000 }],
  ])('of %i with %i unused', (total, left, asked) => expect(askedFor(total, left)).toEqual(asked));

  it('loses no penny, uses no more than there is, and asks for nothing while there is enough', () => {
    fc.assert(
      fc.property(pence, unused, (total, left) => {
        const { totalPence, recoveredPence, requestedPence } = askedFor(total, left);
        expect(recoveredPence + requestedPence).toBe(totalPence);
        expect(recoveredPence).toBeGreaterThanOrEqual(0);
        expect(recoveredPence).toBeLessThanOrEqual(Math.max(0, left));
        expect(requestedPence > 0 && recoveredPence < Math.max(0, left)).toBe(false);
      }),
    );
  });

  it('uses the same in all, however it is asked in parts', () => {
    fc.assert(
      fc.property(fc.array(pence, { maxLength: 6 }), pence, (totals, recovered) => {
        let left = recovered;
        for (const total of totals) left -= askedFor(total, left).recoveredPence;
        const all = totals.reduce((sum, total) => sum + total, 0);
        expect(recovered - left).toBe(askedFor(all, recovered).recoveredPence);
      }),
    );
  });
});

describe('the state of a submitted request', () => {
  const claim = fc.constantFrom('waiting', 'funded', 'rejected');
  const stateOf = (claims: readonly string[]) =>
    stateByClaims({ someFunded: claims.includes('funded'), someWaiting: claims.includes('waiting') });

  it('is what its claims are, those that were rejected aside', () => {
    expect(stateOf(['waiting', 'waiting'])).toBe('submitted');
    expect(stateOf(['waiting', 'funded', 'rejected'])).toBe('part_paid');
    expect(stateOf(['funded', 'rejected'])).toBe('paid');
    expect(stateOf(['rejected', 'waiting'])).toBe('submitted');
    expect(stateOf(['rejected', 'rejected'])).toBe('withdrawn');
  });

  it('moves as the lifecycle says, whatever is funded, unfunded or rejected', () => {
    const CHANGES: Record<string, [from: string, to: string]> = {
      fund: ['waiting', 'funded'],
      unfund: ['funded', 'waiting'],
    };
    const step = fc.record({
      what: fc.constantFrom('fund', 'unfund', 'reject'),
      which: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    });
    fc.assert(
      fc.property(fc.array(claim, { minLength: 1, maxLength: 5 }), fc.array(step, { maxLength: 8 }), (begin, steps) => {
        let claims = begin.map(() => 'waiting');
        let state: RequestState = stateOf(claims);
        for (const { what, which } of steps) {
          // Acts of funding move many at once; one claim is rejected at a time.
          const one = claims.findIndex((is, at) => is === 'waiting' && which[at]);
          claims = claims.map((is, at) => {
            if (what === 'reject') return at === one ? 'rejected' : is;
            const [from, to] = CHANGES[what]!;
            return is === from && which[at] ? to : is;
          });
          const next = stateOf(claims);
          const known = REQUEST_LIFECYCLE.table.some(({ from, to }) => from.includes(state) && to === next);
          expect([state, next, next === state || known]).toEqual([state, next, true]);
          state = next;
        }
      }),
    );
  });
});
