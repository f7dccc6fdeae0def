import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { assess, recalculateAllowed } from './index.js';
import { claimBody, eip2Terms, facts, trainerInvoice, training, travel } from '../../../test/builders/claim-body.js';

const terms = eip2Terms();

/** Trainers of long names, each without training: every line of travel asks whether the claim has any of its trainer. */
function body(invoices: number, lines: number) {
  const trainer = (at: number) => ({ name: `${'Ü'.repeat(480)} ${at}`, vatNumber: `GB${100_000_000 + at}` });
  return claimBody(
    Array.from({ length: invoices }, (_, at) => {
      const own = at % 2 === 0 ? training({ netPence: 1_000, trainerDays: '0.01' }) : travel(1);
      return trainerInvoice([own, ...Array.from({ length: lines - 1 }, () => travel(1))], {
        trainer: trainer(at),
        number: `INV-${at}`,
      });
    }),
  );
}

/** How often names and numbers are normalised, by far the dearest work there is, and their letters read. */
function normalisations(invoices: number, lines: number): number {
  const claim = body(invoices, lines);
  const normalise = jest.spyOn(String.prototype, 'normalize');
  const assessment = assess(claim, terms, facts());
  const trainers = claim.trainerInvoices.map(({ trainer }) => trainer);
  const training = assessment.lines.filter(({ kind }) => kind === 'training');
  const decisions = training.map(({ path }) => ({ path, decision: 'disallow' as const }));
  const allowed = recalculateAllowed({ trainers, lines: assessment.lines }, terms, decisions);
  expect(allowed.consequential).toHaveLength((invoices / 2) * (lines - 1));
  const calls = normalise.mock.calls.length;
  normalise.mockRestore();
  return calls;
}

describe('the work of a claim', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('grows with its invoices, not with pairs of them, and names are read once whatever the lines', () => {
    const [few, many] = [normalisations(4, 2), normalisations(50, 200)];
    expect(few).toBeGreaterThan(0);
    expect(many).toBe((few * 50) / 4);
  });

  it('writes each amount once, however many lines and words name it', () => {
    const written = (lines: number): number => {
      const claim = claimBody([trainerInvoice(Array.from({ length: lines }, () => training({ netPence: 115_000 })))]);
      const format = jest.spyOn(Intl.NumberFormat.prototype as { format: unknown }, 'format', 'get');
      assess(claim, terms, facts());
      const { length } = format.mock.calls;
      format.mockRestore();
      return length;
    };
    // The amounts of the one line, and the sums of two or of two hundred of them, some of which may be the same.
    const [few, many] = [written(2), written(200)];
    expect(few).toBeGreaterThan(0);
    expect(Math.abs(many - few)).toBeLessThan(10);
  });
});
