import { expect } from '@jest/globals';
import { manager, MTM } from '../../support/people.js';
import { check, choose, fact, fill, follow, heading, notice, press, type Journey } from './world.js';

const CATEGORY = 'Practice leader development';

/** Days go from the reserve to an authority, which reads why, and back again. */
export const moveDays: Journey = {
  name: 'the coordinator moves days and takes the move back',
  async walk(world) {
    const page = await world.person(MTM.coordinator);
    const reserved = async () => {
      await page.goto('/allocations/move');
      return page.getByRole('listitem').filter({ hasText: CATEGORY }).first().innerText();
    };
    const before = await reserved();
    await check(page, CATEGORY);
    await choose(page, { 'Who gives the days': 'The reserve', 'Who gets the days': 'Brent' });
    await fill(page, { Days: '1.5' });
    await press(page, 'See what it changes');
    await heading(page, 'What the move changes');
    await page.getByText(`1.5 days of ${CATEGORY} from the reserve to BRENT`).waitFor();
    await fill(page, { 'Why are they moved?': 'A ninth group' });
    await press(page, 'Move these days');
    expect(await notice(page)).toContain(`Moved: 1.5 days of ${CATEGORY} from the reserve to BRENT`);
    const moved = page.url();
    expect(await reserved()).not.toBe(before);

    const theirs = await world.person(manager('BRENT'));
    await theirs.goto('/allocations');
    await theirs.getByText('A ninth group').first().waitFor();
    await theirs.goto(new URL(moved).pathname);
    expect(await fact(theirs, 'Days')).toBe('1.5');

    await page.goto(moved);
    await follow(page, 'Undo this move');
    await page.getByText(`1.5 days of ${CATEGORY} from BRENT to the reserve`).waitFor();
    expect(await page.getByLabel('Why are they moved?').inputValue()).toMatch(/^Undoes the move of /);
    await press(page, 'Move these days');
    expect(await notice(page)).toContain('from BRENT to the reserve');
    expect(await reserved()).toBe(before);
  },
};
