import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { askedOf, claimsQuery, deskOf, dueText, pileLinks, PILES, whoChoices } from './queue.presenter.js';

const ME = 'me';
const NONE = { submitted: 0, reviewed: 0, held: 0, returned: 0, adjustments: 0 };

describe('the queue', () => {
  it('opens where a person’s work is', () => {
    expect(askedOf({}, ['mtm_finance'])).toMatchObject({ pile: 'review', who: 'all' });
    expect(askedOf({}, ['mtm_approver'])).toMatchObject({ pile: 'approve' });
    expect(askedOf({}, ['mtm_finance', 'mtm_approver'])).toMatchObject({ pile: 'review' });
    expect(askedOf({ show: 'held', who: 'mine', authority: 'BRENT' }, [])).toEqual({
      ...{ pile: 'held', who: 'mine', authority: 'BRENT' },
    });
    expect(askedOf({ show: 'nonsense' }, ['mtm_finance']).pile).toBe('review');
  });

  it('asks the list of claims for one’s own, nobody’s, a colleague’s', () => {
    const of = (who: string) => deskOf({ pile: 'review', who, authority: undefined }, ME);
    expect([of('all'), of('mine'), of('nobody'), of('you')]).toEqual([
      ...[{}, { assignedTo: ME }, { assigned: 'false' }, { assignedTo: 'you' }],
    ]);
  });

  it('leaves what is held to the pile of held claims', () => {
    const held = (pile: (typeof PILES)[number]) => claimsQuery({ pile, who: 'all', authority: undefined }, ME)['hold'];
    expect(PILES.map(held)).toEqual(['false', 'false', 'true', undefined]);
  });

  it('links to each pile with the filters as they are, and no page of another', () => {
    const asked = askedOf({ show: 'approve', who: 'mine' }, []);
    const links = pileLinks(
      asked,
      { ...NONE, submitted: 3, held: 1000 },
      { show: 'approve', who: 'mine', cursor: 'x' },
    );
    expect(links.map(({ text, href, current }) => [text, href, current])).toEqual([
      ['To review (3)', '/queue?show=review&who=mine', false],
      ['To approve (0)', '/queue?show=approve&who=mine', true],
      ['On hold (999+)', '/queue?show=held&who=mine', false],
      ['Returned (0)', '/queue?show=returned&who=mine', false],
    ]);
  });

  it('offers oneself as “mine”, once', () => {
    const people = [ME, 'other'].map((id) => ({ id, name: id, organisation: 'MTM', roles: [] }));
    const choices = whoChoices(askedOf({ who: 'other' }, []), people, ME);
    expect(choices.map(({ value }) => value)).toEqual(['all', 'mine', 'nobody', 'other']);
    expect(choices.filter(({ selected }) => selected).map(({ value }) => value)).toEqual(['other']);
  });
});

describe('a due date', () => {
  it.each([
    ['2018-06-02', '2018-04-03', '60 days left'],
    ['2018-04-04', '2018-04-03', '1 day left'],
    ['2018-04-03', '2018-04-03', 'due today'],
    ['2018-04-02', '2018-04-03', 'overdue by 1 day'],
    [null, '2018-04-03', ''],
  ])('%s on %s is “%s”', (dueOn, today, text) => expect(dueText(dueOn, today)).toBe(text));

  it('says days whenever there are any', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), (days) => {
        const then = new Date(Date.UTC(2018, 0, 1 + days)).toISOString().slice(0, 10);
        expect(dueText(then, '2018-01-01')).toMatch(new RegExp(`^${days} days? left$`));
      }),
    );
  });
});
