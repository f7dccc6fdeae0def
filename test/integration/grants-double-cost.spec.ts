import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { Claims, finance, manager, MTM, nextNumber, simpleBody, type Claim, type Items } from './claims-support.js';
import { AT, Grants, type Entry } from './grants-support.js';

let service: Service;
let claims: Claims;
let grants: Grants;
beforeAll(async () => {
  service = await Service.start();
  claims = new Claims(service);
  grants = new Grants(service);
});
afterAll(() => service?.stop());

/** A submitted claim of one trainer invoice: £500 net, £600 with VAT, of 14 March 2018. */
const submitted = (authority: string, number: string): Promise<Claim> =>
  claims.submitted(simpleBody(authority, { trainerDays: '0.5', netPence: 50_000 }, number));

const flagsOf = async (who: string, authority: string, id: string): Promise<[code: string, claimId: string][]> => {
  const answer = await service.get<Items<Entry>>(who, `${AT(authority)}/entries`);
  return answer.body.items.find((one) => one.id === id)!.flags.map(({ code, claimId }) => [code, claimId]);
};

describe('a cost that is in the grant and in a claim', () => {
  it('is flagged to the authority and to MTM when two of reference, date and amount agree, and refused never', async () => {
    const number = nextNumber();
    const claim = await submitted('BRENT', number);
    const same = ['cost_in_claim', claim.id];
    const reference = { supplierReference: number.replaceAll('-', ' ').toLowerCase() };
    const date = { incurredOn: '2018-03-14' };
    const cases: [over: object, flagged: boolean][] = [
      [{ ...reference, amountPence: 50_000 }, true],
      [{ ...reference, ...date, amountPence: 1 }, true],
      [{ ...date, amountPence: 60_000 }, true],
      [{ ...reference, amountPence: 1 }, false],
      [{ ...date, amountPence: 1 }, false],
      [{ amountPence: 50_000 }, false],
    ];
    for (const [over, flagged] of cases) {
      const entry = await grants.entry('BRENT', over);
      expect([over, entry.flags.map(({ code, claimId }) => [code, claimId])]).toEqual([over, flagged ? [same] : []]);
      for (const who of [manager('BRENT'), MTM.finance, MTM.auditor]) {
        expect(await flagsOf(who, 'BRENT', entry.id)).toEqual(flagged ? [same] : []);
      }
    }
    expect((await grants.read('BRENT', MTM.finance)).flags).toHaveLength(3);
  });

  it('is flagged when the claim comes later, and no more once the claim or the entry is gone', async () => {
    const number = nextNumber();
    const entry = await grants.entry('LEICS', { supplierReference: number, amountPence: 50_000 });
    expect(entry.flags).toEqual([]);
    const claim = await submitted('LEICS', number);
    expect(await flagsOf(finance('LEICS'), 'LEICS', entry.id)).toEqual([['cost_in_claim', claim.id]]);
    await claims.step(finance('LEICS'), claim.id, 'withdraw');
    expect(await flagsOf(finance('LEICS'), 'LEICS', entry.id)).toEqual([]);
    const again = await submitted('LEICS', number);
    expect(await flagsOf(finance('LEICS'), 'LEICS', entry.id)).toEqual([['cost_in_claim', again.id]]);
    await grants.entry('LEICS', { amountPence: 0, replaces: entry.id, reason: 'It is in a claim' });
    expect(await flagsOf(finance('LEICS'), 'LEICS', entry.id)).toEqual([]);
    expect((await grants.read('LEICS')).flags).toEqual([]);
  });

  it('is not sought at another authority, nor in a draft', async () => {
    const number = nextNumber();
    await submitted('BRISTOL', number);
    await claims.draft(simpleBody('NORFOLK', {}, number));
    const entry = await grants.entry('NORFOLK', {
      supplierReference: number,
      incurredOn: '2018-03-14',
      amountPence: 50_000,
    });
    expect(entry.flags).toEqual([]);
    expect(await flagsOf(MTM.finance, 'NORFOLK', entry.id)).toEqual([]);
  });
});
