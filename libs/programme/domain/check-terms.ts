import { parseDays, type Problem } from '#kernel';
import type { Category, Period, ProgrammeTerms } from './terms.js';

/** What must hold between the fields of terms whose form is right. An empty list means they can be used. */
export function checkTerms(terms: ProgrammeTerms): Problem[] {
  const problems: Problem[] = [];
  const note = (path: string, message: string) => problems.push({ path, code: 'terms_invalid', message });

  checkPeriods('vatRates', terms.vatRates, (rate) => String(parseDays(rate.percent)), note);
  checkPeriods('dayRates', terms.dayRates, (rate) => rate.code, note);
  for (const [list, name] of [
    [terms.vatRates, 'vatRates'],
    [terms.dayRates, 'dayRates'],
    [terms.categories, 'categories'],
  ] as const) {
    if (list.length === 0) note(name, 'needs at least one entry');
  }
  terms.vatRates.forEach((rate, at) => {
    if (parseDays(rate.percent) > 100_000) note(`vatRates[${at}].percent`, 'is above 100');
  });
  terms.dayRates.forEach((rate, at) => {
    if (parseDays(rate.fundedDaysPerTrainerDay) === 0)
      note(`dayRates[${at}].fundedDaysPerTrainerDay`, 'must be above 0');
  });

  const { withinDays, warningDays = [] } = terms.payment;
  warningDays.forEach((days, at) => {
    if (days >= withinDays) note(`payment.warningDays[${at}]`, 'is no warning: the time is up by then');
    if (days <= (warningDays[at - 1] ?? 0)) note(`payment.warningDays[${at}]`, 'does not come after the one before it');
  });

  const codes = terms.categories.map((category) => category.code);
  terms.categories.forEach((category, at) => {
    if (codes.indexOf(category.code) !== at) note(`categories[${at}].code`, `${category.code} is there twice`);
    checkCategory(terms, category, `categories[${at}]`, note);
  });
  if (terms.categories.filter((category) => category.kind === 'at_cost').length > 1) {
    note('categories', 'has more than one category at cost: a travel line would not say which it is');
  }
  for (const [code, allocation] of Object.entries(terms.allocations)) {
    if (allocation.kind === 'pool' && parseDays(allocation.reserveDays) > parseDays(allocation.maximumDays)) {
      note(`allocations.${code}.reserveDays`, 'is more than maximumDays');
    }
  }
  const { deliveredAfter, deliveredBy } = terms.eligibility;
  if (deliveredBy !== null && deliveredBy <= deliveredAfter) {
    note('eligibility.deliveredBy', 'is not after deliveredAfter: nothing could be claimed');
  }
  return problems;
}

type Note = (path: string, message: string) => void;

function checkCategory(terms: ProgrammeTerms, category: Category, path: string, note: Note): void {
  if (category.share.numerator > category.share.denominator) note(`${path}.share`, 'is more than the whole');
  if (category.kind === 'at_cost') return;
  if (category.rates.length === 0) note(`${path}.rates`, 'needs at least one rate');
  category.rates.forEach((code, at) => {
    if (!terms.dayRates.some((rate) => rate.code === code)) note(`${path}.rates[${at}]`, `${code} is not in dayRates`);
  });
  if (!Object.hasOwn(terms.allocations, category.allocation)) {
    note(`${path}.allocation`, `${category.allocation} is not in allocations`);
  }
}

function checkPeriods<T extends Period>(
  name: string,
  list: readonly T[],
  keyOf: (item: T) => string,
  note: Note,
): void {
  list.forEach((item, at) => {
    if (item.from !== null && item.to !== null && item.to < item.from) note(`${name}[${at}].to`, 'is before from');
    const clash = list.findIndex((other, i) => i < at && keyOf(other) === keyOf(item) && overlap(other, item));
    if (clash >= 0) note(`${name}[${at}]`, `overlaps ${name}[${clash}]: a date must have one answer`);
  });
}

const overlap = (a: Period, b: Period): boolean =>
  (a.from === null || b.to === null || a.from <= b.to) && (b.from === null || a.to === null || b.from <= a.to);
