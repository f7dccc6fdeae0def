import { type CalculationView, type ImportView } from '#claims';
import { claimOf, InvoiceOf, type ClaimBody } from '../bodies.js';
import { financeOf, managerOf, MTM } from '../people.js';
import { type Stage } from '../stage.js';
import { TRAINERS } from '../trainers.js';
import { type Chapter } from './chapter.js';
import { bankAnswers, correctBrent, dfePays, payWakefieldAgain } from './money.js';

const backlog: Chapter = {
  at: '2018-03-01T09:00:00Z',
  title: 'MTM works through February and asks DfE for the money; Leicestershire withdraws',
  async play(stage) {
    const note = 'One course, two trainers: the trainer confirmed half a share for each authority, invoiced apart.';
    for (const name of ['brent-course', 'towerham-course']) {
      await stage.review(name, { distinct: [{ at: 0, note }] }, MTM.finance2);
      await stage.approve(name, MTM.approver2);
    }
    for (const name of ['suffolk-coaching', 'wakefield']) {
      await stage.review(name);
      await stage.approve(name);
    }
    await stage.withdraw('leics-twice', 'The trainer cancelled this invoice and will send another.');
    await stage.treasury.ask(MTM.finance);
  },
};

/** Example 6: charged below the funded rate. Two days are left to Brent, three were delivered. */
const thirdClaim = () =>
  claimOf(
    { authority: 'BRENT', purchaseOrder: 'PO 4500208' },
    new InvoiceOf(TRAINERS.harbourlight, { number: 'HT-1093', issuedOn: '2018-03-09', paidOn: '2018-03-13' }).training({
      category: 'targeted',
      description: 'Safety planning in court work, three days',
      bookedOn: '2018-01-08',
      deliveredOn: ['2018-03-06', '2018-03-07', '2018-03-08'],
      trainerDays: '3',
      netPence: 255_000,
    }),
  );

async function brentNeedsADay(stage: Stage, body: ClaimBody): Promise<void> {
  const { problems } = await stage.client.post<CalculationView>(financeOf('BRENT'), '/calculations', body);
  for (const problem of problems) stage.tell(`BRENT: calculated first: ${problem.message}`);
  await stage.draft('brent-court', body);
  await stage.attach('brent-court', 'invoice and payment');
  await stage.refused('brent-court', financeOf('BRENT'), 'submit', {}, 'claim_has_problems');
  const move = {
    programme: 'EIP2',
    category: 'targeted',
    from: 'WOKINGHAM',
    days: '1',
    reason: 'Wokingham plans nine days only; both authorities agreed by e-mail of 12 March.',
  };
  await stage.client.post(MTM.coordinator, '/authorities/BRENT/allocations/moves', move);
  stage.tell('MTM: the coordinator moves a targeted day from Wokingham to Brent');
  const third = { ...move, category: 'practice_leader', from: null, days: '2', reason: 'A half group more in Brent.' };
  await stage.client.post(MTM.coordinator, '/authorities/BRENT/allocations/moves', third);
  stage.tell('MTM: and two practice leader days from the reserve');
  await stage.submit('brent-court');
}

/** Example 13: two travel lines, of which MTM will not pay the second. */
const bristolVisit = () =>
  claimOf(
    { authority: 'BRISTOL', authorityReference: 'People/18/112' },
    new InvoiceOf(TRAINERS.tworivers, { number: 'TR-0240', issuedOn: '2018-03-08', paidOn: '2018-03-12' })
      .training({
        category: 'targeted',
        description: 'Combined training on safety networks, two days',
        bookedOn: '2017-12-14',
        deliveredOn: ['2018-02-27', '2018-02-28'],
        trainerDays: '2',
        netPence: 200_000,
      })
      .travel('Rail, standard class', 3_333)
      .travel('Upgrade to first class', 1_001),
  );

const familyFinding = () =>
  claimOf(
    { authority: 'WSUSSEX' },
    new InvoiceOf(TRAINERS.marigold, { number: '21', issuedOn: '2018-03-05', paidOn: '2018-03-12' }).training({
      category: 'targeted',
      description: 'Family Finding workshop, two places',
      bookedOn: '2017-11-27',
      deliveredOn: ['2018-02-20', '2018-02-21'],
      trainerDays: '2',
      netPence: 160_000,
    }),
  );

/** As Suffolk's own spreadsheet writes it: the second claim cannot be submitted as it is. */
const SUFFOLK_CSV = [
  'claim,purchase order,trainer,VAT registration number,invoice number,invoice date,paid,type,category,rate,description,booked,delivered,days,net,VAT %,VAT',
  `spring,SCC-7731,${TRAINERS.northfold.name},${TRAINERS.northfold.vatNumber},2018/031,07/03/2018,12/03/2018,training,Practice leader,standard,"Practice leader development, two half-day sessions",09/01/2018,28/02/2018; 02/03/2018,1,"1,000.00",20,200.00`,
  `spring,,${TRAINERS.northfold.name},,2018/031,07/03/2018,,travel,,,Mileage,,,,62.00,20,12.40`,
  `autumn,SCC-7732,${TRAINERS.harbourlight.name},${TRAINERS.harbourlight.vatNumber},HT-0987,13/10/2017,10/11/2017,training,Targeted,standard,"Introduction for the new teams, one day",01/09/2017,05/10/2017,1,"1,000.00",20,210.00`,
].join('\r\n');

async function suffolkImports(stage: Stage): Promise<void> {
  const manager = managerOf('SUFFOLK');
  const headers = { 'content-type': 'text/csv' };
  const { claimIds, rowCount } = await stage.client.post<ImportView>(manager, '/claim-imports', SUFFOLK_CSV, {
    headers,
  });
  stage.tell(`SUFFOLK: ${claimIds.length} drafts imported from ${rowCount} rows of CSV`);
  await stage.adopt('suffolk-spring', claimIds[0]!, manager);
  await stage.adopt('suffolk-autumn', claimIds[1]!, manager);
  await stage.attach('suffolk-spring', 'invoice and payment');
  await stage.submit('suffolk-spring');
  await stage.refused('suffolk-autumn', financeOf('SUFFOLK'), 'submit', {}, 'claim_has_problems');
}

const busyDay: Chapter = {
  at: '2018-03-14T13:30:00Z',
  title: 'Brent needs one day more; Bristol, West Sussex and Suffolk claim',
  async play(stage) {
    await brentNeedsADay(stage, thirdClaim());
    await stage.draft('bristol-visit', bristolVisit());
    await stage.attach('bristol-visit', 'invoice and payment');
    await stage.submit('bristol-visit');
    await stage.draft('wsussex-finding', familyFinding());
    await stage.attach('wsussex-finding', 'invoice and payment');
    await stage.submit('wsussex-finding');
    await suffolkImports(stage);
  },
};

/** A trainer from abroad charges no VAT. */
const sevenGroups = () =>
  claimOf(
    { authority: 'NORFOLK', authorityReference: 'CS-2018-0041' },
    new InvoiceOf(TRAINERS.swanriver, { number: 'SRP-512', issuedOn: '2018-03-23', paidOn: '2018-03-28' })
      .training({
        category: 'practice_leader',
        description: 'Practice leader development by the founders, eight half-day sessions',
        bookedOn: '2017-09-18',
        deliveredOn: ['2018-03-19', '2018-03-20', '2018-03-21', '2018-03-22'],
        trainerDays: '4',
        netPence: 400_000,
      })
      .travel('Flight from Perth, shared with two other bookings, one third', 124_000),
  );

const towerCoaching = () =>
  claimOf(
    { authority: 'TOWERHAM', purchaseOrder: 'TH/18/0058' },
    new InvoiceOf(TRAINERS.marigold, { number: '24', issuedOn: '2018-03-26', paidOn: '2018-03-28' }).training({
      category: 'coaching_qa',
      description: 'Quality assurance of in-house basic training, two days',
      bookedOn: '2018-01-15',
      deliveredOn: ['2018-03-22', '2018-03-23'],
      trainerDays: '2',
      netPence: 200_000,
    }),
  );

const quarterEnd: Chapter = {
  at: '2018-03-29T08:45:00Z',
  title: 'Before Easter: a line disallowed, a claim rejected, two new ones',
  async play(stage) {
    const reason = 'First class is not part of the travel that is funded.';
    await stage.review('bristol-visit', { disallow: [{ at: [0, 2], reason }] });
    await stage.approve('bristol-visit');
    await stage.reject(
      'wsussex-finding',
      'Family Finding places are allotted by the programme; they are not claimed for.',
    );
    await stage.review('brent-court');
    await stage.draft('norfolk-groups', sevenGroups());
    await stage.attach('norfolk-groups', 'invoice and payment');
    await stage.submit('norfolk-groups');
    await stage.draft('towerham-coaching', towerCoaching());
    await stage.attach('towerham-coaching', 'email');
    await stage.submit('towerham-coaching');
    await payWakefieldAgain(stage);
    await correctBrent(stage);
  },
};

export const MARCH: readonly Chapter[] = [backlog, dfePays, busyDay, bankAnswers, quarterEnd];
