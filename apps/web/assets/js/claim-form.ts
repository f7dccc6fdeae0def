import { askBeforeLeft, keepWhenLeft } from './_claim-form-keep.js';

// Everything works without this: figures come with each save, and files go with the form.

/** How long somebody has to pause before the figures are asked for anew, in milliseconds. */
const PAUSE = 500;

/** Keeps "What it comes to" in step with what is typed. The server works it out, by the rules that judge the claim. */
function followTyping(form: HTMLFormElement): void {
  const target = document.getElementById('working');
  const address = form.dataset['working'];
  if (!target || !address) return;
  let timer: number | undefined;
  let asked: AbortController | undefined;
  const ask = async (): Promise<void> => {
    asked?.abort();
    asked = new AbortController();
    const fields = new FormData(form);
    fields.delete('_key');
    const body = new URLSearchParams([...fields].map(([name, value]) => [name, String(value)]));
    try {
      const answer = await fetch(address, { method: 'POST', body, signal: asked.signal });
      if (answer.ok && !answer.redirected) show(target, await answer.text());
    } catch {
      // Typed on, or the network is away: the next pause or the next save shows the figures.
    }
  };
  form.addEventListener('input', () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), PAUSE);
  });
}

/** Puts the new figures in the place of the old; an opened working stays open. */
function show(target: HTMLElement, html: string): void {
  const open = target.querySelector('details')?.open ?? false;
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  target.replaceChildren(...body.childNodes);
  const details = target.querySelector('details');
  if (details) details.open = open;
  // Read aloud in one sentence, not all of it with every pause.
  const said = document.getElementById('working-said');
  const total = target.querySelector('[data-total]')?.textContent?.trim() ?? '';
  if (said && said.textContent !== total) said.textContent = total;
}

/** Sends files with the progress shown, then shows the page that answers. */
function followUpload(form: HTMLFormElement): void {
  const status = form.querySelector<HTMLElement>('[data-progress]');
  const bar = form.querySelector('progress');
  const percent = form.querySelector<HTMLElement>('[data-percent]');
  if (!status || !bar || !percent) return;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const request = new XMLHttpRequest();
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      bar.value = total > 0 ? Math.floor((loaded / total) * 100) : 0;
      percent.textContent = `${bar.value}%`;
    });
    request.addEventListener('load', () => replacePage(request.responseText));
    // What the script could not send, the browser tries to by itself.
    request.addEventListener('error', () => form.submit());
    request.open('POST', form.action);
    request.send(new FormData(form));
    status.hidden = false;
  });
}

/** The main part of a page that came instead of this one, with its scripts' work done again and the focus where it belongs. */
function replacePage(html: string): void {
  const next = new DOMParser().parseFromString(html, 'text/html');
  const main = next.querySelector('main');
  if (!main) return window.location.reload();
  document.title = next.title;
  document.querySelector('main')?.replaceWith(main);
  begin();
  const told = main.querySelector<HTMLElement>('.govuk-error-summary, .govuk-notification-banner, h1');
  told?.setAttribute('tabindex', '-1');
  told?.focus();
  window.scrollTo(0, 0);
}

function begin(): void {
  document.querySelectorAll<HTMLFormElement>('form[data-working]').forEach(followTyping);
  document.querySelectorAll<HTMLFormElement>('form[data-keep]').forEach(keepWhenLeft);
  document.querySelectorAll<HTMLFormElement>('form[data-ask]').forEach(askBeforeLeft);
  document.querySelectorAll<HTMLFormElement>('form[data-upload]').forEach(followUpload);
}

begin();
