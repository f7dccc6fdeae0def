import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  CLAIM_LIFECYCLE,
  CLAIM_STATES,
  EVENTS_WHILE_HELD,
  FINDING_STATES,
  HOLDABLE_STATES,
  LIVE_STATES,
  canHold,
  canRecordFindings,
  isEditable,
  isLive,
  isPossibleWhileHeld,
  waitingFor,
  type ClaimState,
} from './index.js';
import { eip2Terms, secondTerms } from '../../../test/builders/claim-body.js';

const doc = readFileSync(new URL('../../../docs/lifecycles/claim.md', import.meta.url), 'utf8');
const table = CLAIM_LIFECYCLE.table;

describe("a claim's life", () => {
  it('reaches every state, and leaves every state but the three that end it', () => {
    expect([...CLAIM_LIFECYCLE.reachable()].sort()).toEqual([...CLAIM_STATES].sort());
    const ends = CLAIM_STATES.filter((state) => !table.some((row) => row.from.includes(state)));
    expect(ends).toEqual(['rejected', 'withdrawn']);
  });

  it('has one answer to each event in each state', () => {
    const arrows = table.flatMap((row) => row.from.map((from) => `${from} ${row.event}`));
    expect(new Set(arrows).size).toBe(arrows.length);
    expect(new Set(table.map((row) => row.event)).size).toBe(table.length);
  });

  it('is drawn in docs/lifecycles/claim.md as it is', () => {
    const drawn = /```mermaid\n([\s\S]*?)```/.exec(doc)?.[1];
    expect(drawn).toBe(CLAIM_LIFECYCLE.toMermaid());
  });

  it('is listed there row by row, with who may', () => {
    const rows = doc.split('\n').filter((line) => /^\| [a-z]/.test(line) && !line.startsWith('| from'));
    const listed = rows.map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim())
        .slice(0, 4),
    );
    expect(listed).toEqual(table.map((row) => [row.from.join(', '), row.event, row.to, row.by.join(', ')]));
  });

  it('lets no payer submit, no authority approve, and nobody but the system pay', () => {
    for (const row of table) {
      if (['submit', 'withdraw'].includes(row.event)) expect(row.by).toEqual(['la_finance']);
      else expect(row.by).not.toContain('la_finance');
      if (['approve', 'reject'].includes(row.event)) expect(row.by).toEqual(['mtm_approver']);
      if (row.to === 'paid' || row.to === 'reconciled' || row.event === 'fund') expect(row.by).toEqual(['system']);
    }
  });

  it('never changes a funded claim back to the authority', () => {
    for (const event of ['return', 'reject', 'withdraw'] as const) {
      for (const state of ['funded', 'scheduled', 'paid', 'reconciled'] as const) {
        expect(CLAIM_LIFECYCLE.find(state, event)).toBeUndefined();
      }
    }
    expect(CLAIM_LIFECYCLE.find('approved', 'return')).toBeUndefined();
  });
});

describe('live and held', () => {
  it('is live from submitted to reconciled', () => {
    expect(CLAIM_STATES.filter(isLive)).toEqual([...LIVE_STATES]);
    expect(CLAIM_STATES.filter((state) => !isLive(state))).toEqual(['draft', 'returned', 'rejected', 'withdrawn']);
    expect(CLAIM_STATES.filter(isEditable)).toEqual(['draft', 'returned']);
  });

  it('holds four states, and a held claim can still go back but not on', () => {
    expect(CLAIM_STATES.filter(canHold)).toEqual([...HOLDABLE_STATES]);
    const events = table.map((row) => row.event);
    expect(events.filter(isPossibleWhileHeld).sort()).toEqual([...EVENTS_WHILE_HELD].sort());
    for (const event of ['review', 'approve', 'fund', 'schedule'] as const)
      expect(isPossibleWhileHeld(event)).toBe(false);
  });
});

describe('findings', () => {
  it('are recorded from submission until somebody approves, never once money has followed', () => {
    expect(CLAIM_STATES.filter(canRecordFindings)).toEqual([...FINDING_STATES]);
    const approving = CLAIM_LIFECYCLE.sources('approve');
    for (const state of CLAIM_STATES) {
      const onTheWay = approving.includes(state) || CLAIM_LIFECYCLE.find(state, 'review') !== undefined;
      expect([state, canRecordFindings(state)]).toEqual([state, onTheWay]);
    }
  });
});

describe('waiting', () => {
  it('says who acts next, in the words of the programme', () => {
    const words = (state: ClaimState) => waitingFor(state, false, eip2Terms());
    expect(CLAIM_STATES.map(words)).toEqual([
      'You to submit this',
      'MTM to review',
      'MTM to approve',
      'You to correct this',
      'DfE to pay MTM',
      null,
      null,
      'MTM to pay you',
      "MTM's bank to pay you",
      null,
      null,
    ]);
    expect(waitingFor('approved', true, eip2Terms())).toBe('MTM to release its hold');
    expect(waitingFor('returned', true, eip2Terms())).toBe('You to correct this');
    expect(waitingFor('approved', false, secondTerms())).toBe('WHS to fund this');
    expect(waitingFor('returned', false, eip2Terms(), 'BRENT')).toBe('BRENT to correct this');
    expect(waitingFor('funded', false, eip2Terms(), 'BRENT')).toBe('MTM to pay BRENT');
    expect(waitingFor('approved', false, eip2Terms(), null, null)).toBe('MTM to ask DfE for the money');
    expect(waitingFor('approved', false, eip2Terms(), null, '2018-04-13')).toBe(
      'DfE to pay MTM, asked on 13 April 2018',
    );
    expect(waitingFor('approved', false, secondTerms(), null, null)).toBe('WHS to fund this');
  });
});
