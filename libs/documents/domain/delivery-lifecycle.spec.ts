import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DELIVERY_STATES, deliveryLifecycle, DOCUMENT_STATES, documentLifecycle } from './delivery-lifecycle.js';

const doc = readFileSync(new URL('../../../docs/lifecycles/delivery.md', import.meta.url), 'utf8');
const drawings = [...doc.matchAll(/```mermaid\n([\s\S]*?)```/g)].map((match) => match[1]);

describe('the lives of a document and of its e-mail', () => {
  it('are drawn in docs/lifecycles/delivery.md as they are', () => {
    expect(drawings).toEqual([documentLifecycle.toMermaid(), deliveryLifecycle.toMermaid()]);
  });

  it('reach every state', () => {
    expect([...deliveryLifecycle.reachable()].sort()).toEqual([...DELIVERY_STATES].sort());
    expect([...documentLifecycle.reachable()].sort()).toEqual([...DOCUMENT_STATES].sort());
  });

  it('let nothing but an administrator send again what may have arrived', () => {
    const out = deliveryLifecycle.table.filter((row) => row.from.includes('unconfirmed') && row.to !== 'sent');
    expect(out.map((row) => [row.event, row.by])).toEqual([['resend', ['administrator']]]);
    expect(deliveryLifecycle.table.filter((row) => row.from.includes('sent'))).toEqual([]);
  });
});
