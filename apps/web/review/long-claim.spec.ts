import { describe, expect, it } from '@jest/globals';
import { type ClaimOnDesk } from '#claims';
import { longClaim } from '../../../test/builders/long-claim.js';
import { LINES_AT_ONCE, partIn, partOf, partsOf, partsOfInvoices } from '../page/index.js';
import { adjustPage, NO_ADJUSTMENT } from './adjust.presenter.js';
import { approvePage } from './approve.presenter.js';
import { noticesOf, NOTICES_AT_ONCE } from './notices.js';
import { NOTHING_TYPED } from './review-form.js';
import { checkPage, inPart, reviewPage } from './review.presenter.js';

const actor = { userId: 'u', organisation: 'MTM', scope: '*', roles: ['mtm_approver'] };
function deskOf(invoices: number, perInvoice: number) {
  const { claim, looks } = longClaim(invoices, perInvoice);
  const desk = {
    ...{ claim, authorityName: 'Brent', makers: [], approvers: [], mayApprove: [], lacking: [], wouldBe: null },
    ...{ submittedBy: null, reviewedBy: null, reviewedAt: null, approvedBy: null, approvedAt: null, heldBy: null },
    ...{ assignedTo: null, payer: 'MTM', funder: 'DfE', paidWithinDays: 60 },
    categories: [{ code: 'targeted', label: 'Targeted training', atCost: false }],
    rates: [{ code: 'standard', label: 'Standard day' }],
  } as unknown as ClaimOnDesk;
  return { desk, looks };
}
const PAGES = {
  review: (desk: ClaimOnDesk) => reviewPage(desk, [], { typed: NOTHING_TYPED, part: 2, wouldBe: null }),
  approve: (desk: ClaimOnDesk) => approvePage(actor, desk, [], '2'),
  check: (desk: ClaimOnDesk) => checkPage(desk, { typed: NOTHING_TYPED, part: 1, wouldBe: null }),
  adjust: (desk: ClaimOnDesk) => {
    const standing = desk.claim.trainerInvoices.flatMap(({ lines }) =>
      lines.map(({ id }) => ({ lineId: id, path: '', netPence: 1, eligiblePence: 1, trainerDays: null })),
    );
    return adjustPage(desk, { standing, asked: '2' }, NO_ADJUSTMENT);
  },
};

describe('the work of presenting a claim of many lines', () => {
  it.each(Object.entries(PAGES))('grows with its lines and no faster: %s', (_, present) => {
    const [few, many] = [deskOf(5, 100), deskOf(50, 100)];
    present(few.desk);
    present(many.desk);
    // Each step and each flag is looked at a few times, however many lines there are.
    expect(many.looks.working).toBeLessThanOrEqual(2 * 10_000);
    expect(many.looks.flags).toBeLessThanOrEqual(3 * 5_000);
    expect(many.looks.working).toBeLessThanOrEqual(10 * few.looks.working);
  });

  it.each(Object.entries(PAGES).filter(([name]) => name !== 'check'))(
    'is done for the part shown alone: %s',
    (_, present) => {
      const { desk, looks } = deskOf(50, 200);
      const page = present(desk) as ReturnType<typeof reviewPage>;
      expect(page.invoices.flatMap(({ lines }) => lines)).toHaveLength(LINES_AT_ONCE);
      expect(page.invoices[0]!.lines[0]!.number).toBe(LINES_AT_ONCE + 1);
      expect(looks.lines).toBe(LINES_AT_ONCE);
    },
  );

  it('keeps each line’s own working and flags beside it', () => {
    const { desk } = deskOf(3, 30);
    const [first, second] = PAGES.review(desk).invoices;
    expect([first!.title, first!.lines.length, second!.lines.length]).toEqual(['A Trainer Ltd, invoice N-1', 20, 20]);
    expect(first!.lines[0]).toMatchObject({
      number: 11,
      working: [10].flatMap((at) =>
        ['fundedCostPence', 'eligiblePence'].map(
          (figure) => `How trainerInvoices[1].lines[${at}] comes to its ${figure}.`,
        ),
      ),
      flags: ['Too much.'],
    });
  });
});

describe('what is to be looked at of many lines', () => {
  it('is told of the first, counted for the rest, and placed in its part', () => {
    const { desk } = deskOf(3, 30);
    const { items, more } = noticesOf(desk.claim, desk.claim.flags, { part: 2 });
    expect([items.length, more]).toEqual([NOTICES_AT_ONCE, 90 - NOTICES_AT_ONCE]);
    expect(items[0]).toEqual({ text: 'Too much.', where: 'A Trainer Ltd, invoice N-0, line 1 (part 1)', href: null });
    const whole = { path: '', message: 'No file.' };
    expect(noticesOf(desk.claim, [...desk.claim.flags, whole], { part: 2 }).items[0]!.text).toBe('No file.');
    const addressOf = (part: number) => `/x?part=${part}`;
    const placed = (path: string, part: number) =>
      noticesOf(desk.claim, [{ path, message: '' }], { part, addressOf }).items[0]!.href;
    expect(placed('trainerInvoices[1].lines[10]', 2)).toBe('#line-l1-10');
    expect(placed('trainerInvoices[1].lines[10]', 1)).toBe('/x?part=2#line-l1-10');
    expect(placed('trainerInvoices[1]', 2)).toBe('#invoice-i1');
    expect(placed('trainerInvoices[2]', 1)).toBe('/x?part=2#invoice-i2');
  });
});

describe('what is to be mended of many lines', () => {
  const { desk } = deskOf(3, 30);
  const wrong = (path: string) => ({ path, code: 'x', message: 'm' });
  it('is shown in its part, and said to be there when several parts have something', () => {
    expect(inPart(desk.claim, [wrong('reason.l0-3')], 1)).toEqual({ part: 1, errors: [wrong('reason.l0-3')] });
    expect(inPart(desk.claim, [wrong('reason.l2-29')], 1).part).toBe(3);
    expect(inPart(desk.claim, [wrong('reason.l2-29'), wrong('proof.i0')], 1)).toEqual({
      part: 1,
      errors: [{ path: '', code: 'x', message: 'Part 3: m' }, wrong('proof.i0')],
    });
    expect(inPart(desk.claim, [wrong('')], 2)).toEqual({ part: 2, errors: [wrong('')] });
  });
});

describe('the parts of a claim', () => {
  const invoices = (...counts: number[]) =>
    counts.map((count) => ({ lines: Array.from({ length: count }, (_, at) => at) }));

  it('have every line once, in its order', () => {
    for (const claim of [invoices(1), invoices(40), invoices(39, 2, 200, 7), invoices(41, 1)]) {
      const all = claim.flatMap(({ lines }, at) => lines.map((line) => `${at}.${line}`));
      const last = Math.ceil(all.length / LINES_AT_ONCE);
      const named = claim.map((invoice, at) => ({ lines: invoice.lines.map((line) => `${at}.${line}`) }));
      const shown = Array.from({ length: last }, (_, part) => partIn(named, part + 1).flatMap(({ lines }) => lines));
      expect(shown.flat()).toEqual(all);
      expect(partOf('9999', all.length)).toBe(last);
      for (const part of shown) expect(part.length).toBeLessThanOrEqual(LINES_AT_ONCE);
    }
    expect(partsOfInvoices(invoices(39, 2, 200))).toEqual([
      { first: 1, last: 1 },
      { first: 1, last: 2 },
      { first: 2, last: 7 },
    ]);
  });

  it('are linked each when few; of many the neighbours, the ends and some of each stretch', () => {
    const numbers = (lines: number, part: number) => partsOf(invoices(lines), part).map(({ number }) => number);
    expect(numbers(40, 1)).toEqual([]);
    expect(numbers(100, 2)).toEqual([1, 2, 3]);
    const many = numbers(10_000, 100);
    expect(many).toEqual([1, 33, 65, 97, 99, 100, 101, 129, 161, 193, 225, 250]);
    expect(partsOf(invoices(10_000), 100).filter(({ current }) => current)).toEqual([{ number: 100, current: true }]);
  });
});
