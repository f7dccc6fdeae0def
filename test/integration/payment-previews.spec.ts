import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findActor, People } from '#identity';
import { LoadStatusFile, MatchCandidates, MatchLine, PaymentPartsQuery, RunApproversQuery } from '#payments';
import { systemActor, UnitOfWork, type Actor } from '#platform/database';
import { finance, MTM } from '../support/people.js';
import { Service } from '../support/service.js';
import { refusal, type ProblemBody } from './claims-support.js';
import { Bank } from './reconciliation-support.js';

interface Preview extends ProblemBody {
  mark: string;
  totalPence: number;
  payments: { authority: string; amountPence: number; setOffPence: number }[];
}
interface Run extends ProblemBody {
  id: string;
  number: string;
  totalPence: number;
  payments: { id: string; endToEndId: string; setOffPence: number }[];
}

let service: Service;
let bank: Bank;
beforeAll(async () => {
  service = await Service.start();
  bank = new Bank(service);
});
afterAll(() => service?.stop());

const actorOf = async (email: string): Promise<Actor> => {
  const user = await service.app.get(UnitOfWork).read(systemActor, (tx) => findActor(tx, email));
  return { ...user };
};
const get = <T>(token: new (...values: never[]) => T): T => service.app.get<T>(token, { strict: false });
const preview = async (): Promise<Preview> =>
  (await service.post<Preview>(MTM.finance, '/payment-runs/preview', {})).body;
/** Everything that matching, refusing or preparing would leave behind. */
async function left(): Promise<object> {
  const { rows } = await service.admin.query<object>(
    `SELECT (SELECT count(*) FROM bank_match) AS matches, (SELECT count(*) FROM payment_run) AS runs, (SELECT count(*) FROM audit_entry) AS entries,
            (SELECT count(*) FROM posting) AS postings, (SELECT json_agg(state ORDER BY id) FROM payment) AS states`,
  );
  return rows[0]!;
}

describe('the preview of a payment run', () => {
  it('has a mark by which just that is prepared, and nothing once something else would be', async () => {
    const [first] = await bank.fundedClaims(['BRENT', 10_000]);
    const seen = await preview();
    expect(seen.payments).toMatchObject([{ authority: 'BRENT', amountPence: 10_000, setOffPence: 0 }]);
    expect((await preview()).mark).toBe(seen.mark);
    const [second] = await bank.fundedClaims(['LINCS', 5_000]);
    const before = await left();
    const stale = await service.post<Run>(MTM.finance, '/payment-runs', { mark: seen.mark });
    expect(refusal(stale)).toEqual([409, 'preview_outdated']);
    expect(await left()).toEqual(before);
    const now = await preview();
    expect(now.mark).not.toBe(seen.mark);
    expect((await service.post(MTM.finance, '/payment-runs', { mark: 'short' })).status).toBe(400);
    const run = await service.post<Run>(MTM.finance, '/payment-runs', { mark: now.mark });
    expect([run.status, run.body.totalPence]).toEqual([201, 15_000]);
    const { claims } = await get(PaymentPartsQuery).of(
      await actorOf(MTM.auditor),
      run.body.payments.map(({ id }) => id),
    );
    expect(claims.map(({ id, amountPence }) => [id, amountPence])).toEqual([
      [first, 10_000],
      [second, 5_000],
    ]);
  });
});

describe('who may approve a run', () => {
  it('is said of each approver, and to an authority the run is not there', async () => {
    await bank.fundedClaims(['BRENT', 3_000]);
    const { body: run } = await service.post<Run>(MTM.finance, '/payment-runs', {});
    const query = get(RunApproversQuery);
    const first = await query.of(await actorOf(MTM.approver), run.id);
    expect(first.you).toMatchObject({ allowed: false, code: 'approver_cannot_approve' });
    const second = await query.of(await actorOf(MTM.approver2), run.id);
    expect(second.you).toEqual({ allowed: true });
    const [one, two] = [await actorOf(MTM.approver), await actorOf(MTM.approver2)];
    expect(second.people).toContainEqual({ id: one.userId, name: expect.any(String), barred: 'approved_a_claim' });
    expect(second.people).toContainEqual({ id: two.userId, name: expect.any(String), barred: null });
    await expect(query.of(await actorOf(finance('BRENT')), run.id)).rejects.toMatchObject({ kind: 'not_found' });
    expect((await service.post(MTM.finance, `/payment-runs/${run.id}/cancel`, { reason: 'Not now' })).status).toBe(200);
  });

  it('names people to MTM, and to an authority only its own', async () => {
    const [mtm, officer] = [await actorOf(MTM.finance), await actorOf(finance('BRENT'))];
    const people = get(People);
    const ids = [mtm.userId, officer.userId, systemActor.userId, null];
    const toMtm = await people.names(mtm, ids);
    const toOfficer = await people.names(officer, ids);
    expect(toMtm(officer.userId)).toBe(toOfficer(officer.userId));
    expect(toMtm(officer.userId)).not.toBe('somebody no longer known');
    expect(toOfficer(mtm.userId)).toBe('MTM');
    expect(toMtm(systemActor.userId)).toBe('the system');
    expect(await people.payerPeople(officer, 'mtm_approver')).toEqual([]);
  });
});

describe('the preview of a match', () => {
  it('says what each thing takes and what is left, and stores nothing', async () => {
    const [paid] = await bank.scheduled(['BRENT', 20_000]);
    const { id, lines } = await bank.statement({ amountPence: -15_000 });
    const line = lines[0]!;
    const actor = await actorOf(MTM.finance);
    const matching = get(MatchLine);
    const before = await left();
    const body = { paymentIds: [paid!.id] };
    expect(await matching.preview(actor, id, line.id, body)).toMatchObject({
      ...{ leftPence: -15_000, restPence: 0 },
      matches: [{ kind: 'payment', targetId: paid!.id, pence: -15_000 }],
    });
    const part = { ...body, amounts: [{ id: paid!.id, amountPence: 1_000 }] };
    expect(await matching.preview(actor, id, line.id, part)).toMatchObject({ restPence: -14_000 });
    const much = { ...body, amounts: [{ id: paid!.id, amountPence: 15_001 }] };
    await expect(matching.preview(actor, id, line.id, much)).rejects.toMatchObject({ code: 'match_does_not_fit' });
    await expect(matching.preview(await actorOf(MTM.auditor), id, line.id, body)).rejects.toMatchObject({
      kind: 'forbidden',
    });
    await expect(matching.preview(await actorOf(finance('BRENT')), id, line.id, body)).rejects.toMatchObject({
      kind: 'not_found',
    });
    expect(await left()).toEqual(before);
  });

  it('finds what is open of the line’s direction by reference, authority or amount', async () => {
    const [paid] = await bank.scheduled(['BRISTOL', 12_345]);
    const out = await bank.statement({ amountPence: -1 });
    const came = await bank.statement({ amountPence: 1 });
    const receipt = await bank.recorded(777, 'DFE FIND 100%');
    const actor = await actorOf(MTM.finance);
    const candidates = get(MatchCandidates);
    const found = async (statement: typeof out, search: string) =>
      (await candidates.find(actor, statement.id, statement.lines[0]!.id, search)).map(({ id }) => id);
    expect(await found(out, paid!.reference)).toEqual([paid!.id]);
    expect(await found(out, 'bristol')).toEqual([paid!.id]);
    expect(await found(out, '£123.45')).toEqual([paid!.id]);
    expect(await found(out, '\u0000bristol')).toEqual([paid!.id]);
    expect(await found(out, 'DFE FIND')).toEqual([]);
    expect(await found(came, '0%')).toEqual([receipt.id]);
    expect(await found(came, paid!.reference)).toEqual([]);
    const described = await candidates.described(actor, [
      { kind: 'payment', id: paid!.id },
      { kind: 'account', id: 'expenses:bank charges' },
    ]);
    expect([...described.keys()]).toEqual([`payment ${paid!.id}`]);
    await expect(candidates.described(await actorOf(finance('BRENT')), [])).rejects.toMatchObject({
      kind: 'forbidden',
    });
  });
});

describe('the preview of the bank’s report', () => {
  it('says which payments it would refuse, and refuses none', async () => {
    const [paid] = await bank.scheduled(['BRENT', 2_000]);
    const { rows } = await service.admin.query<{ number: string }>(
      'SELECT r.number FROM payment_run r JOIN payment p ON p.run_id = r.id WHERE p.id = $1',
      [paid!.id],
    );
    const told = (status: string) =>
      `<TxInfAndSts><OrgnlEndToEndId>${paid!.endToEndId}</OrgnlEndToEndId><TxSts>${status}</TxSts></TxInfAndSts>`;
    const file = (
      run: string,
    ) => `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
      <GrpHdr><MsgId>P1</MsgId><CreDtTm>2018-05-03T07:15:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>${run}</OrgnlMsgId>
      <OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>${run}-D</OrgnlPmtInfId>
      ${told('RJCT')}${told('RJCT')}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`;
    const actor = await actorOf(MTM.finance);
    const loading = get(LoadStatusFile);
    const shown = async (text: string) =>
      loading.preview(actor, {}, await loading.keep(actor, Readable.from([Buffer.from(text)])));
    const before = await left();
    expect(await shown(file(rows[0]!.number))).toMatchObject({
      ...{ refusal: null, paymentRun: rows[0]!.number, appliedCount: 1 },
      statuses: [{ effect: 'applied' }, { effect: 'noted' }],
    });
    expect(await shown(file('EIP2-PR-0999'))).toMatchObject({ refusal: { code: 'unknown_payment_run' }, statuses: [] });
    expect(await left()).toEqual(before);
  });
});
