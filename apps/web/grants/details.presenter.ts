import { type GrantView } from '#grants';
import { Form, type fieldId } from '../page/index.js';

/** Fields of the form by the paths of the use case's input. */
export const DETAIL_FIELDS: Readonly<Record<string, string>> = {
  receipt: 'amount',
  'receipt.amountPence': 'amount',
  'receipt.receivedOn': 'receivedOn',
  'receipt.reason': 'reason',
};

/** A row more than there are, for the next holder; the use case takes twenty. */
const MOST_HOLDERS = 20;

/** Parts of a date field, as the form has them. */
function dateParts(name: string, value: string | null | undefined): Record<string, string> {
  const [year = '', month = '', day = ''] = (value ?? '').split('-');
  return { [`${name}-day`]: day.replace(/^0/, ''), [`${name}-month`]: month.replace(/^0/, ''), [`${name}-year`]: year };
}

/** Pence as a person types pounds. */
export const typedPounds = (pence: number | null | undefined): string =>
  pence == null ? '' : (pence / 100).toFixed(2);

/** What stands in the form before anything is typed. */
export function detailValues(grant: GrantView): Record<string, string> {
  const { receipt, holders } = grant;
  return {
    post: grant.post ?? '',
    amount: typedPounds(receipt?.amountPence),
    ...dateParts('receivedOn', receipt?.receivedOn),
    reason: receipt?.reason ?? '',
    // What was never chosen stays so: the terms apply, also when they change.
    underspend: grant.underspendChosen ?? '',
    ...Object.assign(
      {},
      ...holders.map(({ startsOn, endsOn }, at) => ({
        ...dateParts(`holders-${at}-startsOn`, startsOn),
        ...dateParts(`holders-${at}-endsOn`, endsOn),
      })),
    ),
  };
}

/** How many rows of holders the form shows: those with anything in them, and one more. */
export function holderRows(values: Readonly<Record<string, unknown>>): number[] {
  let last = -1;
  for (const [name, value] of Object.entries(values)) {
    const at = /^holders-(\d{1,2})-/.exec(name)?.[1];
    if (at !== undefined && value !== '') last = Math.max(last, Number(at));
  }
  return Array.from({ length: Math.min(MOST_HOLDERS, last + 2) }, (_, at) => at);
}

/** The use case's input as it was typed. A row of holders left empty is none; its path then stands for another row. */
export function detailsBody(form: Form): { body: object; rows: number[] } {
  const post = form.text('post') ?? null;
  const amountPence = form.pence('amount');
  const receivedOn = form.date('receivedOn');
  const received = amountPence !== undefined || receivedOn !== undefined;
  const rows: number[] = [];
  const holders: object[] = [];
  for (let at = 0; at < MOST_HOLDERS; at++) {
    const [startsOn, endsOn] = [form.date(`holders-${at}-startsOn`), form.date(`holders-${at}-endsOn`)];
    if (startsOn === undefined && endsOn === undefined) continue;
    rows.push(at);
    holders.push({ ...(startsOn ? { startsOn } : {}), endsOn: endsOn ?? null });
  }
  const receipt = received ? { ...given({ amountPence, receivedOn }), reason: form.text('reason') ?? null } : null;
  const underspend = form.text('underspend') ?? null;
  return { body: { post, receipt, holders, underspend }, rows };
}

const given = (fields: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** The path of a problem as the form's own: holders are counted by the rows of the form. */
export function detailPath(path: string, rows: readonly number[]): string {
  const [, at, field] = /^holders\[(\d+)\]\.(\w+)$/.exec(path) ?? [];
  if (at === undefined || field === undefined) return DETAIL_FIELDS[path] ?? path;
  return `holders-${rows[Number(at)] ?? at}-${field}` satisfies ReturnType<typeof fieldId>;
}
