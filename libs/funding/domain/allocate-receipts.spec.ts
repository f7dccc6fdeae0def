import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allocateReceipts, type Slice } from './index.js';

const receipts = (...pence: number[]) => pence.map((amount, at) => ({ receiptId: `R${at + 1}`, pence: amount }));
const claims = (...pence: number[]) => pence.map((amount, at) => ({ claimId: `C${at + 1}`, pence: amount }));
const sum = (slices: readonly { pence: number }[]): number => slices.reduce((total, { pence }) => total + pence, 0);

describe('worked example 11 of docs/domain.md', () => {
  const [a, b, c] = [
    { claimId: 'A', pence: 100_000 },
    { claimId: 'B', pence: 50_000 },
    { claimId: 'C', pence: 20_000 },
  ] as const;

  it('funds A, lets B wait and C not overtake; the next receipt funds B from both', () => {
    expect(allocateReceipts([{ receiptId: 'R1', pence: 120_000 }], [a, b, c])).toEqual({
      funded: ['A'],
      slices: [{ receiptId: 'R1', claimId: 'A', pence: 100_000 }],
      left: 20_000,
    });
    const second = allocateReceipts(
      [
        { receiptId: 'R1', pence: 20_000 },
        { receiptId: 'R2', pence: 30_000 },
      ],
      [b, c],
    );
    expect(second).toEqual({
      funded: ['B'],
      slices: [
        { receiptId: 'R1', claimId: 'B', pence: 20_000 },
        { receiptId: 'R2', claimId: 'B', pence: 30_000 },
      ],
      left: 0,
    });
  });
});

describe('receipts and a queue', () => {
  it('keep what is left over when the queue is empty', () => {
    expect(allocateReceipts(receipts(500), [])).toEqual({ funded: [], slices: [], left: 500 });
    expect(allocateReceipts(receipts(500), claims(200)).left).toBe(300);
    expect(allocateReceipts([], claims(200))).toEqual({ funded: [], slices: [], left: 0 });
  });

  const money = fc.array(fc.nat({ max: 1000 }), { maxLength: 6 }).map((pence) => receipts(...pence));
  const queue = fc.array(fc.nat({ max: 800 }), { maxLength: 30 }).map((pence) => claims(...pence));
  const of = (slices: readonly Slice[], key: 'claimId' | 'receiptId', id: string): Slice[] =>
    slices.filter((slice) => slice[key] === id);

  it('give each claim exactly its pence, no receipt more than it has, and leave the rest', () => {
    fc.assert(
      fc.property(money, queue, (remainders, waiting) => {
        const { funded, slices, left } = allocateReceipts(remainders, waiting);
        for (const { claimId, pence } of waiting) {
          expect(sum(of(slices, 'claimId', claimId))).toBe(funded.includes(claimId) ? pence : 0);
        }
        for (const { receiptId, pence } of remainders) {
          expect(sum(of(slices, 'receiptId', receiptId))).toBeLessThanOrEqual(pence);
        }
        expect(sum(slices) + left).toBe(sum(remainders));
      }),
    );
  });

  it('fund a beginning of the queue, as long as it can be', () => {
    fc.assert(
      fc.property(money, queue, (remainders, waiting) => {
        const { funded, left } = allocateReceipts(remainders, waiting);
        expect(funded).toEqual(waiting.slice(0, funded.length).map(({ claimId }) => claimId));
        const next = waiting[funded.length];
        if (next !== undefined && left > 0) expect(next.pence).toBeGreaterThan(left);
      }),
    );
  });

  it('use an older remainder up before a newer one', () => {
    fc.assert(
      fc.property(money, queue, (remainders, waiting) => {
        const { slices } = allocateReceipts(remainders, waiting);
        const order = slices.map(({ receiptId }) => receiptId);
        expect(order).toEqual([...order].sort());
        const last = remainders.findIndex(({ receiptId }) => receiptId === order.at(-1));
        for (const { receiptId, pence } of remainders.slice(0, Math.max(last, 0))) {
          expect(sum(of(slices, 'receiptId', receiptId))).toBe(pence);
        }
      }),
    );
  });
});
