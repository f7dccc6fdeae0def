import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { actionOfForm } from '../support/form-access.js';
import { Trespass } from '../support/form-trespass.js';
import { MTM } from '../support/people.js';
import { WebVisitor } from '../support/web.js';
import { FormFuzzing } from './form-fuzz-support.js';

const SEED = 20_180_316;
/** Whose forms need a half-done sign-in, a conflict of two people, a file that was just read, or a step that this story has none of. */
const OF_OTHER_STATES =
  /^\/(sign-in\/(code|second-factor)|(reset|invitation)\/:token|carry-on\/forget|bank\/(load|reports)\/check|allocations\/move|payments\/new|account\/second-factor\/remove)$|\/(choose|working|totals|undo-discard|restore|refuse|unfund|close|match|undo|activate)$|^\/jobs\/document\//;

let fuzzing: FormFuzzing;
beforeAll(async () => {
  fuzzing = await FormFuzzing.start();
}, 400_000);
afterAll(() => fuzzing?.stop(), 60_000);

describe('forms of pages, filled in by somebody who means no good', () => {
  it('are found on the pages', () => {
    expect(fuzzing.forms.length).toBeGreaterThan(60);
    const unseen = fuzzing.notShown().filter((route) => !OF_OTHER_STATES.test(route));
    expect(unseen).toEqual([]);
  });

  it('are refused to everybody who may not send them, and to another authority, and nothing is done', async () => {
    const posted = fuzzing.forms.filter(({ method, email }) => method === 'POST' && email !== null);
    expect(posted.map(({ route }) => route).filter((route) => actionOfForm(route) === undefined)).toEqual([]);
    const trespass = await Trespass.start(fuzzing.service);
    const before = await trespass.deeds();
    expect(await trespass.tryAll(posted)).toEqual([]);
    expect(trespass.sent).toBeGreaterThan(posted.length * 4);
    expect(await trespass.deeds()).toBe(before);
  }, 240_000);

  it('are done, or refused on a page that keeps what was typed, and never a fault of the service', async () => {
    const found = await fuzzing.attackForms({ seed: SEED, numRuns: 6 });
    expect(found).toEqual([]);
    expect(fuzzing.fuzzer.shots).toBeGreaterThan(fuzzing.forms.length * 5);
    // Deep enough that some were done, and some refused by their fields and not only as forms.
    expect([...fuzzing.fuzzer.statuses.keys()]).toEqual(expect.arrayContaining([303, 400, 404]));
  }, 240_000);

  it('that no page has are answered likewise, whoever sends them, and so is every page at an odd address', async () => {
    const found = await fuzzing.attackInTheDark({ seed: SEED, numRuns: 2 });
    expect(found).toEqual([]);
  }, 240_000);

  it('leave the service and its prototypes as they were', async () => {
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const visitor = new WebVisitor(fuzzing.service.base);
    expect((await visitor.signIn(MTM.auditor)).status).toBe(200);
    for (const path of ['/', '/claims', '/search?q=zq9', '/audit', '/payments', '/funding/queue']) {
      const page = await visitor.open(path);
      expect([path, page.status, page.html.includes('<zq9')]).toEqual([path, 200, false]);
    }
  });
});
