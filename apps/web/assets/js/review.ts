// Everything works without this: figures come with "Update the figures", and every field is there to be filled.

const form = document.querySelector<HTMLFormElement>('form[data-lines]');

/** More is asked of a line where what was chosen of it needs more: a reason, figures. */
function showOpened(within: HTMLFormElement): void {
  for (const line of within.querySelectorAll<HTMLElement>('.app-line')) {
    const opened = line.querySelector<HTMLElement>('[data-opened]');
    if (opened) opened.hidden = !line.querySelector('input[data-opens]:checked');
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

if (form) {
  showOpened(form);
  form.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.type !== 'radio') return;
    showOpened(form);
    void askTotals(form);
  });
  form.querySelector('[data-allow-all]')?.addEventListener('click', (event) => {
    event.preventDefault();
    allowAll(form);
    showOpened(form);
    void askTotals(form);
  });
}
