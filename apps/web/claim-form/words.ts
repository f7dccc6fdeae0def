import type { FormChoices } from '#claims';
import { money } from '../page/index.js';

/** What the fields of the pages are called. */
export const FIELD_NAMES: Readonly<Record<string, string>> = {
  authorityReference: 'Your reference',
  purchaseOrder: 'Purchase order number',
  trainer: 'Trainer’s name',
  vatNumber: 'VAT registration number',
  country: 'Country',
  number: 'Invoice number',
  issuedOn: 'Invoice date',
  paidOn: 'Date you paid it',
  category: 'Kind of training',
  rate: 'Day rate',
  description: 'Description',
  bookedOn: 'Date booked',
  deliveredOn: 'Delivery days',
  trainerDays: 'Trainer-days',
  net: 'Net amount',
  vatRate: 'VAT rate',
  vat: 'VAT',
};

export interface Option {
  value: string;
  text: string;
  selected: boolean;
}

/** Options of a list, a blank one first; what was typed that the list does not have stays to be seen. */
export function options(list: readonly { value: string; text: string }[], typed: string): Option[] {
  const known = list.some(({ value }) => value === typed) || typed === '';
  const all = [
    { value: '', text: 'Choose' },
    ...list,
    ...(known ? [] : [{ value: typed, text: `${typed} (not in the list)` }]),
  ];
  return all.map((option) => ({ ...option, selected: option.value === typed }));
}

/** What the terms in force offer to choose from, as options. */
export const optionsOf = (choices: FormChoices) => ({
  category: choices.categories.map(({ code, label }) => ({ value: code, text: label })),
  rate: choices.rates.map(({ code, label, pencePerTrainerDay }) => ({
    value: code,
    text: `${label} (${money(pencePerTrainerDay)})`,
  })),
  vatRate: choices.vatRates.map((percent) => ({ value: percent, text: `${percent}%` })),
});
