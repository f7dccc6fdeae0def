import { finance } from '../../support/people.js';
import { type Act, type Step } from '../act.js';
import { AUTHORITIES, type World } from '../world.js';

const QUARTERS = ['2017-Q4', '2017-Q4', '2018-Q1', '2018-Q1', '2018-Q2', '2018-Q3', '2019-Q1', '2020-Q2'];

/** What the grant was spent on, now and then more than there is; or what an earlier entry should have said. */
async function spend(world: World): Promise<Act> {
  const { dice } = world;
  const authority = dice.pick(AUTHORITIES);
  const earlier = dice.chance(0.3)
    ? await world.one<{ id: string }>('SELECT id FROM grant_entry WHERE authority_code = $1 ORDER BY id DESC LIMIT 4', [
        authority,
      ])
    : null;
  const body = {
    ...{ quarter: dice.pick(QUARTERS), amountPence: dice.upTo(dice.chance(0.1) ? 9_000_000 : 900_000) },
    ...{ description: 'Salary and on-costs of the post' },
    ...(earlier ? { replaces: earlier.id, reason: 'Entered wrongly' } : {}),
  };
  return { name: 'spend', by: world.who([finance(authority)]), path: `/authorities/${authority}/grant/entries`, body };
}

export const GRANT_STEPS: readonly Step[] = [{ name: 'spend', weight: 1.2, plan: spend }];
