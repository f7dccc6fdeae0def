import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { admitGuess, admitReset, lockMinutes, type Attempts } from './attempts.js';

const START = new Date('2018-03-20T09:00:00Z');
const after = (minutes: number): Date => new Date(START.getTime() + minutes * 60_000);
const NONE: Attempts = { failures: 0, firstAt: START, lastAt: START, lockedUntil: null };

describe('the lock after wrong guesses', () => {
  it.each([
    [0, 0],
    [1, 0],
    [4, 0],
    [5, 1],
    [6, 2],
    [7, 4],
    [10, 32],
    [11, 60],
    [1_000_000, 60],
  ])('after %i: %i minutes', (failures, minutes) => expect(lockMinutes(failures)).toBe(minutes));

  it('never gets shorter with another wrong guess', () => {
    fc.assert(
      fc.property(fc.nat(200), (failures) => {
        expect(lockMinutes(failures + 1)).toBeGreaterThanOrEqual(lockMinutes(failures));
      }),
    );
  });
});

/** Guesses at given minutes, all of them wrong. How many were looked at. */
function guess(minutes: readonly number[]): { looked: number; state: Attempts } {
  let state = NONE;
  let looked = 0;
  for (const minute of minutes) {
    const answer = admitGuess(state, after(minute));
    if (!answer.admitted) continue;
    state = answer.next;
    looked += 1;
  }
  return { looked, state };
}

describe('a guess', () => {
  it('is looked at five times at once, then not for a minute, then once for two', () => {
    expect(guess(Array<number>(50).fill(0)).looked).toBe(5);
    expect(guess([0, 0, 0, 0, 0, 0.9]).looked).toBe(5);
    expect(guess([0, 0, 0, 0, 0, 1]).looked).toBe(6);
    expect(guess([0, 0, 0, 0, 0, 1, 2.9, 3]).looked).toBe(7);
  });

  it('says how long to wait, in whole seconds and never none', () => {
    const { state } = guess([0, 0, 0, 0, 0]);
    expect(admitGuess(state, after(0))).toEqual({ admitted: false, retryAfterSeconds: 60 });
    expect(admitGuess(state, new Date(after(1).getTime() - 1))).toEqual({ admitted: false, retryAfterSeconds: 1 });
  });

  it('while it is locked changes nothing, so nobody keeps an account locked by going on', () => {
    const { state } = guess([0, 0, 0, 0, 0]);
    const gone = guess([0, 0, 0, 0, 0, ...Array<number>(20).fill(0.5)]).state;
    expect(gone).toEqual(state);
  });

  it('begins anew after a day without one', () => {
    expect(guess([0, 0, 0, 0, 24 * 60]).state.failures).toBe(1);
    expect(guess([0, 0, 0, 0, 24 * 60 - 1]).state.failures).toBe(5);
  });

  it('whenever they come, leaves about one an hour to whoever guesses on and on', () => {
    const minutes = fc.array(fc.integer({ min: 0, max: 24 * 60 - 1 }), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(minutes, (times) => {
        expect(guess(times.sort((a, b) => a - b)).looked).toBeLessThanOrEqual(5 + 6 + 24);
      }),
    );
  });
});

describe('links for a forgotten password', () => {
  it('are three within an hour of the first', () => {
    let state = NONE;
    const sent: number[] = [];
    for (let minute = 0; minute <= 125; minute += 5) {
      const answer = admitReset(state, after(minute));
      if (!answer.admitted) continue;
      state = answer.next;
      sent.push(minute);
    }
    expect(sent).toEqual([0, 5, 10, 60, 65, 70, 120, 125]);
  });
});
