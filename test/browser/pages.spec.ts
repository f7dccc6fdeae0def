import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Claims, finance, MTM, simpleBody } from '../integration/claims-support.js';
import {
  axeFindings,
  closeBrowser,
  personAt,
  scrollsSideways,
  WIDTHS,
  type BrowserPerson,
} from '../support/browser.js';
import { Service } from '../support/service.js';

const describeBrowser = process.env['TEST_CHROMIUM'] ? describe : describe.skip;
jest.setTimeout(120_000);

let service: Service;
let claimId: string;

beforeAll(async () => {
  service = await Service.start({ web: true });
  const claims = new Claims(service);
  claimId = (await claims.approved(simpleBody('BRENT'))).id;
  await claims.submitted(simpleBody('LINCS'));
});
afterAll(async () => {
  await closeBrowser();
  await service.stop();
});

/** Pages that each person can open from the navigation or by an address they were given. */
const LOOKED_AT: Readonly<Record<string, readonly string[]>> = {
  [finance('BRENT')]: ['/', '/claims', '/claims/:claim', '/claims/:claim/withdraw', '/nowhere'],
  [MTM.finance]: ['/', '/claims', '/claims/:claim'],
};

describeBrowser('every page', () => {
  for (const [email, paths] of Object.entries(LOOKED_AT)) {
    it(`is without barriers and without sideways scrolling for ${email}`, async () => {
      const findings: Record<string, string[]> = {};
      let person: BrowserPerson | undefined;
      for (const width of Object.values(WIDTHS)) {
        person = await personAt(service.base, email, { width });
        for (const path of paths) {
          await person.page.goto(path.replace(':claim', claimId));
          const wrong = await axeFindings(person.page);
          if (await scrollsSideways(person.page)) wrong.push('scrolls sideways');
          if (wrong.length > 0) findings[`${path} at ${width}`] = wrong;
        }
        await person.context.close();
      }
      expect(findings).toEqual({});
    });
  }
});
