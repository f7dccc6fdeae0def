import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ADJUSTMENT_LIFECYCLE, ADJUSTMENT_STATES, eventBetween, stateByRecovery } from './adjustment-lifecycle.js';

describe('an adjustment’s life', () => {
  it('is drawn in docs/lifecycles/adjustment.md as it is', () => {
    const doc = readFileSync(new URL('../../../docs/lifecycles/adjustment.md', import.meta.url), 'utf8');
    const drawings = [...doc.matchAll(/```mermaid\n([\s\S]*?)```/g)].map((match) => match[1]);
    expect(drawings).toEqual([ADJUSTMENT_LIFECYCLE.toMermaid()]);
  });

  it('reaches every state, ends only where a proposal is cancelled, and nobody who proposes approves', () => {
    expect([...ADJUSTMENT_LIFECYCLE.reachable()].sort()).toEqual([...ADJUSTMENT_STATES].sort());
    const { table } = ADJUSTMENT_LIFECYCLE;
    expect(ADJUSTMENT_STATES.filter((state) => !table.some((row) => row.from.includes(state)))).toEqual(['cancelled']);
    expect(table.find(({ event }) => event === 'approve')!.by).toEqual(['mtm_approver']);
  });
});

describe('where an approved adjustment is', () => {
  it.each<[number, number, string]>([
    [0, 0, 'approved'],
    [99, 0, 'approved'],
    [60, 39, 'approved'],
    [100, 0, 'set_off'],
    [60, 40, 'repaid'],
    [0, 100, 'repaid'],
  ])('with %d set off and %d repaid of 100 it is so', (setOffPence, repaidPence, state) => {
    expect(stateByRecovery({ amountPence: 100, setOffPence, repaidPence })).toBe(state);
  });

  it('follows from what is back, and one event leads from each place to the next', () => {
    const amounts = fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.nat({ max: 1000 }), fc.nat({ max: 1000 }));
    const step = amounts.map(([amountPence, a, b]) => {
      const setOffPence = Math.min(a, amountPence);
      return { amountPence, setOffPence, repaidPence: Math.min(b, amountPence - setOffPence) };
    });
    fc.assert(
      fc.property(step, (recovered) => {
        const state = stateByRecovery(recovered);
        const back = recovered.setOffPence + recovered.repaidPence;
        expect(state === 'approved').toBe(back < recovered.amountPence);
        const event = eventBetween('approved', state);
        expect(event === null ? 'approved' : ADJUSTMENT_LIFECYCLE.find('approved', event)!.to).toBe(state);
        const backAgain = eventBetween(state, 'approved');
        expect(backAgain === null ? state : ADJUSTMENT_LIFECYCLE.find(state, backAgain)!.to).toBe('approved');
      }),
    );
  });
});
