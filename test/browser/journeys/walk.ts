import { afterAll, afterEach, beforeAll, it } from '@jest/globals';
import { describeBrowser } from '../../support/browser.js';
import { JourneyWorld, type Journey } from './world.js';

/** One service for these journeys, which follow each other with JavaScript on or off. */
export function walkAll(walks: readonly (readonly [journey: Journey, javaScript: boolean])[]): void {
  describeBrowser('the journeys of the people who use it', () => {
    let world: JourneyWorld;
    beforeAll(async () => {
      world = await JourneyWorld.open();
    });
    afterAll(() => world?.close());
    afterEach(() => world.leave());
    for (const [journey, javaScript] of walks) {
      it(`${journey.name}, JavaScript ${javaScript ? 'on' : 'off'}`, async () => {
        world.javaScriptEnabled = javaScript;
        try {
          await journey.walk(world);
        } catch (error) {
          process.stderr.write(`\n${journey.name} stopped at:\n\n${await world.whereabouts()}\n`);
          throw error;
        }
      });
    }
  });
}
