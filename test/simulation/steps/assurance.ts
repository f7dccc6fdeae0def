import { finance } from '../../support/people.js';
import { type Act, type Step } from '../act.js';
import { REVIEWERS, type Authority, type World } from '../world.js';
import { wrongLines } from './adjustments.js';

/** Of what was approved on some days that are over, or, to be refused, are not. */
async function draw(world: World): Promise<Act | null> {
  const { dice } = world;
  const days = await world.rows<{ day: string }>(
    `SELECT DISTINCT (approved_at AT TIME ZONE 'Europe/London')::date::text AS day FROM claim
      WHERE approved_at IS NOT NULL ORDER BY 1 DESC LIMIT 7`,
  );
  const over = days.map(({ day }) => day).filter((day) => day < world.today || dice.chance(0.05));
  if (over.length === 0) return null;
  const [one, other] = [dice.pick(over), dice.pick(over)];
  const [from, to] = one < other ? [one, other] : [other, one];
  const body = {
    ...{ from, to, thresholdPence: dice.pick([0, 5_000, 20_000, 40_000, 80_000]), seed: `S${dice.upTo(1_000_000)}` },
    ...(dice.chance(0.5) ? { valuePercent: dice.pick([10, 25, 60, 100]) } : {}),
  };
  return { name: 'draw', by: world.who(REVIEWERS), path: '/assurance-samples', body };
}

interface Item {
  id: string;
  claim: string;
  authority: Authority;
  involved: string[];
}

/**
 * One of the latest drawn claims that nobody has checked; now and then any. Of those above the threshold: which others are
 * drawn follows from claims' ids, which are others in every run.
 */
const item = (world: World): Promise<Item | null> =>
  world.one<Item>(
    `SELECT i.id, i.claim_id AS claim, i.authority_code AS authority,
            ARRAY(SELECT email FROM user_account u WHERE u.id = ANY (c.makers) OR u.id = c.approved_by) AS involved
       FROM assurance_item i JOIN claim c ON c.id = i.claim_id WHERE i.why = 'above_threshold' AND ($1 OR i.state = 'requested')
      ORDER BY i.sample_id DESC, i.claim_id LIMIT 10`,
    [world.dice.chance(0.06)],
  );

/** The authority sends what was asked for. */
async function reply(world: World): Promise<Act | null> {
  const asked = await item(world);
  if (asked === null) return null;
  const body = new FormData();
  const rows = `date,amount\n2018-03-28,${world.dice.upTo(100_000)}\n`;
  body.append('files', new Blob([rows], { type: 'text/csv' }), 'attendance.csv');
  return { name: 'reply', by: world.who([finance(asked.authority)]), path: `/claims/${asked.claim}/evidence`, body };
}

/** Mostly by somebody who had nothing to do with the claim; a failed one mostly names lines. */
async function record(world: World): Promise<Act | null> {
  const { dice } = world;
  const asked = await item(world);
  if (asked === null) return null;
  const others = REVIEWERS.filter((email) => !asked.involved.includes(email));
  const may = others.length > 0 && dice.chance(0.9) ? others : REVIEWERS;
  const lines = dice.chance(0.85) ? await wrongLines(world, asked.claim) : [];
  const failed = {
    ...{ outcome: 'failed', reason: 'The evidence shows less' },
    ...(lines.length > 0 ? { lines } : {}),
  };
  const body = dice.chance(0.4) ? failed : { outcome: 'passed' };
  return { name: `record ${body.outcome}`, by: world.who(may), path: `/assurance-items/${asked.id}/outcome`, body };
}

export const ASSURANCE_STEPS: readonly Step[] = [
  { name: 'draw', weight: 0.7, plan: draw },
  { name: 'reply', weight: 0.8, plan: reply },
  { name: 'record', weight: 1.6, plan: record },
];
