import { expect } from '@jest/globals';
import type { FaultBench, MailKind } from './killed-worker.js';

/**
 * After whatever died: every record says what happened. In the embedded mailbox every e-mail is there once, by itself; by
 * SMTP none went out twice by itself, and once an administrator has resent the unconfirmed ones, a mailbox that drops
 * repeated Message-IDs holds each once (docs/domain.md, what always holds, 4).
 */
export async function expectTruth(bench: FaultBench, mail: MailKind): Promise<void> {
  expect(await bench.documentStates()).toEqual(['stored']);
  const before = await bench.deliveries();
  expect(before).toHaveLength(bench.issued.length * 2);
  const inBox = new Set((await bench.mailbox()).map((one) => one.messageId));
  for (const { state, message_id: id, number, audience } of before) {
    const told = `${number} ${audience} ${state}`;
    if (state !== 'unconfirmed') expect(told).toBe(`${number} ${audience} sent`);
    if (mail === 'mailbox') expect(told).not.toContain('unconfirmed');
    if (state === 'sent') expect(inBox).toContain(id);
    if (mail === 'smtp') expect(bench.transmissions(id)).toBeLessThanOrEqual(1);
  }
  if (before.some((row) => row.state === 'unconfirmed')) {
    await bench.resendUnconfirmed();
    await bench.heal();
  }
  const after = await bench.deliveries();
  expect(after.map((row) => row.state)).toEqual(after.map(() => 'sent'));
  const box = await bench.mailbox();
  expect(box.map((one) => one.messageId).sort()).toEqual(after.map((row) => row.message_id).sort());
  for (const { number } of bench.issued) {
    const subjects = box.map((one) => one.subject).filter((subject) => subject.includes(number));
    expect(subjects.filter((subject) => !subject.startsWith('Copy'))).toHaveLength(1);
  }
}
