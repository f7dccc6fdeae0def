import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { PAYMENT_LIFECYCLE, PAYMENT_STATES } from './payment-lifecycle.js';

const doc = readFileSync(new URL('../../../docs/lifecycles/payment.md', import.meta.url), 'utf8');

describe('a payment’s life', () => {
  it('is drawn in docs/lifecycles/payment.md as it is', () => {
    const drawings = [...doc.matchAll(/```mermaid\n([\s\S]*?)```/g)].map((match) => match[1]);
    expect(drawings).toEqual([PAYMENT_LIFECYCLE.toMermaid()]);
  });

  it('is listed there row by row', () => {
    const rows = doc.split('\n').filter((line) => /^\| [a-z]/.test(line) && !line.startsWith('| from'));
    const listed = rows.map((row) =>
      row
        .split('|')
        .slice(1, 4)
        .map((cell) => cell.trim()),
    );
    expect(listed).toEqual(PAYMENT_LIFECYCLE.table.map((row) => [row.from.join(', '), row.event, row.to]));
  });

  it('reaches every state, and nothing leads out of a payment that was refused or cancelled', () => {
    expect([...PAYMENT_LIFECYCLE.reachable()].sort()).toEqual([...PAYMENT_STATES].sort());
    const ends = PAYMENT_STATES.filter((state) => !PAYMENT_LIFECYCLE.table.some((row) => row.from.includes(state)));
    expect(ends).toEqual(['refused', 'cancelled']);
  });

  it('is what the database lets happen', () => {
    const migration = new URL('../../../migrations/1514764800015-reconciliation.ts', import.meta.url);
    const list = /NOT IN \((\([\s\S]*?\))\) THEN/.exec(readFileSync(migration, 'utf8'))![1]!;
    const steps = [...list.matchAll(/\('(\w+)', '(\w+)'\)/g)].map(([, from, to]) => `${from} ${to}`);
    const table = PAYMENT_LIFECYCLE.table.flatMap((row) => row.from.map((from) => `${from} ${row.to}`));
    expect(steps.sort()).toEqual(table.sort());
  });
});
