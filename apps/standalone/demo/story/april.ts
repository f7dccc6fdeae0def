import { claimOf, InvoiceOf } from '../bodies.js';
import { MTM } from '../people.js';
import { TRAINERS } from '../trainers.js';
import { type Chapter } from './chapter.js';
import { closeTheQuarter } from './money.js';

/** One line a group and session, over more than a page of the claim invoice; letters beyond Western Europe in the name. */
const lincolnshire = () => {
  const invoice = new InvoiceOf(TRAINERS.lecka, {
    number: 'ŁÖΠ 2018-14',
    issuedOn: '2018-03-29',
    paidOn: '2018-04-06',
  });
  const days = ['2018-03-12', '2018-03-13', '2018-03-14', '2018-03-15'];
  for (const [at, deliveredOn] of days.entries()) {
    for (const half of ['morning', 'afternoon']) {
      invoice.training({
        category: 'practice_leader',
        description: `Practice leader development, group ${at + 1}, ${half}: mapping, trajectories and scaling questions`,
        bookedOn: '2017-10-02',
        deliveredOn: [deliveredOn],
        trainerDays: '0.5',
        netPence: 50_000,
      });
    }
  }
  return claimOf(
    { authority: 'LINCS', authorityReference: 'CHS/SoS/0018', purchaseOrder: '10044921' },
    invoice.travel('Rail, Leeds to Lincoln', 31_240),
  );
};

const bookedAhead = () =>
  claimOf(
    { authority: 'WOKINGHAM' },
    new InvoiceOf(TRAINERS.harbourlight, { number: 'HT-1120', issuedOn: '2018-04-09' }).training({
      category: 'targeted',
      description: 'Safety planning, one day',
      bookedOn: '2018-02-05',
      deliveredOn: ['2018-04-05'],
      trainerDays: '1',
      netPence: 100_000,
    }),
  );

const afterEaster: Chapter = {
  at: '2018-04-10T09:20:00Z',
  title: 'After Easter: the last claims of the quarter',
  async play(stage) {
    await stage.draft('lincs-groups', lincolnshire());
    await stage.attach('lincs-groups', 'invoice and payment');
    await stage.submit('lincs-groups');
    await stage.draft('wokingham-draft', bookedAhead());
    await stage.approve('brent-court', MTM.approver2);
    await stage.review('towerham-coaching', {}, MTM.finance2);
    await stage.approve('towerham-coaching');
    await stage.review('suffolk-spring');
    await stage.hold(
      'norfolk-groups',
      'The receipt of the flight is in Australian dollars; asked for the bank’s rate.',
    );
    await closeTheQuarter(stage);
    await stage.client.ask(MTM.administrator, 'POST', '/audit/checkpoints');
    stage.tell('MTM: the audit trail is sealed');
  },
};

export const APRIL: readonly Chapter[] = [afterEaster];
