import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { RECEIPT_LIFECYCLE, RECEIPT_STATES, REQUEST_LIFECYCLE, REQUEST_STATES } from './index.js';

const doc = readFileSync(new URL('../../../docs/lifecycles/funding.md', import.meta.url), 'utf8');
const drawn = [...doc.matchAll(/```mermaid\n([\s\S]*?)```/g)].map((match) => match[1]);

describe('the lives of a funding request and of a receipt', () => {
  it('reach every state', () => {
    expect([...REQUEST_LIFECYCLE.reachable()].sort()).toEqual([...REQUEST_STATES].sort());
    expect([...RECEIPT_LIFECYCLE.reachable()].sort()).toEqual([...RECEIPT_STATES].sort());
  });

  it('are drawn in docs/lifecycles/funding.md as they are', () => {
    expect(drawn).toEqual([REQUEST_LIFECYCLE.toMermaid(), RECEIPT_LIFECYCLE.toMermaid()]);
  });

  it('end where they end: nothing comes back from reversed or cancelled, and nothing is cancelled once submitted', () => {
    for (const event of ['confirm', 'reverse'] as const)
      expect(RECEIPT_LIFECYCLE.find('reversed', event)).toBeUndefined();
    expect(REQUEST_LIFECYCLE.sources('cancel')).toEqual(['draft']);
    expect(REQUEST_LIFECYCLE.table.some(({ from }) => from.includes('cancelled'))).toBe(false);
  });
});
