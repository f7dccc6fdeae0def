import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { brokenInvariants } from '../support/invariants.js';
import { finance, MTM } from '../support/people.js';
import { Service } from '../support/service.js';
import { refusal } from './claims-support.js';
import { Bank } from './reconciliation-support.js';

let service: Service;
let bank: Bank;
beforeAll(async () => {
  service = await Service.start();
  bank = new Bank(service);
});
afterAll(() => service?.stop());
afterEach(async () => {
  expect(await brokenInvariants(service.admin)).toEqual({});
  expect(await bank.unexplained()).toBe(0);
});

const reverse = (id: string) => service.post(MTM.finance, `/funding-receipts/${id}/reverse`, { reason: 'Never came' });

describe('the funder’s credits', () => {
  it('confirm what was recorded, also in parts; undone, the receipt is reversed', async () => {
    const { id } = await bank.recorded(900, 'DFE PARTS 1');
    const { id: statementId, lines } = await bank.statement({ amountPence: 500 }, { amountPence: 400 });
    await bank.do('match', statementId, lines[0]!.id, { receiptIds: [id] });
    expect((await bank.receipt(id)).state).toBe('recorded');
    await bank.do('match', statementId, lines[1]!.id, { receiptIds: [id] });
    expect((await bank.receipt(id)).state).toBe('confirmed');
    expect(refusal(await reverse(id))).toEqual([409, 'receipt_shown']);
    await bank.do('unmatch', statementId, lines[0]!.id, { reason: 'Not the funder’s' });
    expect((await bank.receipt(id)).state).toBe('reversed');
    expect((await bank.lines(statementId)).map(({ matches }) => matches)).toEqual([[], []]);
    await bank.closeAll({ rest: 'suspense' });
  });

  it('in part keep a person from confirming the whole: the bank confirms it when the rest is there', async () => {
    const { id } = await bank.recorded(900, 'DFE PARTS 3');
    const first = await bank.statement({ amountPence: 500 });
    await bank.do('match', first.id, first.lines[0]!.id, { receiptIds: [id] });
    expect(refusal(await bank.funding.tryConfirm(id))).toEqual([409, 'receipt_shown']);
    expect(await brokenInvariants(service.admin)).toEqual({});
    await bank.do('unmatch', first.id, first.lines[0]!.id, { reason: 'To confirm it by the advice' });
    expect((await bank.funding.tryConfirm(id)).status).toBe(200);
    const second = await bank.statement({ amountPence: 400 });
    for (const { id: statementId, lines } of [first, second]) {
      await bank.do('match', statementId, lines[0]!.id, { receiptIds: [id] });
    }
    await bank.closeAll({ rest: 'suspense' });
  });

  it('are linked to what a person confirmed, and stay confirmed when that is undone', async () => {
    const { id } = await bank.recorded(250, 'DFE LINK 1');
    expect((await bank.funding.tryConfirm(id)).status).toBe(200);
    const before = await bank.statement({ amountPence: 1 });
    expect((await bank.report(before.id)).differences.map(({ code }) => code)).toEqual([
      'lines_unmatched',
      'receipts_without_line',
    ]);
    const {
      id: statementId,
      lines,
      matchedCount,
    } = await bank.statement({ amountPence: 250, remittance: 'dfe link/1' });
    expect(matchedCount).toBe(1);
    await bank.do('unmatch', statementId, lines[0]!.id, { reason: 'To see' });
    expect((await bank.receipt(id)).state).toBe('confirmed');
    await bank.do('match', statementId, lines[0]!.id, { receiptIds: [id] });
    await bank.closeAll({ rest: 'suspense' });
  });

  it('keep their match while what they fund is in a run, and are not taken twice', async () => {
    // More than what earlier receipts have left, which is used first.
    const [claim] = await bank.fundedClaims(['BRENT', 1400]);
    const { rows } = await service.admin.query<{ id: string; statement: string; line: string }>(
      `SELECT m.target_id AS id, l.statement_id AS statement, l.id AS line FROM bank_match m JOIN bank_line l ON l.id = m.line_id
         JOIN bank_statement b ON b.id = l.statement_id WHERE m.kind = 'receipt' AND m.ended_at IS NULL ORDER BY b.sequence DESC LIMIT 1`,
    );
    const [shown] = rows;
    await bank.run([claim!]);
    expect(refusal(await bank.try('unmatch', shown!.statement, shown!.line, { reason: 'x' }))).toEqual([
      409,
      'receipt_in_use',
    ]);
    const again = await bank.statement({ amountPence: 1400 });
    expect(refusal(await bank.try('match', again.id, again.lines[0]!.id, { receiptIds: [shown!.id] }))).toEqual([
      409,
      'state_conflict',
    ]);
  });
});

describe('suspense', () => {
  it('is explained later, also on a closed statement, whose other lines stay', async () => {
    const [payment] = await bank.scheduled(['BRENT', 330]);
    const { id, lines } = await bank.statement({ amountPence: -330 }, { amountPence: -7 });
    await bank.do('match', id, lines[1]!.id, { account: 'expenses:bank charges' });
    await bank.closeAll({ rest: 'suspense' });
    expect((await bank.report(id)).suspensePence).toBe(-330);
    expect(refusal(await bank.try('unmatch', id, lines[1]!.id, { reason: 'x' }))).toEqual([409, 'statement_closed']);
    expect(refusal(await bank.try('match', id, lines[1]!.id, { paymentIds: [payment!.id] }))).toEqual([
      409,
      'line_matched',
    ]);
    const suspense = { account: 'liabilities:suspense' };
    expect(refusal(await bank.try('match', id, lines[0]!.id, suspense))).toEqual([409, 'line_matched']);
    const part = { paymentIds: [payment!.id], amounts: [{ id: payment!.id, amountPence: 300 }] };
    const line = await bank.do('match', id, lines[0]!.id, part);
    expect(line.matches.map(({ kind, amountPence }) => [kind, amountPence]).sort()).toEqual([
      ['payment', -300],
      ['suspense', -30],
    ]);
    await bank.do('match', id, lines[0]!.id, { account: 'expenses:bank charges' });
    const rest = await bank.statement({ amountPence: -30, endToEndId: payment!.endToEndId });
    expect(await bank.stateOf(payment!)).toEqual(['settled', 'paid']);
    await bank.close(rest.id);
    expect(await bank.stateOf(payment!)).toEqual(['settled', 'reconciled']);
  });
});

describe('what is refused', () => {
  it('is said in words: nothing, strange amounts, the wrong direction, others’ lines', async () => {
    const [payment] = await bank.scheduled(['BRENT', 80]);
    const { id, lines } = await bank.statement({ amountPence: -80 }, { amountPence: 80 });
    const [debit, credit] = lines;
    expect(refusal(await bank.try('match', id, debit!.id, {}))[0]).toBe(400);
    const strange = { paymentIds: [payment!.id], amounts: [{ id: uuid(), amountPence: 1 }] };
    expect(refusal(await bank.try('match', id, debit!.id, strange))[0]).toBe(400);
    const { id: receiptId } = await bank.recorded(80, 'DFE WRONG WAY');
    expect(refusal(await bank.try('match', id, debit!.id, { receiptIds: [receiptId] }))).toEqual([
      422,
      'match_wrong_direction',
    ]);
    expect(refusal(await bank.try('match', id, credit!.id, { paymentIds: [payment!.id] }))).toEqual([
      409,
      'state_conflict',
    ]);
    expect(refusal(await bank.try('match', id, debit!.id, { paymentIds: [uuid()] }))[0]).toBe(404);
    const more = { paymentIds: [payment!.id], amounts: [{ id: payment!.id, amountPence: 81 }] };
    expect(refusal(await bank.try('match', id, debit!.id, more)).slice(0, 3)).toEqual([
      422,
      'match_does_not_fit',
      'match_exceeds_target',
    ]);
    expect(refusal(await bank.try('match', id, debit!.id, { account: 'liabilities:suspense' }, MTM.auditor))[0]).toBe(
      403,
    );
    expect(
      refusal(await bank.try('match', id, debit!.id, { account: 'liabilities:suspense' }, finance('BRENT')))[0],
    ).toBe(404);
    expect(refusal(await bank.try('unmatch', id, debit!.id, { reason: 'x' }))).toEqual([409, 'line_not_matched']);
    const stale = await bank.try('match', id, debit!.id, { paymentIds: [payment!.id] }, MTM.finance, {
      'if-match': '"v99"',
    });
    expect(stale.status).toBe(412);
  });
});

describe('many at once', () => {
  it('match one line once, and one payment by one of two lines', async () => {
    const [payment] = await bank.scheduled(['LINCS', 260]);
    const { id, lines } = await bank.statement({ amountPence: -260 }, { amountPence: -260 });
    const people = [MTM.finance, MTM.finance2];
    const tries = await Promise.all(
      Array.from({ length: 6 }, (_, at) =>
        bank.try('match', id, lines[at % 2]!.id, { paymentIds: [payment!.id] }, people[at % 2]),
      ),
    );
    expect(tries.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
    expect(await bank.stateOf(payment!)).toEqual(['settled', 'paid']);
    const { rows } = await service.admin.query(`SELECT 1 FROM bank_match WHERE payment_id = $1`, [payment!.id]);
    expect(rows).toHaveLength(1);
  });

  it('replay one request as one', async () => {
    const { id, lines } = await bank.statement({ amountPence: -5 });
    const key = { 'idempotency-key': `match-${id}` };
    const body = { account: 'expenses:bank charges' };
    const first = await bank.try('match', id, lines[0]!.id, body, MTM.finance, key);
    const again = await bank.try('match', id, lines[0]!.id, body, MTM.finance, key);
    expect([first.status, again.status, again.headers.get('idempotency-hit')]).toEqual([200, 200, 'true']);
    expect(again.body).toEqual(first.body);
    const none = await service.call(MTM.finance, 'POST', `/bank-statements/${id}/lines/${lines[0]!.id}/match`, {
      body,
      headers: { 'idempotency-key': '' },
    });
    expect(none.status).toBe(400);
  });

  it('end in one order or the other: a receipt reversed, or its line matched; a payment refused, or settled', async () => {
    for (let times = 0; times < 3; times++) {
      const { id } = await bank.recorded(33, `DFE RACE ${times}`);
      const credit = await bank.statement({ amountPence: 33 });
      const [reversed, matched] = await Promise.all([
        reverse(id),
        bank.try('match', credit.id, credit.lines[0]!.id, { receiptIds: [id] }),
      ]);
      expect([reversed.status, matched.status].sort()).toEqual([200, 409]);
      const [payment] = await bank.scheduled(['NORFOLK', 70]);
      const debit = await bank.statement({ amountPence: -70 });
      const [refused, paid] = await Promise.all([
        service.post(MTM.finance2, `/payments/${payment!.id}/refuse`, { reason: 'AC04' }),
        bank.try('match', debit.id, debit.lines[0]!.id, { paymentIds: [payment!.id] }),
      ]);
      expect([refused.status, paid.status].sort()).toEqual([200, 409]);
    }
  });

  it('close a statement, or undo a line of it', async () => {
    await bank.closeAll({ rest: 'suspense' });
    const { id, lines } = await bank.statement({ amountPence: -9 });
    await bank.do('match', id, lines[0]!.id, { account: 'expenses:bank charges' });
    const [closed, undone] = await Promise.all([
      bank.tryClose(id),
      bank.try('unmatch', id, lines[0]!.id, { reason: 'x' }),
    ]);
    const outcome = [closed.status, undone.status];
    expect([
      [200, 409],
      [422, 200],
    ]).toContainEqual(outcome);
  });
});

describe('the database', () => {
  const attempt = (sql: string, values: unknown[] = []) =>
    service.admin.query(sql, values).then(
      () => 'done',
      (error: { constraint?: string; message: string }) => error.constraint ?? error.message,
    );
  const insert = (line: string, kind: string, target: string | null, pence: number) =>
    attempt(
      `INSERT INTO bank_match (id, line_id, kind, target_id, pence, how, matched_by, matched_at)
       VALUES (gen_random_uuid(), $1, $2, $3, $4, 'by_hand', gen_random_uuid(), '2018-05-01')`,
      [line, kind, target, pence],
    );

  it('refuses matches beyond line or payment, of the other sign, of what is not there, and any change of one', async () => {
    const [payment] = await bank.scheduled(['BRENT', 60]);
    const { lines } = await bank.statement({ amountPence: -100 }, { amountPence: 100 });
    const [debit, credit] = lines;
    expect(await insert(debit!.id, 'suspense', null, -101)).toBe('bank_line_not_overmatched');
    expect(await insert(debit!.id, 'payment', payment!.id, -61)).toBe('payment_not_overmatched');
    expect(await insert(debit!.id, 'suspense', null, 1)).toBe('bank_match_sign_of_line');
    expect(await insert(credit!.id, 'payment', payment!.id, 50)).toBe('bank_match_sign');
    expect(await insert(credit!.id, 'payment_return', payment!.id, 50)).toBe('payment_returned_once_settled');
    expect(await insert(uuid(), 'suspense', null, 1)).toBe('bank_match_sign_of_line');
    expect(await insert(debit!.id, 'payment', uuid(), -1)).toBe('bank_match_of_approved_run');
    expect(await insert(credit!.id, 'receipt', uuid(), 1)).toBe('bank_match_of_one_programme');
    expect(await insert(debit!.id, 'payment', null, -1)).toBe('bank_match_target');
    expect(await attempt(`UPDATE payment SET state = 'settled', settled_at = now() WHERE id = $1`, [payment!.id])).toBe(
      'payment_settled_in_full',
    );
    expect(await attempt(`UPDATE payment SET state = 'bounced' WHERE id = $1`, [payment!.id])).toBe('payment_step');
    expect(await attempt(`UPDATE payment SET amount_pence = 1 WHERE id = $1`, [payment!.id])).toContain('append-only');
    expect(await attempt(`DELETE FROM bank_match`)).toContain('append-only');
    expect(await attempt(`UPDATE bank_match SET pence = 1`)).toContain('append-only');
    expect(await insert(credit!.id, 'suspense', null, 100)).toBe('done');
    const end = (how: string) => attempt(`UPDATE bank_match SET ${how} WHERE line_id = $1`, [credit!.id]);
    expect(await end(`ended_at = now(), ended_by = matched_by, end_reason = 'x'`)).toBe('done');
    expect(await end(`end_reason = 'Another'`)).toBe('bank_match_ends_once');
    expect(await end(`ended_at = NULL, ended_by = NULL, end_reason = NULL`)).toBe('bank_match_ends_once');
  });

  it('keeps a closed statement as it is', async () => {
    await bank.closeAll({ rest: 'suspense' });
    const { rows } = await service.admin.query<{ id: string; charge: string | null; suspense: string | null }>(
      `SELECT b.id, (SELECT m.id FROM bank_line l JOIN bank_match m ON m.line_id = l.id WHERE l.statement_id = b.id AND m.ended_at IS NULL AND m.kind <> 'suspense' LIMIT 1) AS charge,
              (SELECT m.id FROM bank_line l JOIN bank_match m ON m.line_id = l.id WHERE l.statement_id = b.id AND m.ended_at IS NULL AND m.kind = 'suspense' LIMIT 1) AS suspense
         FROM bank_statement b WHERE b.state = 'closed'`,
    );
    const end = (id: string) =>
      attempt(`UPDATE bank_match SET ended_at = now(), ended_by = gen_random_uuid(), end_reason = 'x' WHERE id = $1`, [
        id,
      ]);
    expect(await end(rows.find(({ charge }) => charge)!.charge!)).toBe('bank_match_closed');
    expect(await end(rows.find(({ suspense }) => suspense)!.suspense!)).toBe('bank_statement_closed_whole');
    expect(
      await attempt(`UPDATE bank_statement SET state = 'read', closed_by = NULL, closed_at = NULL WHERE id = $1`, [
        rows[0]!.id,
      ]),
    ).toBe('bank_statement_stays_closed');
    const open = await bank.statement({ amountPence: -3 });
    expect(
      await attempt(
        `UPDATE bank_statement SET state = 'closed', closed_by = loaded_by, closed_at = loaded_at WHERE id = $1`,
        [open.id],
      ),
    ).toBe('bank_statement_closed_whole');
  });

  it('lets the processes change nothing that matches keep', async () => {
    const { rows } = await service.admin.query<{ may: boolean }>(
      `SELECT has_column_privilege('claims_app', 'bank_line', 'matched_pence', 'UPDATE')
           OR has_column_privilege('claims_app', 'payment', 'matched_pence', 'UPDATE')
           OR has_column_privilege('claims_app', 'funding_receipt', 'matched_pence', 'UPDATE')
           OR has_column_privilege('claims_app', 'bank_statement', 'matched_pence', 'UPDATE') AS may`,
    );
    expect(rows[0]!.may).toBe(false);
  });
});
