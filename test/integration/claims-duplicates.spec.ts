import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { claimBody, training, trainerInvoice } from '../builders/claim-body.js';
import { Service } from '../support/service.js';
import { brokenInvariants } from '../support/invariants.js';
import { Claims, finance, manager, MTM, nextNumber, refusal, simpleBody, type Claim } from './claims-support.js';

const BRENT = finance('BRENT');
let service: Service;
let claims: Claims;
beforeAll(async () => {
  service = await Service.start();
  claims = new Claims(service);
});
afterAll(() => service?.stop());

/** A claim of one small line, by a trainer and a number. */
const by = (trainer: { name: string; vatNumber?: string }, number: string, authority = 'BRENT', over = {}) => {
  const vat = trainer.vatNumber ? {} : { vatRate: '0', vatPence: 0 };
  const lines = [training({ trainerDays: '0.1', netPence: 10_000, ...vat, ...over })];
  return claimBody([trainerInvoice(lines, { trainer, number })], { authority });
};

describe('a trainer invoice is claimed once', () => {
  const first = { name: 'Bright Steps Ltd', vatNumber: 'GB999999973' };
  it.each([
    ['the same', first, (n: string) => n],
    ['another case', first, (n: string) => n.toLowerCase()],
    ['no punctuation', first, (n: string) => n.replaceAll('-', '')],
    ['other punctuation', first, (n: string) => ` ${n.replaceAll('-', ' / ')}.`],
    ['full-width digits', first, (n: string) => n.replace(/\d/g, (d) => String.fromCodePoint(0xff10 + Number(d)))],
    ['an invisible character', first, (n: string) => `${n.slice(0, 2)}\u200b${n.slice(2)}`],
    ['the name otherwise', { name: 'BRIGHT-STEPS LTD.' }, (n: string) => n],
    ['the same VAT number, another name', { name: 'B. Steps', vatNumber: '999 9999 73' }, (n: string) => n],
    ['a branch of the VAT number', { name: 'B. Steps', vatNumber: 'GB999999973001' }, (n: string) => n],
  ])('%s', async (_, trainer, respell) => {
    const number = nextNumber();
    const taken = await claims.submitted(by(first, number));
    const again = await claims.draft(by(trainer, respell(number)));
    expect(again.calculation.problems.map(({ code }) => code)).toContain('duplicate_trainer_invoice');
    const answer = await claims.tryStep(BRENT, again.id, 'submit');
    expect([answer.status, answer.body.code]).toEqual([422, 'claim_has_problems']);
    expect(answer.body.errors).toContainEqual({
      path: 'trainerInvoices[0].number',
      code: 'duplicate_trainer_invoice',
      message: expect.stringContaining(taken.invoiceNumber!),
    });
  });

  it('but another number, or another trainer’s same number, is another invoice', async () => {
    const number = nextNumber();
    await claims.submitted(by(first, number));
    await claims.submitted(by(first, `${number}0`));
    await claims.submitted(by({ name: 'Someone Else' }, number));
  });

  it('and once within a claim', async () => {
    const number = nextNumber();
    const two = [by(first, number), by(first, number.toLowerCase())].map((body) => body.trainerInvoices[0]!);
    const answer = await service.post<Claim>(BRENT, '/claims', claimBody(two));
    expect(answer.status).toBe(201);
    expect(answer.body.calculation.problems).toEqual([
      expect.objectContaining({ path: 'trainerInvoices[1].number', code: 'duplicate_trainer_invoice' }),
    ]);
  });

  it('whoever submits at once: one wins, the others are told', async () => {
    for (let round = 0; round < 3; round++) {
      const number = nextNumber();
      const drafts = await Promise.all(Array.from({ length: 8 }, () => claims.draft(by(first, number))));
      const answers = await Promise.all(drafts.map(({ id }) => claims.tryStep(BRENT, id, 'submit')));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      for (const answer of answers.filter(({ status }) => status !== 200)) {
        expect(refusal(answer)).toEqual([422, 'claim_has_problems', 'duplicate_trainer_invoice']);
      }
    }
  });

  it('also past the check: who meets an uncommitted submission waits, and is told', async () => {
    const number = nextNumber();
    const [other, mine] = [await claims.draft(by(first, number)), await claims.draft(by(first, number))];
    await service.admin.query('BEGIN');
    await service.admin.query('UPDATE trainer_invoice SET live = true WHERE claim_id = $1', [other.id]);
    const answer = claims.tryStep(BRENT, mine.id, 'submit');
    for (let waiting = 0; waiting === 0;) {
      await pause(20);
      const blocked = await service.admin.query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      waiting = blocked.rowCount ?? 0;
    }
    await service.admin.query('COMMIT');
    expect(refusal(await answer)).toEqual([409, 'duplicate_trainer_invoice']);
    await service.admin.query('UPDATE trainer_invoice SET live = false WHERE claim_id = $1', [other.id]);
    expect((await claims.step(BRENT, mine.id, 'submit')).state).toBe('submitted');
    expect(await brokenInvariants(service.admin)).toEqual({});
  });

  it('is free again after it was withdrawn, returned or rejected, which only a rejection tells', async () => {
    for (const [event, who] of [
      ['withdraw', BRENT],
      ['return', MTM.finance],
      ['reject', MTM.approver],
    ] as const) {
      const number = nextNumber();
      const taken = await claims.submitted(by(first, number));
      await claims.step(who, taken.id, event, { reason: 'Not this one' });
      const again = await claims.submitted(by(first, number));
      const flags = await claims.flags(BRENT, again.id);
      expect([event, flags.includes('reclaimed_after_rejection')]).toEqual([event, event === 'reject']);
      if (event !== 'return') continue;
      expect(refusal(await claims.tryStep(BRENT, taken.id, 'submit'))).toEqual([
        422,
        'claim_has_problems',
        'duplicate_trainer_invoice',
      ]);
    }
  });
});

describe('the same trainer invoice at another authority', () => {
  const trainer = { name: 'Joint Events LLP' };
  it('is flagged to MTM only, and approved only when a review found the two distinct', async () => {
    const number = nextNumber();
    const here = await claims.submitted(by(trainer, number, 'BRENT'));
    const there = await claims.submitted(by(trainer, number.toLowerCase(), 'TOWERHAM'));
    for (const claim of [here, there]) {
      for (const who of [MTM.finance, MTM.approver, MTM.coordinator, MTM.auditor]) {
        expect(await claims.flags(who, claim.id)).toContain('trainer_invoice_at_other_authority');
      }
      for (const who of [finance(claim.authority), manager(claim.authority)]) {
        expect(await claims.flags(who, claim.id)).not.toContain('trainer_invoice_at_other_authority');
      }
    }
    await claims.step(MTM.finance, here.id, 'review');
    const refused = await claims.tryStep(MTM.approver, here.id, 'approve');
    expect(refusal(refused)).toEqual([422, 'distinct_not_recorded', 'distinct_not_recorded']);
    expect(refused.body.errors[0]!.path).toBe('trainerInvoices[0]');

    const [invoice] = there.trainerInvoices;
    const note = 'Joint event: an invoice for each, checked with the trainer';
    const review = { distinct: [{ trainerInvoiceId: invoice!.id, note }] };
    expect((await claims.step(MTM.finance, there.id, 'review', review)).trainerInvoices[0]!.distinct).toEqual({ note });
    expect((await claims.step(MTM.approver, there.id, 'approve')).state).toBe('approved');

    // That somebody looked at another authority's claims is as little the authority's to know as the flag itself.
    for (const path of [`/claims/${there.id}`, `/claims/${there.id}/timeline`, '/audit']) {
      for (const who of [finance('TOWERHAM'), manager('TOWERHAM')]) {
        const answer = await service.get(who, path);
        expect([path, answer.status, answer.text.includes(note), answer.text.includes('BRENT')]).toEqual([
          path,
          200,
          false,
          false,
        ]);
      }
    }
    expect((await claims.read(finance('TOWERHAM'), there.id)).trainerInvoices[0]!.distinct).toBeNull();
    const timeline = await service.get(finance('TOWERHAM'), `/claims/${there.id}/timeline`);
    expect(timeline.text).not.toContain(invoice!.id);
    expect((await service.get(MTM.auditor, '/audit?limit=200')).text).toContain('distinct');
  });

  it('counts only while it is live there', async () => {
    const number = nextNumber();
    const here = await claims.reviewed(by(trainer, number, 'BRENT'));
    const there = await claims.submitted(by(trainer, number, 'LEICS'));
    await claims.step(MTM.finance, there.id, 'return', { reason: 'Brent’s' });
    expect((await claims.step(MTM.approver, here.id, 'approve')).state).toBe('approved');
  });
});

describe('one trainer on one date', () => {
  const at = (authority: string, trainerDays: string, deliveredOn: string[], number = nextNumber()) =>
    by({ name: 'Twice Booked' }, number, authority, {
      trainerDays,
      netPence: Math.round(Number(trainerDays) * 100_000),
      deliveredOn,
    });

  it('is flagged to MTM above a day across authorities', async () => {
    const day = ['2018-02-06'];
    const here = await claims.submitted(at('BRENT', '0.75', day));
    expect(await claims.flags(MTM.finance, here.id)).not.toContain('trainer_double_booked');
    const there = await claims.submitted(at('NORFOLK', '0.5', day));
    for (const claim of [here, there]) {
      expect(await claims.flags(MTM.finance, claim.id)).toContain('trainer_double_booked');
      expect(await claims.flags(finance(claim.authority), claim.id)).not.toContain('trainer_double_booked');
    }
  });

  it('is no flag for a day shared, for another date, or within one authority', async () => {
    const shared = await claims.submitted(at('BRENT', '0.5', ['2018-02-07']));
    await claims.submitted(at('NORFOLK', '0.5', ['2018-02-07']));
    expect(await claims.flags(MTM.finance, shared.id)).not.toContain('trainer_double_booked');
    const spread = await claims.submitted(at('BRENT', '1', ['2018-02-12', '2018-02-13']));
    await claims.submitted(at('NORFOLK', '0.5', ['2018-02-13']));
    expect(await claims.flags(MTM.finance, spread.id)).not.toContain('trainer_double_booked');
    const own = await claims.submitted(at('SUFFOLK', '1', ['2018-02-20']));
    await claims.submitted(at('SUFFOLK', '1', ['2018-02-20']));
    expect(await claims.flags(MTM.finance, own.id)).not.toContain('trainer_double_booked');
  });
});

describe('proof that the trainer was paid', () => {
  const unpaid = (paidOn: string | null) => {
    const body = simpleBody('WOKINGHAM', { trainerDays: '0.1', netPence: 10_000 });
    body.trainerInvoices[0]!.paidOn = paidOn;
    return body;
  };

  it('is missing without a date or with one in the future: reviewed, not approved', async () => {
    for (const paidOn of [null, '2018-04-04']) {
      const claim = await claims.reviewed(unpaid(paidOn));
      expect(await claims.flags(finance('WOKINGHAM'), claim.id)).toContain('trainer_not_paid');
      const answer = await claims.tryStep(MTM.approver, claim.id, 'approve');
      expect(refusal(answer)).toEqual([422, 'payment_proof_missing', 'payment_proof_missing']);
      expect(answer.body.errors[0]!.path).toBe('trainerInvoices[0].paidOn');
    }
  });

  it('is given by the claim up to today, by the review, or by a date that has come', async () => {
    await claims.approved(unpaid('2018-04-03'));
    const claim = await claims.submitted(unpaid(null));
    const [invoice] = claim.trainerInvoices;
    const proof = (paidOn: string) => ({
      paymentProof: [{ trainerInvoiceId: invoice!.id, paidOn, note: 'Bank, p. 2' }],
    });
    expect(refusal(await claims.tryStep(MTM.finance, claim.id, 'review', proof('2018-04-04')))).toEqual([
      422,
      'payment_proof_in_future',
      'payment_proof_in_future',
    ]);
    expect((await claims.read(MTM.finance, claim.id)).state).toBe('submitted');
    const reviewed = await claims.step(MTM.finance, claim.id, 'review', proof('2018-04-03'));
    expect(reviewed.trainerInvoices[0]!.paymentProof).toEqual({ paidOn: '2018-04-03', note: 'Bank, p. 2' });
    expect(await claims.flags(finance('WOKINGHAM'), claim.id)).not.toContain('trainer_not_paid');
    expect((await claims.step(MTM.approver, claim.id, 'approve')).state).toBe('approved');

    const waiting = await claims.reviewed(unpaid('2018-04-04'));
    service.clock.set('2018-04-04T09:00:00.000Z');
    expect((await claims.step(MTM.approver, waiting.id, 'approve')).state).toBe('approved');
    service.clock.set('2018-04-03T09:00:00.000Z');
  });

  it('survives a return without an edit, and goes with one', async () => {
    const claim = await claims.submitted(unpaid(null));
    const review = { paymentProof: [{ trainerInvoiceId: claim.trainerInvoices[0]!.id, paidOn: '2018-04-01' }] };
    await claims.step(MTM.finance, claim.id, 'review', review);
    await claims.step(MTM.finance, claim.id, 'return', { reason: 'Attach the invoice' });
    const again = await claims.step(finance('WOKINGHAM'), claim.id, 'submit');
    expect(again.trainerInvoices[0]!.paymentProof).toMatchObject({ paidOn: '2018-04-01' });
    const back = await claims.step(MTM.finance, claim.id, 'return', { reason: 'Once more' });
    const body = unpaid(null);
    body.trainerInvoices[0]!.number = back.trainerInvoices[0]!.number;
    const edited = await service.call<Claim>(finance('WOKINGHAM'), 'PUT', `/claims/${claim.id}`, {
      body,
      headers: { 'if-match': `"v${back.version}"` },
    });
    expect(edited.body.trainerInvoices[0]).toMatchObject({ id: claim.trainerInvoices[0]!.id, paymentProof: null });
  });
});
