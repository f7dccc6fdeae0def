import { describe, expect, it } from '@jest/globals';
import { type TimelineItem } from '#claims';
import { timelineOf } from './timeline.presenter.js';

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

describe('the timeline', () => {
  it('is told in words, in the order it is read', () => {
    const trail = [step(6, 'delivery.sent'), step(5, 'claim.message_sent'), step(4, 'claim.returned', 'No proof')];
    expect(timelineOf(trail).map(({ title }) => title)).toEqual([
      ...['E-mailed', 'Message sent', 'Returned for correction'],
    ]);
    expect(timelineOf(trail)[2]).toMatchObject({ reason: 'No proof', by: 'MTM' });
  });
});
