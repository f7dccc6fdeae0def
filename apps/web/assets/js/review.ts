// Everything works without this: figures come with "Update the figures", and every field is there to be filled.

const form = document.querySelector<HTMLFormElement>('form[data-lines]');

const textsIn = (of: HTMLElement): HTMLInputElement[] => [...of.querySelectorAll<HTMLInputElement>('input')];

/**
 * More is asked of a line where what was chosen of it needs more: a reason, figures. What is hidden from a reviewer is not sent either
 * (`data-typed`): nobody could see why it is refused. What the page came with, or was typed before this ran, stays in sight.
 */
function showOpened(line: HTMLElement, keepsTyped = false): void {
  const opened = line.querySelector<HTMLElement>('[data-opened]');
  if (!opened) return;
  const asked = line.querySelector('input[data-opens]:checked') !== null;
  const typed = 'typed' in opened.dataset;
  const open = asked || (keepsTyped && typed && textsIn(opened).some(({ value }) => value.trim() !== ''));
  opened.hidden = !open;
  if (typed) for (const text of textsIn(opened)) text.disabled = !open;
}

const linesOf = (within: HTMLFormElement): HTMLElement[] => [...within.querySelectorAll<HTMLElement>('.app-line')];

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
  for (const allow of within.querySelectorAll<HTMLInputElement>('input[value="allow"]')) {
    if (allow.checked) continue;
    allow.checked = true;
    const line = allow.closest<HTMLElement>('.app-line');
    if (line) showOpened(line);
  }
  // What was decided of lines on another part of the page, with its reason; a reason without a decision is still to be looked at.
  for (const other of within.querySelectorAll<HTMLInputElement>('input[type="hidden"][name^="decision."]')) {
    within
      .querySelector(`input[type="hidden"][name="${CSS.escape(other.name.replace('decision.', 'reason.'))}"]`)
      ?.remove();
    other.remove();
  }
}

if (form) {
  for (const line of linesOf(form)) showOpened(line, true);
  form.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.type !== 'radio') return;
    const line = target.closest<HTMLElement>('.app-line');
    if (line) showOpened(line);
    void askTotals(form);
  });
  form.querySelector('[data-allow-all]')?.addEventListener('click', (event) => {
    event.preventDefault();
    allowAll(form);
    void askTotals(form);
  });
}
