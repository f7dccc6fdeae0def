import type { ClaimBody } from '#claims/domain';
import { claimBody, training, trainerInvoice, travel } from '../../builders/claim-body.js';
import { finance, manager, MTM } from '../../support/people.js';
import { type Dice } from '../../support/random.js';
import { type Act, type Step } from '../act.js';
import { APPROVERS, AUTHORITIES, REVIEWERS, type Authority, type ClaimRow, type World } from '../world.js';

const TRAINERS = [
  { name: 'Walk One Ltd', vatNumber: 'GB999999973' },
  { name: 'WALK ONE, LTD.' },
  { name: 'Walk Two' },
  { name: 'Another name', vatNumber: '999999973' },
];
const CATEGORIES = ['targeted', 'targeted', 'coaching_qa', 'practice_leader'] as const;

/** Mostly slivers of a day, so that the days last; now and then more than is left. */
const days = (dice: Dice): string =>
  dice.chance(0.03) ? dice.pick(['2.5', '9', '1']) : dice.pick(['0.001', '0.003', '0.01', '0.02', '0.005']);

function invoice(dice: Dice): ClaimBody['trainerInvoices'][number] {
  const trainer = dice.pick(TRAINERS);
  const vat = trainer.vatNumber === undefined ? { vatRate: '0', vatPence: 0 } : {};
  const lines = Array.from({ length: 1 + dice.upTo(2) }, () => {
    const category = dice.pick(CATEGORIES);
    const rate = category === 'targeted' ? dice.pick(['standard', 'standard', 'advanced']) : 'standard';
    return training({ category, rate, trainerDays: days(dice), netPence: 1 + dice.upTo(3_000), ...vat });
  });
  const trips = Array.from({ length: dice.upTo(3) }, () => travel(1 + dice.upTo(90_000)));
  return trainerInvoice([...lines, ...trips], {
    trainer,
    // Numbers out of a small pool collide; most do not.
    number: dice.chance(0.12) ? `W-${dice.upTo(12)}` : `W-${dice.upTo(10_000_000)}`,
    paidOn: dice.pick(['2018-03-28', '2018-03-28', '2018-03-29', '2018-03-30', null, '2019-04-20']),
  });
}

const body = (dice: Dice, authority: Authority): ClaimBody =>
  claimBody(
    Array.from({ length: 1 + dice.upTo(2) }, () => invoice(dice)),
    { authority },
  );

function draft({ dice }: World): Act {
  const authority = dice.pick(AUTHORITIES);
  const by = dice.chance(0.5) ? finance(authority) : manager(authority);
  return {
    name: 'draft',
    by,
    path: '/claims',
    body: body(dice, dice.chance(0.97) ? authority : dice.pick(AUTHORITIES)),
  };
}

async function edit(world: World): Promise<Act | null> {
  const claim = await world.claim(['draft', 'returned']);
  if (claim === null) return null;
  const headers = { 'if-match': `"v${claim.version - (world.dice.chance(0.05) ? 1 : 0)}"` };
  const by = world.who([finance(claim.authority), manager(claim.authority)]);
  return {
    name: 'edit',
    by,
    method: 'PUT',
    path: `/claims/${claim.id}`,
    body: body(world.dice, claim.authority),
    headers,
  };
}

/** A step of one claim that is in one of these states, by one of those who may. */
const ofClaim =
  (
    name: string,
    from: readonly string[],
    may: (claim: ClaimRow, world: World) => readonly string[],
    details: (claim: ClaimRow, world: World) => Promise<object> | object = () => ({}),
  ) =>
  async (world: World): Promise<Act | null> => {
    const claim = await world.claim(from);
    if (claim === null) return null;
    const headers: Record<string, string> = world.dice.chance(0.15) ? { 'if-match': `"v${claim.version}"` } : {};
    const by = world.who(may(claim, world));
    return { name, by, path: `/claims/${claim.id}/${name}`, body: await details(claim, world), headers };
  };

const reason = () => ({ reason: 'For a reason' });

/** Proofs of payment and what was found distinct, of most of the claim's invoices. */
async function findings(claim: ClaimRow, world: World, share = 0.95): Promise<object> {
  const invoices = await world.rows<{ id: string }>(
    'SELECT id FROM trainer_invoice WHERE claim_id = $1 ORDER BY position',
    [claim.id],
  );
  const some = () => invoices.filter(() => world.dice.chance(share));
  return {
    paymentProof: some().map(({ id }) => ({ trainerInvoiceId: id, paidOn: '2018-03-29' })),
    distinct: some().map(({ id }) => ({ trainerInvoiceId: id, note: 'Distinct' })),
  };
}

async function review(claim: ClaimRow, world: World): Promise<object> {
  const lines = await world.rows<{ id: string }>(
    `SELECT l.id FROM trainer_invoice_line l JOIN trainer_invoice i ON i.id = l.trainer_invoice_id
      WHERE l.claim_id = $1 ORDER BY i.position, l.position`,
    [claim.id],
  );
  const disallowed = lines.filter(() => world.dice.chance(0.12));
  return {
    lines: disallowed.map(({ id }) => ({ lineId: id, decision: 'disallow', reason: 'No receipt' })),
    ...(await findings(claim, world)),
  };
}

function move({ dice }: World): Act {
  const [to, from] = [dice.pick(AUTHORITIES), dice.pick([null, ...AUTHORITIES])];
  const category = dice.pick(['targeted', 'coaching_qa', 'practice_leader']);
  const ends = dice.chance(0.3) ? { to: 'RESERVE' } : { from };
  const given = { programme: 'EIP2', category, days: dice.pick(['0.5', '1', '2.5']), reason: 'Agreed' };
  return {
    name: 'move',
    by: MTM.coordinator,
    path: `/authorities/${to}/allocations/moves`,
    body: { ...given, ...ends },
  };
}

const itsFinance = (claim: ClaimRow) => [finance(claim.authority)];
const reviewers = () => REVIEWERS;
const approvers = () => APPROVERS;

export const CLAIM_STEPS: readonly Step[] = [
  { name: 'draft', weight: 12, plan: draft },
  { name: 'edit', weight: 1.5, plan: edit },
  { name: 'submit', weight: 12, plan: ofClaim('submit', ['draft', 'returned'], itsFinance) },
  { name: 'withdraw', weight: 0.8, plan: ofClaim('withdraw', ['draft', 'submitted', 'returned'], itsFinance) },
  { name: 'review', weight: 11, plan: ofClaim('review', ['submitted'], reviewers, review) },
  {
    name: 'findings',
    weight: 1.5,
    plan: ofClaim('findings', ['submitted', 'reviewed'], reviewers, (claim, world) => findings(claim, world, 0.7)),
  },
  { name: 'return', weight: 1, plan: ofClaim('return', ['submitted', 'reviewed'], reviewers, reason) },
  { name: 'approve', weight: 12, plan: ofClaim('approve', ['reviewed'], approvers) },
  { name: 'reject', weight: 1, plan: ofClaim('reject', ['submitted', 'reviewed', 'approved'], approvers, reason) },
  {
    name: 'hold',
    weight: 1,
    plan: ofClaim('hold', ['submitted', 'reviewed', 'approved', 'funded'], reviewers, reason),
  },
  { name: 'release', weight: 1.5, plan: release },
  { name: 'move', weight: 0.7, plan: move },
];

async function release(world: World): Promise<Act | null> {
  const held = await world.one<{ id: string }>(
    'SELECT id FROM claim WHERE held_at IS NOT NULL ORDER BY id DESC LIMIT 10',
  );
  return held && { name: 'release', by: world.who(REVIEWERS), path: `/claims/${held.id}/release`, body: {} };
}
