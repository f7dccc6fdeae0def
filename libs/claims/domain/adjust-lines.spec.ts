import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sumPence } from '#kernel';
import {
  adjustLines,
  assess,
  changeProblems,
  firstDay,
  type ClaimBody,
  type LineChange,
  type StandingLine,
} from './index.js';
import {
  claimBody,
  claimOf,
  eip2Terms,
  facts,
  trainerInvoice,
  training,
  travel,
} from '../../../test/builders/claim-body.js';

const terms = eip2Terms();
const path = (invoice: number, line: number): string => `trainerInvoices[${invoice}].lines[${line}]`;

/** A claim as it was approved, nothing disallowed. */
function approved(body: ClaimBody) {
  const bodies = body.trainerInvoices.flatMap(({ lines }) => lines);
  const lines = assess(body, terms, facts()).lines.map((line, at): StandingLine => {
    const written = bodies[at]!;
    return { ...line, funding: written.kind === 'travel' ? null : { rate: written.rate, firstDay: firstDay(written) } };
  });
  return { trainers: body.trainerInvoices.map(({ trainer }) => trainer), lines };
}

type Standing = ReturnType<typeof approved>;

/** What is left of it. */
function after(standing: Standing, changes: readonly LineChange[]): Standing {
  const { lines } = adjustLines(standing, terms, changes);
  const left = new Map(lines.map(({ before, after: now }) => [before.path, now]));
  return {
    ...standing,
    lines: standing.lines.map((line) => ({ ...line, ...left.get(line.path) })).filter(({ netPence }) => netPence > 0),
  };
}

const pence = (standing: Standing, ...changes: LineChange[]): number =>
  adjustLines(standing, terms, changes).amountPence;

describe('what an adjustment takes back', () => {
  it('is example 1, a day less: half of the day’s cost and the day', () => {
    const body = claimOf(training({ trainerDays: '2', netPence: 200_000 }), travel(15_640));
    const result = adjustLines(approved(body), terms, [{ path: path(0, 0), trainerDays: 1000, netPence: 100_000 }]);
    expect(result).toMatchObject({ amountPence: 50_000, releasedDays: { targeted: 1000 } });
    expect(result.categories['targeted']).toEqual({
      netPence: 100_000,
      eligiblePence: 100_000,
      reimbursementPence: 50_000,
      fundedDays: 1000,
    });
    expect(result.categories['travel']).toEqual({
      netPence: 0,
      eligiblePence: 0,
      reimbursementPence: 0,
      fundedDays: 0,
    });
  });

  it('is a difference and no rounded share of its own: of 3333 and 1001 travel, the second is worth 500', () => {
    const standing = approved(claimOf(training(), travel(3_333), travel(1_001)));
    expect(pence(standing, { path: path(0, 2) })).toBe(500);
    // 4334 and 4333 are both 2167 once halved and rounded.
    expect(pence(standing, { path: path(0, 2), netPence: 1_000 })).toBe(0);
  });

  it('is nothing while the trainer charged above what is funded', () => {
    const standing = approved(claimOf(training({ netPence: 115_000 })));
    expect(pence(standing, { path: path(0, 0), netPence: 105_000 })).toBe(0);
    expect(pence(standing, { path: path(0, 0), netPence: 85_000 })).toBe(7_500);
  });

  it('keeps the rate of the course: a fifth of an advanced day less draws 1.2 fifths less', () => {
    const standing = approved(claimOf(training({ rate: 'advanced', trainerDays: '5', netPence: 600_000 })));
    const result = adjustLines(standing, terms, [{ path: path(0, 0), trainerDays: 4_800 }]);
    expect(result).toMatchObject({ amountPence: 12_000, releasedDays: { targeted: 240 } });
  });

  it('has the travel of a trainer whose last training goes, on another invoice too, and none while some is left', () => {
    const claim = claimBody([
      trainerInvoice([training(), training()]),
      trainerInvoice([travel(1_001)], { number: '2', trainer: { name: 'a trainer LTD' } }),
    ]);
    const standing = approved(claim);
    expect(adjustLines(standing, terms, [{ path: path(0, 0) }]).lines).toHaveLength(1);
    const both = adjustLines(standing, terms, [{ path: path(0, 0) }, { path: path(0, 1) }]);
    expect(both.lines.filter(({ consequential }) => consequential).map(({ before }) => before.path)).toEqual([
      path(1, 0),
    ]);
    expect(both.amountPence).toBe(100_501);
    // One after the other comes to the same.
    const first = after(standing, [{ path: path(0, 0) }]);
    expect(pence(first, { path: path(0, 1) })).toBe(50_501);
  });

  it('never makes more of a line than was frozen, whatever today’s code would make of it', () => {
    const standing = approved(claimOf(training({ trainerDays: '2', netPence: 200_000 })));
    const frozen = {
      ...standing,
      lines: standing.lines.map((line) => ({ ...line, eligiblePence: 150_000, fundedDays: 1_700 })),
    };
    const result = adjustLines(frozen, terms, [{ path: path(0, 0), netPence: 190_000 }]);
    expect(result).toMatchObject({ amountPence: 0, releasedDays: { targeted: 0 } });
  });
});

describe('all adjustments of a claim together', () => {
  const line = fc.oneof(
    fc
      .record({
        days: fc.integer({ min: 1, max: 4_000 }),
        net: fc.integer({ min: 1, max: 500_000 }),
        advanced: fc.boolean(),
      })
      .map(({ days, net, advanced }) =>
        training({ trainerDays: String(days / 1000), netPence: net, rate: advanced ? 'advanced' : 'standard' }),
      ),
    fc.integer({ min: 1, max: 50_000 }).map((net) => travel(net)),
  );
  const claim = fc.array(line, { minLength: 1, maxLength: 6 }).map((lines) => approved(claimOf(training(), ...lines)));
  const step = fc.record({
    at: fc.nat(),
    net: fc.double({ min: 0, max: 1, noNaN: true }),
    days: fc.double({ min: 0, max: 1, noNaN: true }),
    whole: fc.boolean(),
  });

  /** A change of some line that stands, no figure raised. */
  function changeOf(
    standing: Standing,
    { at, net, days, whole }: { at: number; net: number; days: number; whole: boolean },
  ): LineChange {
    const one = standing.lines[at % standing.lines.length]!;
    if (whole) return { path: one.path };
    const netPence = Math.max(1, Math.floor(one.netPence * net));
    return {
      path: one.path,
      netPence,
      ...(one.trainerDays !== null && { trainerDays: Math.max(1, Math.floor(one.trainerDays * days)) }),
    };
  }

  it('come to what was approved less what is left, to the penny and to the thousandth of a day, none of it negative', () => {
    fc.assert(
      fc.property(claim, fc.array(step, { minLength: 1, maxLength: 6 }), (approvedClaim, steps) => {
        let standing = approvedClaim;
        const taken: number[] = [];
        const released: number[] = [];
        for (const one of steps) {
          if (standing.lines.length === 0) break;
          const change = changeOf(standing, one);
          const result = adjustLines(standing, terms, [change]);
          for (const { netPence, eligiblePence, reimbursementPence, fundedDays } of Object.values(result.categories)) {
            expect(Math.min(netPence, eligiblePence, reimbursementPence, fundedDays)).toBeGreaterThanOrEqual(0);
          }
          expect(sumPence(Object.values(result.releasedDays))).toBe(
            sumPence(Object.values(result.categories).map(({ fundedDays }) => fundedDays)),
          );
          taken.push(result.amountPence);
          released.push(sumPence(Object.values(result.releasedDays)));
          standing = after(standing, [change]);
        }
        const rest = adjustLines(
          standing,
          terms,
          standing.lines.map(({ path: where }) => ({ path: where })),
        );
        const whole = adjustLines(
          approvedClaim,
          terms,
          approvedClaim.lines.map(({ path: where }) => ({ path: where })),
        );
        expect(sumPence(taken) + rest.amountPence).toBe(whole.amountPence);
        expect(sumPence(released) + sumPence(Object.values(rest.releasedDays))).toBe(
          sumPence(Object.values(whole.releasedDays)),
        );
      }),
    );
  });
});

describe('what cannot be adjusted', () => {
  const standing = approved(claimOf(training({ trainerDays: '2', netPence: 200_000 }), travel(1_000)));
  const [course, rail] = [path(0, 0), path(0, 1)];

  it.each<[string, LineChange, string | null]>([
    ['a line that is gone', { path: 'gone' }, 'lines[0].lineId'],
    ['a higher net', { path: course, netPence: 200_001 }, 'lines[0].netPence'],
    ['more days', { path: course, trainerDays: 2_001 }, 'lines[0].trainerDays'],
    ['days of travel', { path: rail, trainerDays: 1 }, 'lines[0].trainerDays'],
    ['the figures it has', { path: course, netPence: 200_000, trainerDays: 2_000 }, 'lines[0].lineId'],
    ['the net it has', { path: rail, netPence: 1_000 }, 'lines[0].lineId'],
    ['nothing: a whole line', { path: rail }, null],
    ['nothing: fewer days', { path: course, trainerDays: 1_999 }, null],
  ])('%s', (_, change, where) => {
    const problems = changeProblems(standing.lines, [change]);
    expect(problems.map((problem) => [problem.path, problem.code])).toEqual(
      where === null ? [] : [[where, 'line_not_adjustable']],
    );
  });
});
