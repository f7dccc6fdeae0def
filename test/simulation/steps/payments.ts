import { type Act, type Step } from '../act.js';
import { APPROVERS, REVIEWERS, type World } from '../world.js';

/** All that is funded, or what one person approved, so that another can approve the run. */
async function prepare(world: World): Promise<Act | null> {
  const { dice } = world;
  const funded = await world.rows<{ id: string; by: string }>(
    `SELECT id, approved_by AS by FROM claim WHERE state = 'funded' AND held_at IS NULL ORDER BY id DESC LIMIT 40`,
  );
  if (funded.length === 0) return null;
  const one = dice.pick(funded).by;
  const claimIds = funded.filter(({ by }) => by === one && dice.chance(0.8)).map(({ id }) => id);
  const body = dice.chance(0.3) || claimIds.length === 0 ? {} : { claimIds };
  return { name: 'prepare', by: world.who(REVIEWERS), path: '/payment-runs', body };
}

/** Mostly by one of those who approved none of its claims. */
async function approve(world: World): Promise<Act | null> {
  const run = await world.some('payment_run', ['prepared']);
  if (run === null) return null;
  const rows = await world.rows<{ by: string }>(
    `SELECT DISTINCT u.email AS by FROM payment p JOIN payment_claim k ON k.payment_id = p.id JOIN claim c ON c.id = k.claim_id
       JOIN user_account u ON u.id = c.approved_by WHERE p.run_id = $1`,
    [run.id],
  );
  const others = APPROVERS.filter((email) => !rows.some(({ by }) => by === email));
  const may = others.length > 0 && world.dice.chance(0.9) ? others : APPROVERS;
  return { name: 'approve run', by: world.who(may), path: `/payment-runs/${run.id}/approve`, body: {} };
}

async function cancel(world: World): Promise<Act | null> {
  const run = await world.some('payment_run', ['prepared']);
  return (
    run && {
      name: 'cancel run',
      by: world.who(REVIEWERS),
      path: `/payment-runs/${run.id}/cancel`,
      body: { reason: 'Wrong day' },
    }
  );
}

export const PAYMENT_STEPS: readonly Step[] = [
  { name: 'prepare', weight: 4, plan: prepare },
  { name: 'approve run', weight: 5, plan: approve },
  { name: 'cancel run', weight: 1, plan: cancel },
];
