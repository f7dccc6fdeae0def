// Without this the page's own buttons save it: Save, Back, Remove. With it every other way to leave the page does too.

/** As much as a browser still sends of a page that goes away, in bytes: the Fetch standard has 64 KB for all at once. */
const MOST_WHEN_CLOSING = 60_000;

/** What no person types. */
const NOT_TYPED = ['_csrf', '_key', 'version'];

const fieldsOf = (form: HTMLFormElement): URLSearchParams =>
  new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));

function typedIn(form: HTMLFormElement): string {
  const fields = fieldsOf(form);
  for (const name of NOT_TYPED) fields.delete(name);
  return fields.toString();
}

/** What the page came with: what a browser has filled in again by itself is typed, and not saved. */
function asItCame(form: HTMLFormElement): string {
  const copy = form.cloneNode(true) as HTMLFormElement;
  copy.reset();
  return typedIn(copy);
}

/** What is typed on a page as the page was last saved, and its saving. */
class TypedPage {
  private saved: string;
  private underWay: Promise<boolean> | undefined;
  /** The form itself is on its way: nothing is left to save. */
  private sent = false;

  constructor(private readonly form: HTMLFormElement) {
    this.saved = asItCame(form);
  }

  get isChanged(): boolean {
    return !this.sent && typedIn(this.form) !== this.saved;
  }

  /** Saves the page, then goes on. What cannot be saved by itself, as somebody else has saved the page, is sent and the answer shown. */
  async goOn(go: () => void): Promise<void> {
    await this.underWay;
    if (!this.isChanged || (await this.save(false))) return go();
    this.sent = true;
    this.form.submit();
  }

  /** The page may go away at any moment: the browser sends this even then. */
  saveInPassing(): void {
    if (this.isChanged && !this.underWay) void this.save(true);
  }

  /** A button of the form itself. Not while the page is being saved: it would come with the version before. */
  send(event: SubmitEvent): void {
    if (this.underWay) {
      event.preventDefault();
      void this.underWay.then(() => this.form.requestSubmit(event.submitter));
    } else this.sent = true;
  }

  /** Shown again as it was left, out of the browser's memory. */
  backAgain(): void {
    this.sent = false;
  }

  private save(closing: boolean): Promise<boolean> {
    return (this.underWay ??= this.ask(closing).finally(() => (this.underWay = undefined)));
  }

  /** The save that the form's own buttons ask for, with the version that was seen: what somebody else has saved is never overwritten. */
  private async ask(closing: boolean): Promise<boolean> {
    const typed = typedIn(this.form);
    const body = fieldsOf(this.form);
    try {
      const answer = await fetch(this.form.action, {
        method: 'POST',
        body,
        headers: { accept: 'text/plain' },
        keepalive: closing && body.toString().length < MOST_WHEN_CLOSING,
      });
      const version = (await answer.text()).trim();
      if (!answer.ok || answer.redirected || !/^\d+$/.test(version)) return false;
      const seen = this.form.elements.namedItem('version');
      if (seen instanceof HTMLInputElement) seen.value = version;
      this.saved = typed;
      return true;
    } catch {
      // The network is away: the form's own way says so.
      return false;
    }
  }
}

/** A link that leaves this page in this window, for another page of ours. */
function leavesBy(event: MouseEvent): HTMLAnchorElement | null {
  const { target, defaultPrevented, button, metaKey, ctrlKey, shiftKey, altKey } = event;
  if (defaultPrevented || button !== 0 || metaKey || ctrlKey || shiftKey || altKey) return null;
  const link = target instanceof Element ? target.closest<HTMLAnchorElement>('a[href]') : null;
  if (!link || link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin) return null;
  const here = link.pathname === location.pathname && link.search === location.search && link.hash !== '';
  return here ? null : link;
}

/** Saves a page of a claim in preparation however it is left. */
export function keepWhenLeft(form: HTMLFormElement): void {
  const page = new TypedPage(form);
  form.addEventListener('submit', (event) => page.send(event));
  document.addEventListener('click', (event) => {
    const link = page.isChanged ? leavesBy(event) : null;
    if (!link) return;
    event.preventDefault();
    void page.goOn(() => location.assign(link.href));
  });
  // Another form of the page, such as "Sign out", after which nothing could be saved any more.
  document.addEventListener('submit', (event) => {
    const { target, submitter } = event;
    if (target === form || !(target instanceof HTMLFormElement) || !page.isChanged) return;
    event.preventDefault();
    void page.goOn(() => target.requestSubmit(submitter));
  });
  // Closed, loaded again, left by the browser's own buttons, or put aside for another window.
  const passing = (): void => page.saveInPassing();
  window.addEventListener('beforeunload', passing);
  window.addEventListener('pagehide', passing);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && passing());
  window.addEventListener('pageshow', () => page.backAgain());
}

/** What is typed here can be saved nowhere yet: the browser asks before it is left, unless by the form's own buttons and links. */
export function askBeforeLeft(form: HTMLFormElement): void {
  const before = form.dataset['ask'] === 'always' ? null : asItCame(form);
  let meant = false;
  form.addEventListener('submit', () => (meant = true));
  form.addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('a[href]')) meant = true;
  });
  window.addEventListener('beforeunload', (event) => {
    if (!meant && typedIn(form) !== before) event.preventDefault();
  });
}
