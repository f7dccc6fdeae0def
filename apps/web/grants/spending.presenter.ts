import { type GrantEntryView, type GrantView } from '#grants';
import { type Form } from '../page/index.js';
import { typedPounds } from './details.presenter.js';

/** Quarters to choose from; those that have not begun have nothing spent in them yet. */
export function quarterChoices({ quarters }: Pick<GrantView, 'quarters'>, chosen: string | undefined, none: string) {
  return [
    { value: '', text: none, selected: !chosen },
    ...quarters
      .filter(({ state }) => state !== 'coming')
      .map(({ quarter, label }) => ({ value: quarter, text: label, selected: quarter === chosen })),
  ];
}

/** What stands in the form of an entry: what is to be corrected, or the quarter it was opened for. */
export function entryValues(replaced: GrantEntryView | null, quarter: string | undefined): Record<string, string> {
  if (replaced === null) return quarter === undefined ? {} : { quarter };
  const [year = '', month = '', day = ''] = (replaced.incurredOn ?? '').split('-');
  return {
    quarter: replaced.quarter,
    amount: typedPounds(replaced.amountPence),
    description: replaced.description,
    'incurredOn-day': day.replace(/^0/, ''),
    'incurredOn-month': month.replace(/^0/, ''),
    'incurredOn-year': year,
    supplier: replaced.supplier ?? '',
    supplierReference: replaced.supplierReference ?? '',
  };
}

/** The use case's input as it was typed; what is empty is left out, so that it is told as missing. */
export function entryBody(form: Form, replaces: string | null): object {
  const fields: Record<string, unknown> = {
    quarter: form.text('quarter'),
    amountPence: form.pence('amount'),
    description: form.text('description'),
    incurredOn: form.date('incurredOn'),
    supplier: form.text('supplier'),
    supplierReference: form.text('supplierReference'),
    ...(replaces === null ? {} : { replaces, reason: form.text('reason') }),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
