import { describe, expect, it } from '@jest/globals';
import { type AllocationRow, type MovePreview } from '#programme';
import { keepingProgramme } from '../page/index.js';
import {
  allocationsTable,
  authorityPage,
  drawnBar,
  drawsTable,
  leftSentence,
  movesTable,
} from './allocations.presenter.js';
import { moveBody, previewPage, reverseOf } from './move.presenter.js';
import { moveText } from './words.js';

const row = (over: Partial<AllocationRow> = {}): AllocationRow => ({
  ...{ programme: 'EIP2', authority: 'BRENT', name: 'Brent', category: 'targeted', label: 'Targeted training' },
  ...{ firstDays: '10', movedDays: '0', allottedDays: '10', reservedDays: '1', usedDays: '2.5', leftDays: '6.5' },
  ...over,
});

const at = keepingProgramme('/allocations', 'HOMES');

describe('an allocation in words', () => {
  it.each([
    [{}, '6.5 days left of 10: 2.5 days used by approved claims, 1 day reserved by claims not yet approved.'],
    [{ reservedDays: '0', leftDays: '7.5' }, '7.5 days left of 10: 2.5 days used by approved claims.'],
    [{ allottedDays: '0', reservedDays: '0', usedDays: '0', leftDays: '0' }, 'No days are allotted.'],
  ])('%j reads %s', (over, text) => expect(leftSentence(row(over))).toBe(text));

  it('is drawn as long as its parts, and not at all when there is nothing', () => {
    const chart = drawnBar(row());
    expect(chart?.bars.map(({ width }) => Math.round((width / chart.width) * 100))).toEqual([25, 10, 65]);
    expect(drawnBar(row({ allottedDays: '0' }))).toBeNull();
    // What is reserved is as it should be: it alarms nobody, and is told apart without its colour too.
    expect(chart?.bars.map(({ kind }) => kind)).toEqual(['usual', 'held', 'other']);
    expect(chart?.labels.map(({ text }) => text)).toEqual(['Used: 2.5', 'Reserved: 1', 'Left: 6.5']);
    expect(chart?.keys?.map(({ kind }) => kind)).toEqual(chart?.bars.map(({ kind }) => kind));
  });

  it('signs what was moved, so that what came differs from what went', () => {
    const rows = [row({ movedDays: '2' }), row({ movedDays: '-1.5' }), row()];
    expect(allocationsTable(rows, false, at).rows.map((cells) => cells[3]?.text)).toEqual(['+2', '-1.5', '0']);
  });

  it('leads on within the programme it is of', () => {
    const hrefs = allocationsTable([row()], false, at).rows[0]?.flatMap((cell) => ('href' in cell ? [cell.href] : []));
    expect(hrefs).toEqual(['/allocations/BRENT?programme=HOMES', '/allocations/BRENT/targeted?programme=HOMES']);
    const move = {
      ...{ id: 'm', category: 'c', from: null, to: 'BRENT', days: '1', reason: 'r', movedBy: 'u' },
      label: 'C',
    };
    const [moved] = movesTable([{ ...move, movedAt: '2018-04-03T09:00:00.000Z' }], at).rows;
    expect(moved?.[0]).toMatchObject({ href: '/allocations/moves/m?programme=HOMES' });
  });

  it('says when the days last, with the date as people write it', () => {
    const forecast = { runsOutOn: '2018-09-01', daysPerMonth: '2', text: 'The days left last until 2018-09-01.' };
    const shown = authorityPage([row()], [{ ...row(), drawnDays: '3.5', forecast }], at);
    expect(shown.categories[0]?.forecast).toBe('The days left last until 1 September 2018.');
  });

  it('names each draw, with the claim even before it has a number', () => {
    const draw = {
      kind: 'released' as const,
      days: '1',
      at: '2018-04-03T09:00:00.000Z',
      claimId: 'c',
      invoiceNumber: null,
    };
    expect(drawsTable([draw]).rows[0]?.map(({ text }) => text)).toEqual([
      ...['3 April 2018 at 10:00am', 'Given back before approval', '1', 'Claim without an invoice'],
    ]);
  });
});

describe('a move of days', () => {
  const typed = { programme: 'EIP2', category: 'targeted', from: 'RESERVE', to: 'BRENT', days: '2' };

  it('is asked of whoever gets the days, or of who gives them to the reserve', () => {
    expect(moveBody(typed)).toEqual({
      authority: 'BRENT',
      body: { programme: 'EIP2', category: 'targeted', days: '2', from: null },
    });
    expect(moveBody({ ...typed, from: 'LINCS' }).body['from']).toBe('LINCS');
    expect(moveBody({ ...typed, from: 'LINCS', to: 'RESERVE' })).toEqual({
      authority: 'LINCS',
      body: { programme: 'EIP2', category: 'targeted', days: '2', from: 'LINCS', to: 'RESERVE' },
    });
  });

  it('is undone by the same days the other way', () => {
    const made = { programme: 'EIP2', category: 'targeted', from: null, to: 'BRENT', days: '2' };
    expect(reverseOf(made)).toEqual({ ...typed, from: 'BRENT', to: 'RESERVE' });
    expect(moveText(made, 'targeted training')).toBe('2 days of targeted training from the reserve to BRENT');
  });

  it('warns of what it leaves the giver, unless it cannot be done anyway', () => {
    const end = (authority: string | null, left: string, draftClaims = 0) => ({
      authority,
      before: { totalDays: '4', drawnDays: '0', leftDays: '4' },
      after: { totalDays: left, drawnDays: '0', leftDays: left },
      draftClaims,
    });
    const preview = (source: MovePreview['source'], refusal: string | null = null) =>
      previewPage({ source, target: end('BRENT', '6'), refusal, mark: 'm' }, 'Coaching').warnings;
    expect(preview(end('LINCS', '2'))).toEqual([]);
    expect(preview(end('LINCS', '0', 2))).toEqual([
      'LINCS has no days of Coaching left then: a claim for one more is refused.',
      'LINCS has 2 claims not yet submitted. They hold no days yet, and may need these.',
    ]);
    expect(preview(end(null, '0'))).toEqual(['Nothing is left in the reserve of Coaching.']);
    expect(preview(end('LINCS', '0', 2), 'It does not have them.')).toEqual([]);
  });
});
