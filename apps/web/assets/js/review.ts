import { Radios, createAll } from 'govuk-frontend';

// Everything works without this: figures come with "Update the figures", and every reason has its field.

const form = document.querySelector<HTMLFormElement>('form[data-totals]');

/** A reason is asked for where a line is disallowed. */
function showReasons(within: HTMLFormElement): void {
  for (const line of within.querySelectorAll<HTMLElement>('.app-line')) {
    const reason = line.querySelector<HTMLElement>('[data-reason]');
    if (reason) reason.hidden = !line.querySelector('input[value="disallow"]:checked');
  }
}

let asked: AbortController | undefined;

/** What the decisions come to is worked out by the server, by the rules that approve. */
async function askTotals(of: HTMLFormElement): Promise<void> {
  const target = document.getElementById('totals');
  const address = of.dataset['totals'];
  if (!target || !address) return;
  asked?.abort();
  asked = new AbortController();
  const body = new URLSearchParams([...new FormData(of)].map(([name, value]) => [name, String(value)]));
  try {
    const answer = await fetch(address, { method: 'POST', body, signal: asked.signal });
    if (!answer.ok || answer.redirected) return;
    const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
    target.replaceChildren(...next.body.childNodes);
  } catch {
    // Decided on, or the network is away: the next decision or the check shows the figures.
  }
}

function allowAll(within: HTMLFormElement): void {
  for (const allow of within.querySelectorAll<HTMLInputElement>('input[value="allow"]')) allow.checked = true;
  // What was decided of lines on another part of the page.
  for (const other of within.querySelectorAll('input[type="hidden"][name^="decision."]')) other.remove();
}

createAll(Radios);
if (form) {
  showReasons(form);
  form.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.type !== 'radio') return;
    showReasons(form);
    void askTotals(form);
  });
  form.querySelector('[data-allow-all]')?.addEventListener('click', (event) => {
    event.preventDefault();
    allowAll(form);
    showReasons(form);
    void askTotals(form);
  });
}
