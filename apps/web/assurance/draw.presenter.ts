import { date, money, type Form } from '../page/index.js';

/** The fields of the form, as they go through its two pages. */
const FIELDS = [
  ...['programme', 'from-day', 'from-month', 'from-year', 'to-day', 'to-month', 'to-year'],
  ...['threshold', 'share', 'seed'],
] as const;

/** What `Form` calls the fields that the use case names otherwise. */
export const FIELD_OF = { thresholdPence: 'threshold', valuePercent: 'share' } as const;

/** What to do where something was left out, by the use case's names. */
export const MISSING = {
  from: 'Enter the first day.',
  to: 'Enter the last day.',
  thresholdPence: 'Enter the amount above which every claim is drawn.',
  programme: 'Enter the programme’s code, such as EIP2.',
} as const;

/** What was typed, as the use case takes it; what cannot be read is a problem of the form. */
export function drawInput(form: Form) {
  const given = {
    programme: form.text('programme')?.toUpperCase(),
    from: form.date('from'),
    to: form.date('to'),
    thresholdPence: form.pence('threshold'),
    valuePercent: form.integer('share'),
    seed: form.text('seed'),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<typeof given>;
}

export const typedDraw = (form: Form): Record<string, string> =>
  Object.fromEntries(FIELDS.map((name) => [name, form.typed(name)]));

export const hiddenDraw = (typed: Readonly<Record<string, string>>): { name: string; value: string }[] =>
  Object.entries(typed).flatMap(([name, value]) => (value === '' ? [] : [{ name, value }]));

interface Checked {
  from: string;
  to: string;
  thresholdPence: number;
  valuePercent?: number | undefined;
  seed?: string | undefined;
}

/** Of which claims it would be drawn and how, before anybody knows which they are (docs/assurance.md, The draw). */
export const drawPage = ({ from, to, thresholdPence, valuePercent = 10, seed }: Checked) => ({
  population: `Every claim that was approved from ${date(from)} to ${date(to)} and still is.`,
  steps: [
    `Every claim of which more than ${money(thresholdPence)} was approved.`,
    'One claim of each authority that has none in the sample yet.',
    `One claim after another, until the sample is worth at least ${valuePercent}% of all of them.`,
  ],
  seed:
    seed === undefined
      ? 'By lot, from a seed that the service makes up.'
      : `By lot, from the seed “${seed}”: with the same seed anybody draws the same claims again.`,
});
