import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Lifecycle, type Transition } from './index.js';

type State = 'open' | 'shut' | 'gone' | 'lost';
type Event = 'shut' | 'reopen' | 'bin' | 'mourn';

const door = new Lifecycle<State, Event, 'porter'>('open', [
  { from: ['open'], event: 'shut', to: 'shut', by: ['porter'] },
  { from: ['shut'], event: 'reopen', to: 'open', by: ['porter'] },
  { from: ['open', 'shut'], event: 'bin', to: 'gone', by: ['porter'] },
  { from: ['lost'], event: 'mourn', to: 'gone', by: [] },
]);

describe('lifecycle', () => {
  it('answers from its table only', () => {
    expect(door.find('open', 'shut')?.to).toBe('shut');
    expect(door.find('gone', 'reopen')).toBeUndefined();
    expect(door.sources('bin')).toEqual(['open', 'shut']);
  });

  it('refuses an event out of the wrong state, saying which states it starts from', () => {
    expect(() => door.require('The door', 'shut', 'bin')).not.toThrow();
    expect(() => door.require('The door', 'gone', 'bin')).toThrow(
      'The door can be changed by "bin" only while it is open or shut; it is gone.',
    );
  });

  it('finds what can be reached, and what cannot', () => {
    expect([...door.reachable()].sort()).toEqual(['gone', 'open', 'shut']);
  });

  it('draws every arrow', () => {
    expect(door.toMermaid()).toBe(
      'stateDiagram-v2\n  [*] --> open\n  open --> shut: shut\n  shut --> open: reopen\n' +
        '  open --> gone: bin\n  shut --> gone: bin\n  lost --> gone: mourn\n',
    );
  });

  it('reaches exactly the states that some walk through the table visits', () => {
    const states = ['a', 'b', 'c', 'd', 'e'] as const;
    const row = fc.record<Transition<string, string, string>>({
      from: fc.uniqueArray(fc.constantFrom(...states), { minLength: 1, maxLength: 2 }),
      event: fc.constantFrom('x', 'y', 'z'),
      to: fc.constantFrom(...states),
      by: fc.constant([]),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), (table) => {
        const walked = new Set(['a']);
        const queue = ['a'];
        for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
          for (const { from, to } of table) {
            if (from.includes(at) && !walked.has(to)) queue.push(to);
            if (from.includes(at)) walked.add(to);
          }
        }
        expect(new Lifecycle('a', table).reachable()).toEqual(walked);
      }),
    );
  });
});
