import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { describeBrowser } from '../../support/browser.js';
import { JourneyWorld, type Journey } from './world.js';

/** How a journey is walked. */
export interface Walk {
  readonly journey: Journey;
  readonly javaScript: boolean;
  /** By keyboard alone; with a mouse otherwise. */
  readonly keyboard?: boolean;
}

/** One service for these journeys, which follow each other: none twice with JavaScript, or twice without it. */
export function walkAll(walks: readonly Walk[]): void {
  describeBrowser('the journeys of the people who use it', () => {
    let world: JourneyWorld;
    beforeAll(async () => {
      world = await JourneyWorld.open();
    });
    afterAll(() => world?.close());
    afterEach(() => world.leave());
    for (const { journey, javaScript, keyboard = false } of walks) {
      it(`${journey.name}, JavaScript ${javaScript ? 'on' : 'off'}${keyboard ? ', by keyboard' : ''}`, async () => {
        world.setOut({ javaScript, keyboard });
        try {
          await journey.walk(world);
        } catch (error) {
          process.stderr.write(`\n${journey.name} stopped at:\n\n${await world.whereabouts()}\n`);
          throw error;
        }
        expect(world.unseen()).toEqual([]);
      });
    }
  });
}
