import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { RUN_LIFECYCLE, RUN_STATES } from './run-lifecycle.js';

describe('a payment run’s life', () => {
  it('is drawn in docs/lifecycles/payment-run.md as it is', () => {
    const doc = readFileSync(new URL('../../../docs/lifecycles/payment-run.md', import.meta.url), 'utf8');
    const drawings = [...doc.matchAll(/```mermaid\n([\s\S]*?)```/g)].map((match) => match[1]);
    expect(drawings).toEqual([RUN_LIFECYCLE.toMermaid()]);
  });

  it('reaches every state, and nothing leads out of one that is approved or cancelled', () => {
    expect([...RUN_LIFECYCLE.reachable()].sort()).toEqual([...RUN_STATES].sort());
    expect(RUN_LIFECYCLE.table.flatMap((row) => row.from)).toEqual(['prepared', 'prepared']);
  });
});
