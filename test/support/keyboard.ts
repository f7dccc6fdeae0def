import { type Locator, type Page } from 'playwright-core';

/** So many presses of Tab lead nowhere: no page has as many places to stop at. */
const MOST_STOPS = 250;

/**
 * Runs in the page, also where its own scripts do not: what Tab should stop at, in which order, and whether the focus is seen (WCAG
 * 2.4.7) and not behind something (2.4.11). How everything looks without the focus is kept, to be compared with.
 */
const SCRIPT = String.raw`
const kept = (globalThis.__byKeyboard ??= { looks: new WeakMap(), order: [] });
const clear = (colour) => colour === 'transparent' || /^rgba\(.*, 0\)$/.test(colour);
const look = (style) => {
  const { outlineStyle, outlineWidth, outlineColor, outline, boxShadow, backgroundColor, borderColor, borderWidth } = style;
  const drawn = outlineStyle !== 'none' && parseFloat(outlineWidth) > 0 && !clear(outlineColor);
  return [drawn ? outline : '', boxShadow, backgroundColor, borderColor, borderWidth].join(' | ');
};
// The label draws what stands for a radio or a checkbox.
const looks = (el) => [getComputedStyle(el), ...[...(el.labels ?? [])].map((label) => getComputedStyle(label, '::before'))].map(look).join();
const nameOf = (el) =>
  (el.tagName.toLowerCase() + ' ' + (el.getAttribute('aria-label') ?? el.labels?.[0]?.textContent ?? (el.textContent || el.name || '')))
    .replace(/\s+/g, ' ').trim().slice(0, 80);
const focused = () => (document.activeElement === document.body ? null : document.activeElement);
/** Of radios of one name one is stopped at: the one that is chosen, or the first. */
const standsForGroup = (el) => {
  if (el.type !== 'radio') return true;
  const group = [...document.getElementsByName(el.name)].filter((one) => one.form === el.form && !one.disabled);
  return el === (group.find((one) => one.checked) ?? group[0]);
};
const takesFocus = 'a[href], button, input, select, textarea, summary, iframe, object, [tabindex], [contenteditable]';
const stops = () =>
  [...document.querySelectorAll(takesFocus)].filter(
    (el) =>
      el.tabIndex >= 0 && el.type !== 'hidden' && !el.matches(':disabled') && !el.closest('[inert]') &&
      el.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) && standsForGroup(el),
  );
const remember = () => {
  const order = stops();
  for (const el of order) if (el !== document.activeElement && !kept.looks.has(el)) kept.looks.set(el, looks(el));
  return order;
};
const boxes = (el) => [...el.getClientRects()].filter(({ width, height }) => width >= 1 && height >= 1);
const isOnTop = (el, { left, right, top, bottom }) => {
  const [x0, x1, y0, y1] = [Math.max(left, 0), Math.min(right, innerWidth), Math.max(top, 0), Math.min(bottom, innerHeight)];
  return [0.1, 0.5, 0.9].some((x) => [0.1, 0.5, 0.9].some((y) => {
    const hit = document.elementFromPoint(x0 + (x1 - x0) * x, y0 + (y1 - y0) * y);
    return hit !== null && (el.contains(hit) || [...(el.labels ?? [])].some((label) => label.contains(hit)));
  }));
};
const unseen = () => {
  const at = focused();
  if (at === null) return '';
  const all = boxes(at);
  if (all.length === 0) return nameOf(at) + ': has no size';
  const inside = all.filter(({ left, right, top, bottom }) => right > 0 && bottom > 0 && left < innerWidth && top < innerHeight);
  if (inside.length === 0) return nameOf(at) + ': is out of the window';
  if (!inside.some((box) => isOnTop(at, box))) return nameOf(at) + ': is behind something';
  // What is in a frame, or is a part of a field, as the calendar of a date, is the browser's to draw.
  return at.matches(':focus') && kept.looks.get(at) === looks(at) ? nameOf(at) + ': looks as it does without the focus' : '';
};
const begin = () => {
  kept.order = remember();
  const scrolls = ({ overflowX }) => overflowX === 'auto' || overflowX === 'scroll';
  const all = [...document.querySelectorAll('main *')];
  return {
    order: kept.order.map(nameOf),
    wrong: [
      ...kept.order.filter((el) => el.tabIndex > 0).map((el) => nameOf(el) + ': has a place of its own in the order'),
      ...[...document.querySelectorAll('.govuk-error-summary a')]
        .filter((el) => el.hash !== '' && el.pathname === location.pathname && !document.getElementById(el.hash.slice(1))?.matches(takesFocus))
        .map((el) => nameOf(el) + ': leads to nothing that takes the focus'),
      ...all.filter((el) => el.scrollWidth > el.clientWidth && el.tabIndex < 0 && scrolls(getComputedStyle(el)))
        .map((el) => nameOf(el) + ': scrolls, but not by keyboard'),
    ],
  };
};
const stop = () => {
  const at = focused();
  const wide = at?.classList.contains('app-scroll') === true && at.scrollWidth > at.clientWidth;
  return { index: at === null ? null : kept.order.indexOf(at), name: at === null ? '' : nameOf(at), unseen: unseen(), wide };
};
`;

const inPage = <T>(page: Page, expression: string): Promise<T> =>
  page.evaluate<T>(`(() => { ${SCRIPT} return ${expression}; })()`);

/** As much of an element as says where it stands. */
interface Placed {
  compareDocumentPosition(other: unknown): number;
  readonly ownerDocument: { readonly activeElement: unknown; readonly body: unknown };
}

/** Whether an element comes before the one that has the focus: Shift and Tab lead there. Runs in the page. */
const isBeforeFocus = (element: Placed): boolean => {
  const { activeElement, body } = element.ownerDocument;
  const following = 4; // Node.DOCUMENT_POSITION_FOLLOWING
  return activeElement !== body && (element.compareDocumentPosition(activeElement) & following) !== 0;
};

/** Somebody without a mouse: the focus goes by Tab only, and what they press goes to whatever has it. */
export class Keyboard {
  /** Where the focus was and nobody could see it, one line each. */
  readonly unseen = new Set<string>();

  /** Tab after Tab, or Shift and Tab, until the focus is there. */
  async to(target: Locator): Promise<void> {
    const page = target.page();
    const there = target.and(page.locator(':focus'));
    await target.first().waitFor();
    await inPage(page, 'remember().length');
    const key = (await target.first().evaluate(isBeforeFocus)) ? 'Shift+Tab' : 'Tab';
    for (let stop = 0; stop < MOST_STOPS; stop++) {
      const unseen = await inPage<string>(page, 'unseen()');
      if (unseen) this.unseen.add(`${new URL(page.url()).pathname.replace(/[\w-]{36,}/g, ':id')}, ${unseen}`);
      if ((await there.count()) > 0) return;
      await page.keyboard.press(key);
    }
    throw new Error(`The keyboard does not reach ${String(target)} on ${page.url()}`);
  }

  /** Presses a link or a button, and waits for the page that this leads to. */
  async press(target: Locator): Promise<void> {
    await this.to(target);
    const page = target.page();
    const isButton = (await target.and(page.locator('button')).count()) > 0;
    await page.locator(':focus').press(isButton ? 'Space' : 'Enter');
  }

  async type(target: Locator, text: string): Promise<void> {
    await this.to(target);
    const { keyboard } = target.page();
    await keyboard.press('ControlOrMeta+a');
    await (text === '' ? keyboard.press('Delete') : keyboard.type(text));
  }

  /** Chooses a radio or ticks a checkbox. */
  async check(target: Locator): Promise<void> {
    if (await target.isChecked()) return;
    const page = target.page();
    if ((await target.getAttribute('type')) === 'radio') await this.toRadio(target);
    else await this.to(target);
    if (!(await target.isChecked())) await page.keyboard.press('Space');
    if (!(await target.isChecked())) throw new Error(`The keyboard does not choose ${String(target)} on ${page.url()}`);
  }

  /** Of a group of radios Tab stops at one; arrows lead to the others, and choose them. */
  private async toRadio(target: Locator): Promise<void> {
    const page = target.page();
    const group = page.locator(`input[type="radio"][name="${await target.getAttribute('name')}"]`);
    await this.to(group);
    const there = target.and(page.locator(':focus'));
    for (let left = await group.count(); left > 0 && (await there.count()) === 0; left--) {
      await page.keyboard.press('ArrowDown');
    }
  }

  /** Chooses of a list by its arrows. */
  async choose(target: Locator, choice: string): Promise<void> {
    await this.to(target);
    const choices = (await target.locator('option').allTextContents()).map((text) => text.replace(/\s+/g, ' ').trim());
    const wanted = choices.indexOf(choice);
    const chosen = async () => choices.indexOf((await target.locator('option:checked').innerText()).trim());
    const way = wanted - (await chosen());
    for (let left = Math.abs(way); left > 0; left--) {
      await target.page().keyboard.press(way > 0 ? 'ArrowDown' : 'ArrowUp');
    }
    if (wanted < 0 || (await chosen()) !== wanted) {
      throw new Error(`The keyboard does not choose “${choice}” of ${choices.join(', ')}`);
    }
  }
}

interface Stop {
  /** Of what should be stopped at, in its order; -1 for anything else, null when nothing of the page has the focus. */
  readonly index: number | null;
  readonly name: string;
  readonly unseen: string;
  /** A region with a table wider than itself. */
  readonly wide: boolean;
}

/** How long the browser may take to scroll by an arrow, or to hand the focus to a frame, in ms. */
const IN_TIME = 5_000;

/** A frame has places of its own to stop at, as the bar of a PDF. */
const MOST_INSIDE_FRAMES = 60;

/** What the next press of Tab comes to. */
async function nextStop(page: Page, frames: boolean): Promise<Stop> {
  await page.keyboard.press('Tab');
  const at = await inPage<Stop>(page, 'stop()');
  if (at.index !== null || !frames) return at;
  // A frame of another process takes the focus in its own time.
  const taken = page.waitForFunction('document.activeElement !== document.body', undefined, { timeout: IN_TIME });
  await taken.catch(() => undefined);
  return inPage<Stop>(page, 'stop()');
}

/** Presses Tab until the focus is at the beginning of the page, for the browser's own bars, which come between, are not there. */
async function round(page: Page, order: readonly string[]): Promise<Stop[] | null> {
  const frames = order.some((name) => name.startsWith('iframe '));
  const stops: Stop[] = [];
  for (let press = 0; press < order.length + MOST_INSIDE_FRAMES; press++) {
    const stop = await nextStop(page, frames);
    if (stop.index !== null && (stop.index !== stops.at(-1)?.index || stop.index === -1)) stops.push(stop);
    if (stop.wide && !(await scrolls(page)))
      stops.push({ ...stop, unseen: `${stop.name}: does not scroll by its arrows` });
    if (stop.index === 0) return stops;
  }
  return null;
}

/** Waits until what was scrolled by an arrow has come where it goes: it would go on over where Tab leads next. */
async function standsStill(page: Page): Promise<void> {
  const place = () => page.evaluate<number>('document.activeElement.scrollLeft');
  for (let [before, now] = [-1, await place()]; before !== now; [before, now] = [now, await place()]) {
    await page.waitForTimeout(100);
  }
}

/** Whether the region that has the focus scrolls by an arrow, which does nothing while the page itself still scrolls to the region. */
async function scrolls(page: Page): Promise<boolean> {
  for (let press = 0; press < 5; press++) {
    await page.keyboard.press('ArrowRight');
    const scrolled = page.waitForFunction('document.activeElement.scrollLeft > 0', undefined, { timeout: IN_TIME / 5 });
    if (await scrolled.catch(() => null)) {
      await standsStill(page);
      return true;
    }
  }
  return false;
}

const framesMissed = (order: readonly string[], stops: readonly { index: number | null }[]): boolean =>
  order.some((name, index) => name.startsWith('iframe') && !stops.some((stop) => stop.index === index));

/**
 * What is wrong with the page as it stands for somebody who goes through it by Tab, one line each: everything that can be used is come by,
 * in the order in which it is read; the focus is seen wherever it is, and leaves at the end; wide tables scroll by arrows.
 */
export async function faultsByTab(page: Page): Promise<string[]> {
  const { order, wrong } = await inPage<{ order: string[]; wrong: string[] }>(page, 'begin()');
  // A page may have put the focus somewhere: the way to its beginning is by its end.
  if ((await round(page, order)) === null) return [...wrong, 'The focus does not come to the beginning of the page'];
  let stops = await round(page, order);
  // Tab passes over a frame that has nothing in it yet; it comes by it once its document is there.
  for (let again = 0; again < 5 && stops !== null && framesMissed(order, stops); again++) {
    await page.waitForTimeout(1_000);
    stops = await round(page, order);
  }
  if (stops === null) return [...wrong, 'The focus never leaves the page'];
  const unknown = stops.filter(({ index }) => index === -1).map(({ name }) => `${name}: is stopped at unexpectedly`);
  const reached = stops.map(({ index }) => index).filter((index) => index !== -1);
  const missed = order.filter((_, index) => !reached.includes(index)).map((name) => `${name}: is not reached`);
  // The last is the first again.
  const swapped = stops
    .slice(0, -1)
    .filter(({ index }, at) => index !== -1 && at > 0 && index! < stops[at - 1]!.index!);
  return [
    ...wrong,
    ...unknown,
    ...missed,
    ...swapped.map(({ name }) => `${name}: comes too late`),
    ...stops.map(({ unseen }) => unseen).filter(Boolean),
  ];
}

/** Whether Tab comes by the skip link first, and what it does is to come to the main part. Empty when so. */
export async function faultsOfSkipLink(page: Page): Promise<string[]> {
  await page.reload();
  await page.keyboard.press('Tab');
  const isAtSkipLink = `document.activeElement.matches('a.govuk-skip-link')`;
  if (!(await page.evaluate<boolean>(isAtSkipLink))) return ['Tab does not come by the skip link first'];
  await page.locator(':focus').press('Enter');
  await page.keyboard.press('Tab');
  const isInMain = `document.querySelector('main').contains(document.activeElement)`;
  return (await page.evaluate<boolean>(isInMain)) ? [] : ['The skip link does not lead to the main part'];
}

/** What is wrong with the summary of errors of the page as it came: the focus is there, and each link leads to its field. */
export async function faultsOfSummary(page: Page): Promise<string[]> {
  const summary = page.locator('.govuk-error-summary');
  await summary.waitFor();
  const faults: string[] = [];
  if ((await summary.and(page.locator(':focus')).count()) === 0)
    faults.push('The focus is not at the summary of errors');
  const keyboard = new Keyboard();
  const links = summary.getByRole('link');
  for (let index = 0; index < (await links.count()); index++) {
    const link = links.nth(index);
    await keyboard.press(link);
    const id = (await link.getAttribute('href'))!.replace(/^.*#/, '');
    const isThere = `document.getElementById(${JSON.stringify(id)})?.contains(document.activeElement) === true`;
    if (!(await page.evaluate<boolean>(isThere))) faults.push(`“${await link.innerText()}” does not lead to its field`);
  }
  return [...faults, ...keyboard.unseen];
}
