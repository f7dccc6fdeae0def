import { describe, expect, it } from '@jest/globals';
import { type TimelineItem } from '#claims';
import { returnedWith, timelineOf } from './timeline.presenter.js';

const step = (seq: number, action: string, reason: string | null = null): TimelineItem => ({
  seq,
  at: new Date(Date.UTC(2018, 3, seq)),
  action,
  actorId: '01a20000-0000-7000-8000-000000000001',
  organisation: 'MTM',
  roles: ['mtm_finance'],
  reason,
  before: null,
  after: null,
});
const TRAIL = [
  step(1, 'claim.submitted'),
  step(2, 'claim.returned', 'The invoice is missing'),
  step(3, 'claim.submitted'),
  step(4, 'claim.returned', 'Now the proof of payment is'),
  step(5, 'claim.message_sent'),
];

describe('the timeline', () => {
  it('is told newest first, in words', () => {
    expect(timelineOf([...TRAIL, step(6, 'delivery.sent')]).map(({ title }) => title)).toEqual([
      ...['E-mailed', 'Message sent', 'Returned for correction', 'Submitted', 'Returned for correction', 'Submitted'],
    ]);
    expect(timelineOf(TRAIL)[0]).toMatchObject({ title: 'Message sent', by: 'MTM' });
  });

  it('says why a claim is to be corrected, by the last time it was returned', () => {
    expect(returnedWith({ state: 'returned' }, TRAIL)).toEqual({
      at: TRAIL[3]!.at,
      reason: 'Now the proof of payment is',
    });
    expect(returnedWith({ state: 'submitted' }, TRAIL)).toBeNull();
  });
});
