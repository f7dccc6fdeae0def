import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { claimBody, training, trainerInvoice, travel } from '../builders/claim-body.js';
import { Service } from '../support/service.js';
import { Claims, finance, MTM, nextNumber, refusal, simpleBody, type Claim } from './claims-support.js';
import { brokenInvariants } from '../support/invariants.js';

let service: Service;
let claims: Claims;
beforeAll(async () => {
  service = await Service.start();
  claims = new Claims(service);
});
afterAll(() => service?.stop());

interface Entry {
  action: string;
  subjectType: string;
  subjectId: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  reason: string | null;
}

async function entries(action: string, claimId?: string): Promise<Entry[]> {
  const of = claimId === undefined ? '' : `&claimId=${claimId}`;
  const answer = await service.get<{ items: Entry[] }>(MTM.auditor, `/audit?limit=200&action=${action}${of}`);
  expect(answer.status).toBe(200);
  return answer.body.items;
}

const lineIds = (claim: Claim) => claim.trainerInvoices.flatMap(({ lines }) => lines.map(({ id }) => id));

const edit = (claim: Claim, body: unknown) =>
  service.call<Claim>(finance(claim.authority), 'PUT', `/claims/${claim.id}`, {
    body,
    headers: { 'idempotency-key': nextNumber(), 'if-match': `"v${claim.version}"` },
  });

describe('what an approval is made of', () => {
  it('is what the submission froze, not what today’s code would make of the lines', async () => {
    const claim = await claims.reviewed(simpleBody('BRENT', { trainerDays: '1', netPence: 100_000 }));
    // As if a later release calculated otherwise: the same line would now come to half a day, half the money.
    await service.admin.query(`UPDATE trainer_invoice_line SET trainer_days = 0.5 WHERE claim_id = $1`, [claim.id]);
    const approved = await claims.step(MTM.approver, claim.id, 'approve');
    expect([approved.totalPence, approved.approvedPence]).toEqual([50_000, 50_000]);
    expect(await brokenInvariants(service.admin)).toEqual({});
    // And gives back what it took.
    await claims.step(MTM.approver2, claim.id, 'reject', { reason: 'No' });
    expect(await brokenInvariants(service.admin)).toEqual({});
  });

  it('fails loudly, and changes nothing, when the frozen lines are not what was invoiced', async () => {
    const claim = await claims.reviewed(simpleBody('BRISTOL'));
    await service.admin.query(`UPDATE trainer_invoice_line SET eligible_pence = 10 WHERE claim_id = $1`, [claim.id]);
    expect((await claims.tryStep(MTM.approver, claim.id, 'approve')).status).toBe(500);
    expect(await claims.read(MTM.finance, claim.id)).toMatchObject({ state: 'reviewed', version: claim.version });
    await service.admin.query(`UPDATE trainer_invoice_line SET eligible_pence = 50000 WHERE claim_id = $1`, [claim.id]);
    await claims.step(MTM.approver, claim.id, 'approve');
  });

  it.each([
    ['claim.approved', [training({ trainerDays: '0.1', netPence: 10_000 })]],
    ['claim.rejected', []],
  ])('names in its trail (%s) the travel that went with its trainer’s training', async (action, others) => {
    const own = trainerInvoice([training({ trainerDays: '0.5', netPence: 50_000 }), travel(1_000)], {
      number: nextNumber(),
    });
    const other = trainerInvoice(others, { trainer: { name: 'B Trainer' }, number: nextNumber() });
    const rest = others.map((line) => ({ ...line, vatRate: '0', vatPence: 0 }));
    const body = claimBody(others.length > 0 ? [own, { ...other, lines: rest }] : [own], { authority: 'NORFOLK' });
    const claim = await claims.submitted(body);
    const [lineId, travelId] = lineIds(claim);
    const lines = [{ lineId, decision: 'disallow', reason: 'Not in the programme' }];
    await claims.step(MTM.finance, claim.id, 'review', { lines });
    const decided = await claims.step(MTM.approver, claim.id, 'approve');
    const [entry] = await entries(action, claim.id);
    const reason = 'None of this trainer’s training was allowed, so the travel is not either.';
    expect(entry?.after).toMatchObject({ disallowed: [{ lineId: travelId, reason }] });
    expect(decided.trainerInvoices[0]!.lines[1]!.decision).toMatchObject({ decision: 'disallow' });
  });
});

describe('a claim that has ended', () => {
  it.each([
    ['returned', 'return', MTM.finance],
    ['rejected', 'reject', MTM.approver],
    ['withdrawn', 'withdraw', finance('LINCS')],
  ])('%s: nothing is due on it, in its view or in a list', async (state, step, by) => {
    const [ended, live] = [await claims.submitted(simpleBody('LINCS')), await claims.submitted(simpleBody('LINCS'))];
    expect(ended.dueOn).toBe(live.dueOn);
    const after = await claims.step(by, ended.id, step, { reason: 'x' });
    expect([after.state, after.dueOn]).toEqual([state, null]);
    const due = await service.get<{ items: Claim[] }>(MTM.finance, `/claims?limit=200&dueBy=${live.dueOn}`);
    const ids = due.body.items.map(({ id }) => id);
    expect([ids.includes(ended.id), ids.includes(live.id)]).toEqual([false, true]);
  });

  it('states one total when it was returned, edited and withdrawn', async () => {
    const claim = await claims.submitted(simpleBody('LINCS'));
    const returned = await claims.step(MTM.finance, claim.id, 'return', { reason: 'Half of it' });
    const edited = await edit(returned, simpleBody('LINCS', { trainerDays: '0.1', netPence: 10_000 }));
    expect(edited.status).toBe(200);
    await claims.step(finance('LINCS'), claim.id, 'withdraw');
    const withdrawn = await claims.read(MTM.finance, claim.id);
    expect([withdrawn.totalPence, withdrawn.calculation.totalPence]).toEqual([5_000, 5_000]);
    const { rows } = await service.admin.query('SELECT terms_id, calculation, due_on FROM claim WHERE id = $1', [
      claim.id,
    ]);
    expect(rows).toEqual([{ terms_id: null, calculation: null, due_on: null }]);
  });
});

describe('what a review recorded', () => {
  it('survives the edit that takes it away, and the trail says why invoices are distinct', async () => {
    const unpaid = (number: string) =>
      trainerInvoice([training({ trainerDays: '0.1', netPence: 10_000 })], { number, paidOn: null });
    const body = claimBody([unpaid(nextNumber()), unpaid(nextNumber())], { authority: 'WAKEFIELD' });
    const claim = await claims.submitted(body);
    const [first, second] = claim.trainerInvoices.map(({ id }) => id);
    await claims.step(MTM.finance, claim.id, 'review', {
      lines: [{ lineId: lineIds(claim)[1], decision: 'disallow', reason: 'Twice' }],
      paymentProof: [{ trainerInvoiceId: first, paidOn: '2018-03-30', note: 'Bank statement, page 2' }],
      distinct: [
        { trainerInvoiceId: first, note: 'Joint event' },
        { trainerInvoiceId: second, note: 'Joint event' },
      ],
    });
    expect(await entries('claim.invoices_found_distinct')).toMatchObject([
      { subjectId: claim.id, reason: 'Joint event', after: { trainerInvoiceIds: [first, second] } },
    ]);
    const returned = await claims.step(MTM.finance, claim.id, 'return', { reason: 'Take the second out' });
    expect((await edit(returned, { ...body, trainerInvoices: [body.trainerInvoices[0]] })).status).toBe(200);
    const { rows } = await service.admin.query<{ findings: object }>(
      'SELECT findings FROM claim_revision WHERE claim_id = $1',
      [claim.id],
    );
    expect(rows[0]?.findings).toMatchObject([
      { position: 0, proof_paid_on: '2018-03-30', proof_note: 'Bank statement, page 2', distinct_note: 'Joint event' },
      { position: 1, proof_note: null, lines: [{ position: 0, decision: 'disallow', reason: 'Twice' }] },
    ]);
  });

  it('is nothing for a draft that no review has seen', async () => {
    const draft = await claims.draft(simpleBody('WAKEFIELD'));
    expect((await edit(draft, simpleBody('WAKEFIELD'))).status).toBe(200);
    const { rows } = await service.admin.query('SELECT findings FROM claim_revision WHERE claim_id = $1', [draft.id]);
    expect(rows).toEqual([{ findings: null }]);
  });
});

describe('an edit that takes a trainer invoice out', () => {
  it('says in the trail which files are no longer of it, and keeps them with the claim', async () => {
    const [kept, dropped] = [nextNumber(), nextNumber()];
    const lines = [training({ trainerDays: '0.1', netPence: 10_000 })];
    const body = claimBody([trainerInvoice(lines, { number: kept }), trainerInvoice(lines, { number: dropped })]);
    const claim = await claims.draft(body);
    const [keptId, droppedId] = claim.trainerInvoices.map(({ id }) => id);
    const files: { id: string; trainerInvoiceId: string | null; sha256: string }[] = [];
    for (const trainerInvoiceId of [keptId!, droppedId!, null]) {
      const form = new FormData();
      if (trainerInvoiceId) form.append('trainerInvoiceId', trainerInvoiceId);
      form.append('files', new Blob([`a,b\n1,${String(trainerInvoiceId)}\n`], { type: 'text/csv' }), 'file.csv');
      const headers = { 'idempotency-key': nextNumber() };
      const path = `/claims/${claim.id}/evidence`;
      const sent = await service.call<{ items: typeof files }>(finance('BRENT'), 'POST', path, { body: form, headers });
      expect(sent.status).toBe(201);
      files.push(...sent.body.items);
    }
    const edited = await edit(claim, { ...body, trainerInvoices: [body.trainerInvoices[0]] });
    expect([edited.status, edited.body.trainerInvoices.map(({ id }) => id)]).toEqual([200, [keptId]]);
    const { id, sha256 } = files[1]!;
    expect(await entries('evidence.unlinked', claim.id)).toMatchObject([
      {
        subjectType: 'evidence',
        subjectId: id,
        before: { sha256, trainerInvoiceId: droppedId },
        after: { sha256, trainerInvoiceId: null },
      },
    ]);
    const { rows } = await service.admin.query(
      'SELECT id, trainer_invoice_id AS invoice FROM evidence WHERE claim_id = $1 ORDER BY id',
      [claim.id],
    );
    expect(rows).toEqual(files.map((file, at) => ({ id: file.id, invoice: at === 0 ? keptId : null })));
  });
});

describe('rows of a claim', () => {
  it.each([
    ['trainer_invoice', 'claim_id'],
    ['trainer_invoice_line', 'claim_id'],
    ['document', 'claim_id'],
    ['claim_revision', 'claim_id'],
    ['evidence', 'claim_id'],
    ['delivery', 'document_id'],
  ])('%s: the authority is the claim’s, which row-level security relies on', async (table, column) => {
    const { rows } = await service.admin.query<{ definition: string }>(
      `SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE contype = 'f' AND conrelid = $1::regclass`,
      [table],
    );
    const target = column === 'claim_id' ? 'claim' : 'document';
    expect(rows.map(({ definition }) => definition)).toContain(
      `FOREIGN KEY (${column}, authority_code) REFERENCES ${target}(id, authority_code)`,
    );
  });

  it('are refused for another authority, even from whoever owns the tables', async () => {
    const { id } = await claims.draft(simpleBody('BRENT'));
    await expect(
      service.admin.query(`UPDATE trainer_invoice SET authority_code = 'BRISTOL' WHERE claim_id = $1`, [id]),
    ).rejects.toMatchObject({ code: '23503' });
    const answer = await service.post(finance('BRISTOL'), `/claims/${id}/submit`);
    expect(refusal(answer)).toEqual([404, 'not_found']);
  });
});
