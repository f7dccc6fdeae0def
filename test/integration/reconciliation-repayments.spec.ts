import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { brokenInvariants } from '../support/invariants.js';
import { MTM } from '../support/people.js';
import { Service } from '../support/service.js';
import { refusal, type Claim, type ProblemBody } from './claims-support.js';
import { Bank } from './reconciliation-support.js';

interface Adjustment extends ProblemBody {
  id: string;
  state: string;
  amountPence: number;
  creditNoteNumber: string;
}

let service: Service;
let bank: Bank;
beforeAll(async () => {
  service = await Service.start();
  bank = new Bank(service);
});
afterAll(() => service?.stop());

it('an authority repays what was adjusted: suggested by the credit note, in parts, never beyond it, and undone', async () => {
  const [payment] = await bank.scheduled(['BRENT', 900]);
  await bank.statement({ amountPence: -900, endToEndId: payment!.endToEndId });
  const [claimId] = payment!.claimIds;
  const { body: claim } = await service.get<Claim>(MTM.finance, `/claims/${claimId}`);
  const lines = [{ lineId: claim.trainerInvoices[0]!.lines.find(({ kind }) => kind === 'travel')!.id }];
  const body = { reason: 'The trainer credited it', lines };
  const { body: made } = await service.post<Adjustment>(MTM.finance, `/claims/${claimId}/adjustments`, body);
  expect((await service.post(MTM.approver2, `/adjustments/${made.id}/approve`)).status).toBe(200);
  const adjustment = async () => (await service.get<Adjustment>(MTM.auditor, `/adjustments/${made.id}`)).body;
  const { amountPence, creditNoteNumber } = await adjustment();
  const back = await bank.statement(
    { amountPence: amountPence - 100, remittance: `Repayment ${creditNoteNumber}` },
    { amountPence: 130 },
  );
  const [first, second] = back.lines;
  expect(first!.suggestions[0]).toMatchObject({ kind: 'repayment', id: made.id });
  const repays = { adjustmentIds: [made.id] };
  expect((await bank.do('match', back.id, first!.id, repays)).matches).toMatchObject([
    { kind: 'repayment', how: 'suggestion', amountPence: amountPence - 100 },
  ]);
  expect((await adjustment()).state).toBe('approved');
  const more = { ...repays, amounts: [{ id: made.id, amountPence: 101 }] };
  expect(refusal(await bank.try('match', back.id, second!.id, more)).slice(1)).toEqual([
    'match_does_not_fit',
    'match_exceeds_target',
  ]);
  await bank.do('match', back.id, second!.id, { ...repays, account: 'liabilities:suspense' });
  expect((await adjustment()).state).toBe('repaid');
  expect(await brokenInvariants(service.admin)).toEqual({});
  await bank.do('unmatch', back.id, first!.id, { reason: 'Another authority’s' });
  expect((await adjustment()).state).toBe('approved');
  await bank.do('match', back.id, first!.id, repays);
  await bank.closeAll();
  expect([(await adjustment()).state, await bank.unexplained()]).toEqual(['repaid', 0]);
  expect(await brokenInvariants(service.admin)).toEqual({});
});
