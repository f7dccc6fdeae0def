import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseSeed } from '#programme/domain';
import { digestLetter, type Digest, type ProgrammePart } from './digest-letter.js';
import { MOST_LISTED, warningLetter, type WarnedClaim, type Warning } from './warning-letter.js';

const terms = parseSeed(JSON.parse(readFileSync(new URL('../../../seeds/eip2.json', import.meta.url), 'utf8')))
  .terms[0]!;

const claim = (over: Partial<WarnedClaim> = {}): WarnedClaim => ({
  invoiceNumber: 'EIP2-BRENT-0001',
  authority: 'Brént ✓ 布伦特 <b>',
  pence: 107_820,
  state: 'approved',
  held: false,
  dueOn: '2018-06-02',
  askedOn: '2018-04-13',
  terms,
  ...over,
});
const warning = (over: Partial<Warning> = {}): Warning => ({
  programme: 'EIP2',
  level: '45',
  today: '2018-05-18',
  count: 1,
  pence: 107_820,
  firstDueOn: '2018-06-02',
  lastDueOn: '2018-06-02',
  claims: [claim()],
  ...over,
});

describe('the letter of a warning', () => {
  it('says which claim, how much, whose turn it is and how long there is', () => {
    const letter = warningLetter(warning(), terms);
    expect(letter.subject).toBe('EIP2: unpaid after 45 days, 1 claim, £1,078.20');
    expect(letter.paragraphs).toEqual([
      'This claim is not paid, 45 days or more after its submission. The 60 days end on 2 June 2018.',
    ]);
    expect(letter.facts).toEqual([
      [
        'EIP2-BRENT-0001',
        'Brént ✓ 布伦特 <b>, £1,078.20; approved: waits for DfE to pay MTM, asked on 13 April 2018; due 2 June 2018 (in 15 days)',
      ],
    ]);
  });

  it('counts the days that are over once they are', () => {
    const two = { count: 2, pence: 2, firstDueOn: '2018-05-16', lastDueOn: '2018-05-17', level: 'overdue' };
    const claims = ['2018-05-16', '2018-05-17', '2018-05-18'].map((dueOn) => claim({ dueOn, held: true }));
    const letter = warningLetter(warning({ ...two, claims }), terms);
    expect(letter.subject).toBe('EIP2: overdue, 2 claims, £0.02');
    expect(letter.paragraphs[0]).toBe(
      'These claims were due between 16 May 2018 and 17 May 2018 and are not paid: the 60 days are over.',
    );
    expect(letter.facts.map(([, text]) => text.replace(/.*; /, ''))).toEqual([
      'due 16 May 2018 (2 days ago)',
      'due 17 May 2018 (1 day ago)',
      'due 18 May 2018 (today)',
    ]);
    expect(letter.facts[0]![1]).toContain('waits for MTM to release its hold');
    const unasked = warningLetter(warning({ claims: [claim({ askedOn: null })] }), terms);
    expect(unasked.facts[0]![1]).toContain('waits for MTM to ask DfE for the money');
  });

  it('says how many more there are than it lists', () => {
    const claims = Array.from({ length: MOST_LISTED }, () => claim());
    const { facts } = warningLetter(warning({ claims, count: MOST_LISTED + 3 }), terms);
    expect(facts).toHaveLength(MOST_LISTED + 1);
    expect(facts.at(-1)).toEqual(['And more', '3 claims; the service’s list of warnings has them all']);
  });
});

const part = (over: Partial<ProgrammePart> = {}): ProgrammePart => ({
  programme: 'EIP2',
  terms,
  states: [],
  paidLately: { count: 0, pence: 0 },
  unchecked: 0,
  waiting: [],
  allocations: null,
  bands: null,
  ...over,
});
const digest = (over: Partial<Digest> = {}): Digest => ({
  monday: '2018-05-14',
  today: '2018-05-15',
  authority: 'Brent',
  parts: [part()],
  ...over,
});

describe('the letter of a digest', () => {
  it('of nothing says that nothing waits', () => {
    const letter = digestLetter(digest());
    expect(letter.subject).toBe('Brent: claims in the week of 14 May 2018');
    expect(letter.paragraphs).toEqual(['No claim waits for payment.']);
    expect(letter.facts).toEqual([]);
  });

  it('tells the authority "you", and the payer’s people nobody’s name where it is of several', () => {
    const states = [{ state: 'returned', held: false, count: 2, pence: 500, firstDueOn: null }] as const;
    const text = (authority: string | null) => digestLetter(digest({ authority, parts: [part({ states })] })).facts[0];
    expect(text('Brent')).toEqual(['Returned', '2 claims, £5.00; waits for you to correct this']);
    expect(text(null)).toEqual(['Returned', '2 claims, £5.00; waits for the authority to correct this']);
  });

  it('tells of what assurance waits for', () => {
    const facts = (authority: string | null) =>
      digestLetter(digest({ authority, parts: [part({ unchecked: 2 })] })).facts;
    expect(facts('Brent')).toEqual([['Evidence asked for', '2 claims drawn for assurance; waits for you to add it']]);
    expect(facts(null)).toEqual([['Assurance checks to record', '2 claims']]);
  });

  it('names the programme where there are several, and what was paid, is overdue and is expected', () => {
    const waiting = [
      {
        invoiceNumber: 'EIP2-BRENT-0001',
        authority: 'Brent',
        state: 'approved',
        held: false,
        pence: 100,
        dueOn: '2018-05-14',
        expectedOn: '2018-05-20',
        estimatedFrom: 'a guess',
        askedOn: '2018-04-13',
      },
    ] as const;
    const bands = [
      { band: 'overdue', fromDays: 61, toDays: null, claimCount: 1, amountPence: 100 },
      { band: '0-29', fromDays: 0, toDays: 29, claimCount: 0, amountPence: 0 },
    ];
    const full = part({ waiting, bands, paidLately: { count: 1, pence: 300 } });
    const { facts } = digestLetter(digest({ authority: null, parts: [full, part({ programme: 'OTHER' })] }));
    expect(facts).toEqual([
      ['EIP2, Paid in the last 7 days', '1 claim, £3.00'],
      ['EIP2, Overdue', '1 claim, £1.00'],
      [
        'EIP2, EIP2-BRENT-0001',
        'Brent; £1.00; approved, waits for DfE to pay MTM, asked on 13 April 2018; due 14 May 2018 (overdue); expected 20 May 2018 (a guess)',
      ],
    ]);
  });
});
