import { claimOf, InvoiceOf } from '../bodies.js';
import { MTM } from '../people.js';
import { TRAINERS } from '../trainers.js';
import { type Chapter } from './chapter.js';

/** Brent claims as in example 1 of docs/domain.md; Norfolk has not paid its trainer yet. */
const firstClaims: Chapter = {
  at: '2018-01-16T09:30:00Z',
  title: 'The first two claims',
  async play(stage) {
    const safety = new InvoiceOf(TRAINERS.harbourlight, {
      number: 'HT-1042',
      issuedOn: '2018-01-11',
      paidOn: '2018-01-15',
    })
      .training({
        category: 'targeted',
        description: 'Safety planning and safety networks, two days',
        bookedOn: '2017-11-06',
        deliveredOn: ['2018-01-09', '2018-01-10'],
        trainerDays: '2',
        netPence: 200_000,
      })
      .travel('Rail, Bristol to Wembley, two days', 15_640);
    await stage.draft(
      'brent-safety',
      claimOf({ authority: 'BRENT', authorityReference: 'CYP/SoS/17', purchaseOrder: 'PO 4500123' }, safety),
    );
    await stage.attach('brent-safety', 'invoice and payment');
    await stage.submit('brent-safety');

    const leaders = new InvoiceOf(TRAINERS.northfold, { number: '2018/003', issuedOn: '2018-01-15' })
      .training({
        category: 'practice_leader',
        description: 'Practice leader development, groups 1 to 4, half-day sessions',
        bookedOn: '2017-10-17',
        deliveredOn: ['2018-01-08', '2018-01-10', '2018-01-11', '2018-01-12'],
        trainerDays: '2',
        netPence: 200_000,
      })
      .travel('Mileage and one night in Norwich', 8_450);
    await stage.draft(
      'norfolk-leaders',
      claimOf({ authority: 'NORFOLK', authorityReference: 'CS-2018-0007' }, leaders),
    );
    await stage.attach('norfolk-leaders', 'email');
    await stage.submit('norfolk-leaders');
  },
};

/** MTM decides on both; Suffolk and Wakefield claim, Wakefield without a file and above the funded rate (example 5). */
const firstDecisions: Chapter = {
  at: '2018-01-30T10:00:00Z',
  title: 'MTM decides for the first time; two more authorities claim',
  async play(stage) {
    await stage.review('brent-safety');
    await stage.refused('brent-safety', MTM.finance, 'approve', {}, 'role_not_allowed');
    await stage.approve('brent-safety');
    const proof = { at: 0, paidOn: '2018-01-26', note: 'Remittance of Norfolk County Council, seen on 29 January' };
    await stage.review('norfolk-leaders', { paymentProof: [proof] });
    await stage.approve('norfolk-leaders');

    await stage.draft('suffolk-coaching', claimOf({ authority: 'SUFFOLK' }, coaching(), sessions()));
    await stage.attach('suffolk-coaching', 'invoice and payment');
    await stage.submit('suffolk-coaching');

    await stage.draft('wakefield', claimOf({ authority: 'WAKEFIELD', purchaseOrder: 'WK-88213' }, networks()));
    await stage.submit('wakefield');
  },
};

/** Example 3: a trainer who is not registered for VAT. */
const coaching = () =>
  new InvoiceOf(TRAINERS.marigold, { number: '17', issuedOn: '2018-01-22', paidOn: '2018-01-29' }).training({
    category: 'coaching_qa',
    description: 'Coaching for in-house basic training, one day',
    bookedOn: '2017-12-01',
    deliveredOn: ['2018-01-19'],
    trainerDays: '1',
    netPence: 100_000,
  });

/** Example 2: half-day sessions. */
const sessions = () =>
  new InvoiceOf(TRAINERS.northfold, { number: '2018/009', issuedOn: '2018-01-25', paidOn: '2018-01-29' }).training({
    category: 'practice_leader',
    description: 'Practice leader development, three half-day sessions',
    bookedOn: '2017-10-17',
    deliveredOn: ['2018-01-17', '2018-01-18', '2018-01-24'],
    trainerDays: '1.5',
    netPence: 150_000,
  });

/** Example 5: charged above the funded rate. Wakefield sends the same again with its payment in February. */
export const networks = (paidOn?: string) =>
  new InvoiceOf(TRAINERS.harbourlight, {
    number: 'HT-1051',
    issuedOn: '2018-01-24',
    ...(paidOn ? { paidOn } : {}),
  }).training({
    category: 'targeted',
    description: 'Working with networks, one day for the duty teams',
    bookedOn: '2017-11-20',
    deliveredOn: ['2018-01-23'],
    trainerDays: '1',
    netPence: 115_000,
  });

export const JANUARY: readonly Chapter[] = [firstClaims, firstDecisions];
