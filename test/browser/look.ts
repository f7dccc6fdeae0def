import { faultsOf, personAt } from '../support/browser.js';
import { type Service } from '../support/service.js';

/** By the e-mail address of who looks at them: addresses, and behind ` > ` the buttons of the page to press with nothing filled in. */
export type Places = Readonly<Record<string, readonly string[]>>;

/** What is wrong with pages that one person looks at one after the other; `ids` stand for `:name` in their addresses. */
export async function faultsOfAll(
  { base }: Service,
  email: string,
  places: readonly string[],
  ids: Readonly<Record<string, string>>,
): Promise<string[]> {
  const { page, context } = await personAt(base, email);
  const faults: string[] = [];
  for (const place of places) {
    const [path = '', ...buttons] = place.split(' > ');
    await page.goto(
      path.replace(/:(\w+)/g, (_, name: string) => {
        if (ids[name] === undefined) throw new Error(`What stands for ${name} in ${path}?`);
        return ids[name];
      }),
    );
    for (const name of buttons) {
      await page.locator('main').getByRole('button', { name, exact: true }).click();
      await page.waitForLoadState();
    }
    faults.push(...(await faultsOf(page, `${email.replace('.example', '')} ${place}`)));
  }
  await context.close();
  return faults;
}
