import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { claimBody, training, trainerInvoice, travel } from '../builders/claim-body.js';
import { Service } from '../support/service.js';

interface Claim {
  id: string;
  state: string;
  version: number;
  invoiceNumber: string | null;
  approvedPence: number | null;
  totalPence: number;
  dueOn: string | null;
  waitingFor: string | null;
  flags: { code: string; path: string }[];
  calculation: { totalPence: number; problems: { code: string }[] };
  trainerInvoices: { id: string; lines: { id: string; kind: string; decision: unknown }[] }[];
}

const LA = 'finance@brent.example';
const FINANCE = 'finance@mtm.example';
const APPROVER = 'approver@mtm.example';

let service: Service;
let serial = 0;
beforeAll(async () => {
  service = await Service.start();
});
afterAll(() => service?.stop());

/** A draft of Brent with two targeted lines and two travel lines: example 13's travel. */
async function draft(over: Parameters<typeof trainerInvoice>[1] = {}): Promise<Claim> {
  const lines = [
    training({ trainerDays: '0.5', netPence: 50_000 }),
    training({ trainerDays: '0.25', netPence: 25_000 }),
    travel(3333),
    travel(1001),
  ];
  const body = claimBody([trainerInvoice(lines, { number: `INV-${++serial}`, ...over })]);
  const answer = await service.call<Claim>(LA, 'POST', '/claims', { body });
  expect(answer.status).toBe(201);
  return answer.body;
}

async function step(email: string, claim: { id: string }, name: string, body: unknown = {}): Promise<Claim> {
  const answer = await service.post<Claim>(email, `/claims/${claim.id}/${name}`, body);
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
  return answer.body;
}

const drawn = async (category = 'targeted'): Promise<{ reserved: string; used: string }> => {
  const { rows } = await service.admin.query<{ reserved: string; used: string }>(
    `SELECT trim_scale(reserved_days)::text AS reserved, trim_scale(used_days)::text AS used
       FROM allocation WHERE authority_code = 'BRENT' AND category = $1`,
    [category],
  );
  return rows[0]!;
};

const documents = async (claim: { id: string }) => {
  const answer = await service.get<{
    items: { number: string; kind: string; totalPence: number; refersTo: string | null }[];
  }>(LA, `/claims/${claim.id}/documents`);
  return answer.body.items.map(({ number, kind, totalPence, refersTo }) => ({ number, kind, totalPence, refersTo }));
};

describe('a claim’s life', () => {
  it('goes from draft to approved, drawing days and numbering its invoice', async () => {
    const before = await drawn();
    const claim = await draft();
    expect(claim).toMatchObject({ state: 'draft', version: 1, invoiceNumber: null, approvedPence: null });

    const submitted = await step(LA, claim, 'submit');
    expect(submitted).toMatchObject({
      state: 'submitted',
      dueOn: '2018-06-02',
      waitingFor: 'MTM to review',
      invoiceNumber: expect.stringMatching(/^EIP2-BRENT-\d{4}$/),
    });
    expect(Number((await drawn()).reserved)).toBeCloseTo(Number(before.reserved) + 0.75, 3);

    expect((await step(FINANCE, claim, 'review')).state).toBe('reviewed');
    const approved = await step(APPROVER, claim, 'approve');
    expect(approved).toMatchObject({
      state: 'approved',
      approvedPence: submitted.totalPence,
      waitingFor: 'MTM to ask DfE for the money',
    });
    expect(Number((await drawn()).used)).toBeCloseTo(Number(before.used) + 0.75, 3);
    expect((await documents(claim)).map(({ kind }) => kind)).toEqual(['invoice']);
  });

  it('credits what a review disallowed, per category (example 13)', async () => {
    const claim = await step(LA, await draft(), 'submit');
    expect(claim.totalPence).toBe(37_500 + 2167);
    const line = claim.trainerInvoices[0]!.lines[3]!;
    await step(FINANCE, claim, 'review', { lines: [{ lineId: line.id, decision: 'disallow', reason: 'No receipt' }] });
    const approved = await step(APPROVER, claim, 'approve');
    expect(approved.approvedPence).toBe(37_500 + 1667);
    const [invoice, credit] = await documents(claim);
    expect(credit).toEqual({
      number: expect.stringMatching(/^EIP2-BRENT-CN-\d{4}$/),
      kind: 'credit_note',
      totalPence: 500,
      refersTo: invoice!.number,
    });
  });

  it('is rejected when every line was disallowed', async () => {
    const before = await drawn();
    const claim = await step(LA, await draft(), 'submit');
    const lines = claim.trainerInvoices[0]!.lines.map(({ id }) => ({
      lineId: id,
      decision: 'disallow',
      reason: 'Not EIP2',
    }));
    await step(FINANCE, claim, 'review', { lines });
    expect(await step(APPROVER, claim, 'approve')).toMatchObject({ state: 'rejected', approvedPence: null });
    expect(await drawn()).toEqual(before);
    expect((await documents(claim))[1]).toMatchObject({ kind: 'credit_note', totalPence: claim.totalPence });
  });

  it('gives days and invoice back on return, and gets a new number when submitted again', async () => {
    const before = await drawn();
    const first = await step(LA, await draft(), 'submit');
    const returned = await step(FINANCE, first, 'return', { reason: 'Attach the invoice' });
    expect(returned).toMatchObject({ state: 'returned', waitingFor: 'BRENT to correct this' });
    expect(await drawn()).toEqual(before);
    service.clock.set('2018-04-10T09:00:00.000Z');
    const second = await step(LA, first, 'submit');
    service.clock.set('2018-04-03T09:00:00.000Z');
    expect(second.invoiceNumber).not.toBe(first.invoiceNumber);
    expect(second.dueOn).toBe('2018-06-09');
    expect((await documents(first)).map(({ kind, totalPence }) => [kind, totalPence])).toEqual([
      ['invoice', first.totalPence],
      ['credit_note', first.totalPence],
      ['invoice', first.totalPence],
    ]);
  });

  it('credits only what is left when it is rejected after a partial approval', async () => {
    const before = await drawn();
    const claim = await step(LA, await draft(), 'submit');
    const line = claim.trainerInvoices[0]!.lines[1]!;
    await step(FINANCE, claim, 'review', { lines: [{ lineId: line.id, decision: 'disallow', reason: 'Wrong date' }] });
    const approved = await step(APPROVER, claim, 'approve');
    await step('approver2@mtm.example', claim, 'reject', { reason: 'Paid by another grant' });
    expect((await documents(claim)).map(({ totalPence }) => totalPence)).toEqual([
      claim.totalPence,
      claim.totalPence - approved.approvedPence!,
      approved.approvedPence,
    ]);
    expect(await drawn()).toEqual(before);
  });

  it('waits while it is held, and can still be returned', async () => {
    const claim = await step(LA, await draft(), 'submit');
    expect(await step(FINANCE, claim, 'hold', { reason: 'Asking the trainer' })).toMatchObject({
      state: 'submitted',
      hold: { reason: 'Asking the trainer' },
      waitingFor: 'MTM to release its hold',
    });
    const refused = await service.post(FINANCE, `/claims/${claim.id}/review`);
    expect([refused.status, refused.body['code']]).toEqual([409, 'claim_held']);
    expect(await step(FINANCE, claim, 'return', { reason: 'Wrong invoice' })).toMatchObject({
      state: 'returned',
      hold: null,
    });
  });

  it('is withdrawn by the authority, with a credit note once it was submitted', async () => {
    expect(await step(LA, await draft(), 'withdraw')).toMatchObject({ state: 'withdrawn' });
    const claim = await step(LA, await draft(), 'submit');
    await step(LA, claim, 'withdraw', { reason: 'Claimed by mistake' });
    expect((await documents(claim)).map(({ kind }) => kind)).toEqual(['invoice', 'credit_note']);
  });

  it('refuses what its state does not allow', async () => {
    const claim = await draft();
    for (const [email, name, body] of [
      [FINANCE, 'review', {}],
      [APPROVER, 'approve', {}],
      [FINANCE, 'return', { reason: 'x' }],
      [APPROVER, 'reject', { reason: 'x' }],
      [FINANCE, 'hold', { reason: 'x' }],
    ] as const) {
      const answer = await service.post(email, `/claims/${claim.id}/${name}`, body);
      expect([name, answer.status, answer.body['code']]).toEqual([name, 409, 'state_conflict']);
    }
  });
});
