import { claimOf, InvoiceOf } from '../bodies.js';
import { TRAINERS } from '../trainers.js';
import { type Chapter } from './chapter.js';
import { networks } from './january.js';

/**
 * Example 4: a five-day advanced course by two trainers, shared by two authorities. The trainer sends each its half under
 * the same number, so MTM is told and has to record that the two are distinct.
 */
const course = () =>
  new InvoiceOf(TRAINERS.tworivers, { number: 'TR-0218', issuedOn: '2018-02-12', paidOn: '2018-02-12' }).training({
    category: 'targeted',
    rate: 'advanced',
    description: 'Advanced five-day course, half share: two trainers for two authorities',
    bookedOn: '2017-10-30',
    deliveredOn: ['2018-02-05', '2018-02-06', '2018-02-07', '2018-02-08', '2018-02-09'],
    trainerDays: '5',
    netPence: 600_000,
  });

const sharedCourse: Chapter = {
  at: '2018-02-13T11:15:00Z',
  title: 'A course shared by two authorities; a claim goes back, another is held',
  async play(stage) {
    for (const [name, authority, purchaseOrder] of [
      ['brent-course', 'BRENT', 'PO 4500177'],
      ['towerham-course', 'TOWERHAM', 'TH/18/0031'],
    ] as const) {
      await stage.draft(name, claimOf({ authority, purchaseOrder }, course()));
      await stage.attach(name, 'invoice and payment');
      await stage.submit(name);
    }
    await stage.giveBack(
      'wakefield',
      'No invoice of the trainer is attached, and nothing shows that it was paid. Please attach both and submit again.',
    );
    await stage.hold('suffolk-coaching', 'Asked Suffolk which three groups the sessions of January were for.');
  },
};

const corrected: Chapter = {
  at: '2018-02-22T14:00:00Z',
  title: 'Wakefield submits again, Suffolk is released, Leicestershire claims',
  async play(stage) {
    const again = claimOf({ authority: 'WAKEFIELD', purchaseOrder: 'WK-88213' }, networks('2018-02-19'));
    await stage.rewrite('wakefield', again);
    await stage.attach('wakefield', 'invoice and payment');
    await stage.submit('wakefield');
    await stage.release('suffolk-coaching', 'Groups 1, 2 and 5, says their e-mail of 20 February.');

    const twice = new InvoiceOf(TRAINERS.harbourlight, { number: 'HT-1066', issuedOn: '2018-02-16' }).training({
      category: 'targeted',
      description: 'Safety planning for team managers, one day',
      bookedOn: '2017-12-11',
      deliveredOn: ['2018-02-15'],
      trainerDays: '1',
      netPence: 100_000,
    });
    await stage.draft('leics-twice', claimOf({ authority: 'LEICS', authorityReference: 'CFS-0219' }, twice));
    await stage.attach('leics-twice', 'email');
    await stage.submit('leics-twice');
  },
};

export const FEBRUARY: readonly Chapter[] = [sharedCourse, corrected];
