import { isCalendarDate, longDate } from '#kernel';

/** One field of a list's filter, as templates give it to `components/filter.njk`. */
export interface FilterField {
  name: string;
  label: string;
  /** Its value, for fields that are typed into; hidden ones too. */
  value?: string | null;
  type?: string;
  /** What can be chosen, for fields that are chosen from. */
  items?: readonly { value: string; text: string; selected?: boolean }[];
  /** Sent along and not shown: which list it is, and not what of it. */
  hidden?: boolean;
  /** Sent along though no field shows it; see carriedFilters(). */
  carried?: boolean;
  /** What stands there while nobody chose anything; otherwise nothing. */
  usual?: string;
}

interface ChosenFilter {
  text: string;
  /** The same list without it. */
  href: string;
}

/** What a list is filtered by, each with the address that takes it away and leaves the others. */
export function chosenFilters(action: string, fields: readonly FilterField[]): ChosenFilter[] {
  return fields
    .filter((field) => !field.hidden && isChosen(field))
    .map((field) => ({
      text: `${field.label}: ${textOf(field)}`,
      href: addressOf(
        action,
        fields.filter((other) => other !== field),
      ),
    }));
}

const valueOf = (field: FilterField): string =>
  (field.items ? field.items.find(({ selected }) => selected)?.value : field.value) ?? '';

const isChosen = (field: FilterField): boolean => !['', field.usual].includes(valueOf(field));

function textOf(field: FilterField): string {
  const value = valueOf(field);
  if (field.items) return field.items.find((item) => item.value === value)?.text ?? value;
  return field.type === 'date' && isCalendarDate(value) ? longDate(value) : value;
}

/** Others are no filters of ours, and are refused by the list. */
const FILTER_NAME = /^[a-z][A-Za-z]{1,40}$/;

/** What the address asks for and no field stands for: kept along with the fields, and shown with them so that it can be taken away. */
export function carriedFilters(asked: Readonly<Record<string, string>>, fields: readonly FilterField[]): FilterField[] {
  const known = new Set(fields.map(({ name }) => name));
  return Object.entries(asked)
    .filter(([name]) => !known.has(name) && FILTER_NAME.test(name))
    .map(([name, value]) => ({
      name,
      label: sentence(name),
      value,
      carried: true,
      ...(isCalendarDate(value) && { type: 'date' }),
    }));
}

/** `dueBy` as Due by. */
const sentence = (name: string): string => {
  const text = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** `action` may have a query of its own. */
function addressOf(action: string, fields: readonly FilterField[]): string {
  const [path = '', own = ''] = action.split('?');
  const query = new URLSearchParams(own);
  for (const field of fields) if (isChosen(field)) query.set(field.name, valueOf(field));
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}
