import { randomUUID } from 'node:crypto';
import { tokenOf, type BrowserClient } from './browser-client.js';

/** Half a day of coaching; each claim is of an invoice that nobody has claimed. */
const rowsOf = (number: string): string =>
  [
    'Trainer\tInvoice number\tInvoice date\tVAT number\tPaid\tType\tCategory\tRate\tDescription\tBooked\tDelivered\tDays\tNet\tVAT rate\tVAT',
    `Bench Trainer Ltd\t${number}\t14/3/2018\tGB999999973\t28/3/2018\ttraining\ttargeted\tstandard\tSafety planning\t10/1/2018\t12/3/2018\t0.5\t500.00\t20\t100.00`,
  ].join('\n');

const versionOf = (html: string): string => /name="version" value="(\d+)"/.exec(html)?.[1] ?? '';

/**
 * Prepares and submits a claim as a person does: "what you need", the task list, rows pasted, answers checked, the confirmation.
 * `timed` is told the milliseconds of every page and form. Throws unless each leads on and the claim has its number.
 */
export async function submitByPages(person: BrowserClient, timed: (ms: number) => void): Promise<void> {
  const look = async (path: string): Promise<string> => {
    const { text, ms } = await person.page(path);
    timed(ms);
    return text;
  };
  const send = async (path: string, seen: string, fields: Record<string, string> = {}): Promise<string> => {
    const start = performance.now();
    const to = await person.post(path, { _csrf: tokenOf(seen), _key: randomUUID(), ...fields });
    timed(performance.now() - start);
    return to;
  };
  const form = await send('/claim-forms', await look('/claim-forms/new'));
  await send(`${form}/paste`, await look(`${form}/paste`), { rows: rowsOf(`BENCH-${randomUUID()}`) });
  const tasks = await look(form);
  const check = await send(`${form}/finish`, tasks, { version: versionOf(tasks) });
  const answers = await look(check);
  const done = await look(await send(`${form}/submit`, answers, { version: versionOf(answers) }));
  if (!/EIP2-[A-Z]+-\d+/.test(done)) throw new Error('the claim that was submitted has no number');
}
