import { type Act, type Step } from '../act.js';
import { APPROVERS, REVIEWERS, type World } from '../world.js';

interface Line {
  id: string;
  kind: string;
  net: number;
}

/** Some lines of a claim that was approved: whole, or the figures they should have had. */
async function propose(world: World): Promise<Act | null> {
  const claim = await world.claim(['approved', 'funded', 'scheduled', 'paid', 'reconciled']);
  if (claim === null) return null;
  const lines = await wrongLines(world, claim.id);
  if (lines.length === 0) return null;
  const body = { reason: 'Charged twice', lines };
  return { name: 'propose', by: world.who(REVIEWERS), path: `/claims/${claim.id}/adjustments`, body };
}

/** Some of a claim's lines, as an adjustment would have them. */
export async function wrongLines(world: World, claimId: string): Promise<object[]> {
  const lines = await world.rows<Line>(
    `SELECT l.id, l.kind, l.net_pence AS net FROM trainer_invoice_line l JOIN trainer_invoice i ON i.id = l.trainer_invoice_id
      WHERE l.claim_id = $1 AND l.decision IS DISTINCT FROM 'disallow' ORDER BY i.position, l.position`,
    [claimId],
  );
  return lines.filter(() => world.dice.chance(0.4)).map((line) => lesser(world, line));
}

function lesser({ dice }: World, { id: lineId, net }: Line): object {
  return dice.chance(0.4) ? { lineId } : { lineId, netPence: dice.upTo(Number(net)) };
}

const ofAdjustment =
  (name: string, step: string, may: readonly string[], body: object) =>
  async (world: World): Promise<Act | null> => {
    const found = await world.some('adjustment', ['proposed']);
    return found && { name, by: world.who(may), path: `/adjustments/${found.id}/${step}`, body };
  };

export const ADJUSTMENT_STEPS: readonly Step[] = [
  { name: 'propose', weight: 2.5, plan: propose },
  { name: 'adjust', weight: 2.5, plan: ofAdjustment('adjust', 'approve', APPROVERS, {}) },
  {
    name: 'drop proposal',
    weight: 0.4,
    plan: ofAdjustment('drop proposal', 'cancel', REVIEWERS, { reason: 'It was right' }),
  },
];
