import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { claimBody, training, trainerInvoice, travel } from '../builders/claim-body.js';
import { brokenInvariants } from '../support/invariants.js';
import { expectRefused } from '../support/refused-by-database.js';
import { Service } from '../support/service.js';
import { Adjustments, type Adjustment } from './adjustments-support.js';
import { finance, manager, MTM, nextNumber, refusal, simpleBody, type Claim, type Items } from './claims-support.js';

let service: Service;
let adjustments: Adjustments;
beforeAll(async () => {
  service = await Service.start();
  adjustments = new Adjustments(service);
});
afterAll(() => service?.stop());
afterEach(async () => {
  expect(await brokenInvariants(service.admin)).toEqual({});
});

/** Two half days and travel of one trainer, half a day and travel of another without VAT. */
async function twoTrainers(authority: string, review: unknown = {}): Promise<Claim> {
  const half = { trainerDays: '0.5', netPence: 50_000 };
  const own = trainerInvoice([training(half), training(half), travel(3_333)], { number: nextNumber() });
  const untaxed = { vatRate: '0', vatPence: 0 };
  const other = trainerInvoice([training({ ...half, ...untaxed, category: 'coaching_qa' }), travel(1_002)], {
    ...{ number: nextNumber(), trainer: { name: 'B Trainer' } },
  });
  return adjustments.claims.approved(claimBody([own, other], { authority }), review);
}

const small = (authority: string): Promise<Claim> =>
  adjustments.claims.approved(simpleBody(authority, { trainerDays: '0.01', netPence: 1_000 }));
const lineOf = (claim: Claim, invoice: number, line: number): string => claim.trainerInvoices[invoice]!.lines[line]!.id;
const trainingOf = (claim: Claim): string => lineOf(claim, 0, 0);

async function usedDays(authority: string): Promise<Record<string, string>> {
  const path = `/authorities/${authority}/allocations`;
  const { body } = await service.get<Items<{ category: string; usedDays: string }>>(MTM.auditor, path);
  return Object.fromEntries(body.items.map(({ category, usedDays: days }) => [category, days]));
}

describe('an adjustment', () => {
  it('takes part of a line back under the frozen terms: credit note, days, books and trail say so', async () => {
    const claim = await twoTrainers('BRENT');
    const before = await usedDays('BRENT');
    const change = { lineId: lineOf(claim, 0, 1), trainerDays: '0.25', netPence: 30_000 };
    const proposed = await adjustments.proposed(claim.id, [change]);
    expect(proposed).toMatchObject({ state: 'proposed', amountPence: 12_500, balancePence: 0, creditNoteNumber: null });
    expect(proposed.categories['targeted']).toEqual({
      ...{ netPence: 20_000, eligiblePence: 25_000, reimbursementPence: 12_500, fundedDays: '0.25' },
    });
    expect(proposed.categories['travel']).toEqual({ netPence: 0, eligiblePence: 0, reimbursementPence: 0 });
    expect(await usedDays('BRENT')).toEqual(before);
    const { body: approved } = await adjustments.tryApprove(proposed.id);
    expect(approved).toMatchObject({ state: 'approved', balancePence: 12_500, recoveredPence: 0 });
    expect(approved.lines).toMatchObject([{ ...change, trainerDaysBefore: '0.5', netPenceBefore: 50_000 }]);
    expect(await usedDays('BRENT')).toEqual({ ...before, targeted: '0.75' });
    const documents = await service.get<Items<object>>(finance('BRENT'), `/claims/${claim.id}/documents`);
    expect(documents.body.items.at(-1)).toMatchObject({
      ...{ kind: 'credit_note', number: approved.creditNoteNumber, totalPence: 12_500, refersTo: claim.invoiceNumber },
    });
    const shown = await service.get<Claim & { adjustments: object[] }>(finance('BRENT'), `/claims/${claim.id}`);
    const { id, creditNoteNumber } = approved;
    expect(shown.body.adjustments).toEqual([
      { id, state: 'approved', amountPence: 12_500, recoveredPence: 0, creditNoteNumber },
    ]);
    expect(shown.body).toMatchObject({ state: 'approved', approvedPence: claim.approvedPence });
    const timeline = await service.get<Items<{ action: string }>>(finance('BRENT'), `/claims/${claim.id}/timeline`);
    expect(timeline.body.items.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['adjustment.proposed', 'adjustment.approved']),
    );
  });

  it('starts from what earlier ones left, until nothing is left; the trainer’s travel goes with the last training', async () => {
    const claim = await twoTrainers('BRISTOL');
    const first = lineOf(claim, 0, 0);
    await adjustments.approved(claim.id, [{ lineId: first, netPence: 30_000 }]);
    const raised = await adjustments.tryPropose(claim.id, [{ lineId: first, netPence: 30_001 }]);
    expect(refusal(raised)).toEqual([422, 'line_not_adjustable', 'line_not_adjustable']);
    const less = await adjustments.approved(claim.id, [{ lineId: first, netPence: 10_000 }]);
    expect(less.amountPence).toBe(10_000);
    await adjustments.approved(claim.id, [{ lineId: lineOf(claim, 0, 1) }]);
    const last = await adjustments.approved(claim.id, [{ lineId: first }]);
    expect(last.lines.map(({ lineId, netPence, consequential }) => [lineId, netPence, consequential])).toEqual([
      [first, 0, false],
      [lineOf(claim, 0, 2), 0, true],
    ]);
    // 4335 of travel was worth 2168, the other trainer's 1002 are worth 501.
    expect(last.amountPence).toBe(5_000 + 2_168 - 501);
    const gone = await adjustments.tryPropose(claim.id, [{ lineId: first }]);
    expect(refusal(gone)).toEqual([422, 'line_not_adjustable', 'line_not_adjustable']);
    await adjustments.approved(claim.id, [{ lineId: lineOf(claim, 1, 0) }]);
    const { rows } = await service.admin.query<{ pence: string }>(
      'SELECT sum(amount_pence)::text AS pence FROM adjustment WHERE claim_id = $1',
      [claim.id],
    );
    expect(Number(rows[0]!.pence)).toBe(claim.approvedPence);
    expect(await usedDays('BRISTOL')).toMatchObject({ targeted: '0', coaching_qa: '0' });
  });

  it('leaves alone what the review disallowed', async () => {
    const body = claimBody([
      trainerInvoice([training({ trainerDays: '0.5', netPence: 50_000 }), travel(3_333), travel(1_001)], {
        number: nextNumber(),
      }),
    ]);
    const submitted = await adjustments.claims.submitted(body);
    const lines = [{ lineId: lineOf(submitted, 0, 2), decision: 'disallow', reason: 'Not a journey to the training' }];
    await adjustments.claims.step(MTM.finance, submitted.id, 'review', { lines });
    const claim = await adjustments.claims.step(MTM.approver, submitted.id, 'approve');
    expect(refusal(await adjustments.tryPropose(claim.id, [{ lineId: lineOf(claim, 0, 2) }]))).toEqual([
      ...[422, 'line_not_adjustable', 'line_not_adjustable'],
    ]);
    const whole = await adjustments.approved(claim.id, [{ lineId: trainingOf(claim) }]);
    expect(whole.amountPence).toBe(claim.approvedPence);
  });

  it('is proposed by MTM finance for an approved claim, and approved by somebody else', async () => {
    const claim = await small('BRENT');
    const lines = [{ lineId: trainingOf(claim) }];
    for (const by of [finance('BRENT'), manager('BRENT'), MTM.approver, MTM.coordinator, MTM.auditor, MTM.admin]) {
      expect([by, (await adjustments.tryPropose(claim.id, lines, by)).status]).toEqual([by, 403]);
    }
    expect((await adjustments.tryPropose(claim.id, lines, finance('BRISTOL'))).status).toBe(404);
    const submitted = await adjustments.claims.submitted(simpleBody('BRENT', { trainerDays: '0.01', netPence: 1_000 }));
    const early = await adjustments.tryPropose(submitted.id, [{ lineId: trainingOf(submitted) }]);
    expect(refusal(early)).toEqual([409, 'state_conflict']);
    const { id } = await adjustments.proposed(claim.id, lines);
    for (const by of [MTM.finance, MTM.finance2, finance('BRENT')]) {
      expect(refusal(await adjustments.tryApprove(id, by))).toEqual([403, 'role_not_allowed']);
    }
    // Who proposed it does not approve it, whatever their roles are by now.
    await service.admin.query(`UPDATE user_account SET roles = '{mtm_finance,mtm_approver}' WHERE email = $1`, [
      MTM.finance,
    ]);
    expect(refusal(await adjustments.tryApprove(id, MTM.finance))).toEqual([403, 'maker_cannot_approve']);
    await service.admin.query(`UPDATE user_account SET roles = '{mtm_finance}' WHERE email = $1`, [MTM.finance]);
    expect((await service.get(finance('BRISTOL'), `/adjustments/${id}`)).status).toBe(404);
    expect((await adjustments.read(id, manager('BRENT'))).state).toBe('proposed');
    expect((await adjustments.tryApprove(id)).body.state).toBe('approved');
    expect(refusal(await adjustments.tryApprove(id))).toEqual([409, 'state_conflict']);
  });

  it('is one proposal at a time, and may be cancelled until it is approved', async () => {
    const claim = await small('LINCS');
    const lines = [{ lineId: trainingOf(claim), netPence: 500 }];
    const { id, version } = await adjustments.proposed(claim.id, lines);
    expect(refusal(await adjustments.tryPropose(claim.id, lines))).toEqual([409, 'adjustment_pending']);
    const cancel = (body: object, headers = {}) =>
      service.post<Adjustment>(MTM.finance2, `/adjustments/${id}/cancel`, body, headers);
    expect(refusal(await cancel({}))[0]).toBe(400);
    expect(refusal(await cancel({ reason: 'x' }, { 'if-match': `"v${version + 1}"` }))[0]).toBe(412);
    expect((await cancel({ reason: 'Read wrongly' })).body).toMatchObject({
      state: 'cancelled',
      cancelReason: 'Read wrongly',
    });
    expect(refusal(await cancel({ reason: 'Again' }))).toEqual([409, 'state_conflict']);
    expect(refusal(await adjustments.tryApprove(id))).toEqual([409, 'state_conflict']);
    await adjustments.approved(claim.id, lines);
  });

  it.each<[string, (claim: Claim) => object, (number | string)[]]>([
    ['without a line', () => ({ reason: 'x', lines: [] }), [400, 'malformed']],
    ['without a reason', (claim) => ({ lines: [{ lineId: trainingOf(claim) }] }), [400, 'malformed']],
    ['of a line of another claim', () => ({ reason: 'x', lines: [{ lineId: '00000000-0000-7000-8000-00000000abcd' }] }), [400, 'malformed']],
    ['of a line twice', (claim) => ({ reason: 'x', lines: [1, 2].map(() => ({ lineId: trainingOf(claim) })) }), [400, 'malformed']],
    ['to no net', (claim) => ({ reason: 'x', lines: [{ lineId: trainingOf(claim), netPence: 0 }] }), [400, 'malformed']],
    ['that changes nothing', (claim) => ({ reason: 'x', lines: [{ lineId: trainingOf(claim), netPence: 1_000 }] }), [422, 'line_not_adjustable']],
    ['that raises a line', (claim) => ({ reason: 'x', lines: [{ lineId: trainingOf(claim), netPence: 1_001 }] }), [422, 'line_not_adjustable']],
    ['that comes to nothing', (claim) => ({ reason: 'x', lines: [{ lineId: trainingOf(claim), netPence: 999 }] }), [422, 'adjustment_of_nothing']],
    ['with a letter nobody can print', (claim) => ({ reason: '\u{1F600}', lines: [{ lineId: trainingOf(claim) }] }), [422, 'unsupported_character']],
  ])('is refused %s', async (_, bodyOf, expected) => {
    const claim = await small('SUFFOLK');
    const answer = await service.post(MTM.finance, `/claims/${claim.id}/adjustments`, bodyOf(claim));
    expect(refusal(answer).slice(0, 2)).toEqual(expected);
  }); // prettier-ignore

  it('keeps its claim from being rejected, a proposal too; a cancelled one does not', async () => {
    const reject = (id: string) => adjustments.claims.tryStep(MTM.approver2, id, 'reject', { reason: 'No' });
    const [proposed, approved] = [await small('WSUSSEX'), await small('WSUSSEX')];
    const { id } = await adjustments.proposed(proposed.id, [{ lineId: trainingOf(proposed) }]);
    expect(refusal(await reject(proposed.id))).toEqual([409, 'claim_adjusted']);
    await service.post(MTM.finance, `/adjustments/${id}/cancel`, { reason: 'The whole claim goes' });
    expect((await reject(proposed.id)).status).toBe(200);
    await adjustments.approved(approved.id, [{ lineId: trainingOf(approved), netPence: 400 }]);
    expect(refusal(await reject(approved.id))).toEqual([409, 'claim_adjusted']);
  });

  it('is made once by many at once, and approved or cancelled, never both', async () => {
    const claim = await small('NORFOLK');
    const lines = [{ lineId: trainingOf(claim), netPence: 600 }];
    const made = await Promise.all(Array.from({ length: 5 }, () => adjustments.tryPropose(claim.id, lines)));
    expect(made.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    const { id } = made.find(({ status }) => status === 201)!.body;
    const ends = await Promise.all([
      ...[MTM.approver, MTM.approver2].map((by) => adjustments.tryApprove(id, by)),
      ...[1, 2].map(() => service.post(MTM.finance, `/adjustments/${id}/cancel`, { reason: 'x' })),
      adjustments.claims.tryStep(MTM.approver2, claim.id, 'reject', { reason: 'No' }),
    ]);
    const statuses = ends.map(({ status }) => status).sort();
    // A cancelled proposal keeps nobody from rejecting the claim.
    expect([
      [200, 409, 409, 409, 409],
      [200, 200, 409, 409, 409],
    ]).toContainEqual(statuses);
  });

  it('is listed with filters, in pages and as CSV; an authority finds its own', async () => {
    const claim = await small('TOWERHAM');
    const one = await adjustments.approved(claim.id, [{ lineId: trainingOf(claim), netPence: 800 }]);
    const two = await adjustments.proposed(claim.id, [{ lineId: trainingOf(claim) }]);
    const list = (query: string, by: string = MTM.auditor) =>
      service.get<Items<Adjustment>>(by, `/adjustments?${query}`);
    const ids = async (query: string, by?: string) => (await list(query, by)).body.items.map(({ id }) => id);
    expect(await ids('authority=TOWERHAM')).toEqual([two.id, one.id]);
    expect(await ids(`claimId=${claim.id}&state=approved`)).toEqual([one.id]);
    expect(await ids('authority=TOWERHAM&programme=EIP2&state=proposed')).toEqual([two.id]);
    expect(await ids('', manager('TOWERHAM'))).toEqual([two.id, one.id]);
    expect(await ids('authority=TOWERHAM', finance('BRENT'))).toEqual([]);
    const first = await list('authority=TOWERHAM&limit=1');
    expect(await ids(`authority=TOWERHAM&limit=1&cursor=${first.body.nextCursor}`)).toEqual([one.id]);
    expect((await list('state=gone')).status).toBe(400);
    const csv = await service.get(finance('TOWERHAM'), '/adjustments', { accept: 'text/csv' });
    expect(csv.text.split('\r\n')[2]).toContain(one.creditNoteNumber);
  });
});

describe('the database itself', () => {
  it('refuses what no use case would do', async () => {
    const claim = await small('WAKEFIELD');
    const { id } = await adjustments.approved(claim.id, [{ lineId: trainingOf(claim), netPence: 400 }]);
    const fails = (sql: string, why: RegExp) => expectRefused(service.admin, sql, why);
    const update = (set: string) => `UPDATE adjustment SET ${set} WHERE id = '${id}'`;
    await fails(update('taken_pence = 301'), /adjustment_not_beyond/);
    await fails(update('taken_pence = 1'), /not recovered by what its columns say/);
    await fails(update('taken_pence = 1, recovered_pence = 2'), /adjustment_not_beyond/);
    await fails(update(`state = 'set_off'`), /adjustment_state_agrees/);
    await fails(update('taken_pence = 300, recovered_pence = 300'), /adjustment_state_agrees/);
    await fails(update('amount_pence = 1'), /append-only/);
    await fails(update('approved_by = proposed_by'), /append-only|approved_by_other/);
    await fails(update(`state = 'proposed'`), /adjustment_approval_whole/);
    await fails(`DELETE FROM adjustment WHERE id = '${id}'`, /append-only/);
    await fails(`UPDATE adjustment_line SET net_pence = 0 WHERE adjustment_id = '${id}'`, /append-only/);
    await fails(`UPDATE claim SET state = 'rejected', due_on = NULL WHERE id = '${claim.id}'`, /has an adjustment/);
    const another = (amount: number) =>
      `INSERT INTO adjustment (id, programme_code, authority_code, claim_id, state, reason, amount_pence, amounts, proposed_by, proposed_at, updated_at)
       SELECT gen_random_uuid(), programme_code, authority_code, claim_id, 'proposed', 'x', ${amount}, '{"targeted": {"reimbursementPence": ${amount}}}',
              proposed_by, proposed_at, updated_at FROM adjustment WHERE id = '${id}';`;
    const line = `INSERT INTO adjustment_line SELECT a.id, l.line_id, l.authority_code, 400, 0, 400, 0, 0.01, 0, 0.01, 0, false
         FROM adjustment a, adjustment_line l WHERE a.state = 'proposed' AND a.claim_id = '${claim.id}' AND l.adjustment_id = '${id}'`;
    await fails(another(201) + line, /takes back what its claim does not have/);
    await fails(another(100), /takes back what its claim does not have/);
    await fails(another(100) + another(100), /adjustment_proposed_once/);
    await fails(
      `INSERT INTO document (id, authority_code, programme_code, claim_id, kind, number, seq, issued_on, total_pence, refers_to, model,
                             payer_email, authority_email, created_at, touched_at)
       SELECT gen_random_uuid(), authority_code, programme_code, claim_id, kind, 'CN-X', 9999, issued_on, 201, refers_to, model,
              payer_email, authority_email, created_at, touched_at
         FROM document WHERE id = (SELECT credit_note_id FROM adjustment WHERE id = '${id}')`,
      /goes beyond its invoice/,
    );
    await fails(
      `INSERT INTO adjustment_repayment (id, adjustment_id, authority_code, line_id, pence, recorded_by, recorded_at)
       SELECT gen_random_uuid(), id, authority_code, gen_random_uuid(), 1, proposed_by, proposed_at FROM adjustment WHERE id = '${id}'`,
      /foreign key|not recovered by/,
    );
  });
});
