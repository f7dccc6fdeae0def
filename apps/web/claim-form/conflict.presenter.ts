import {
  compareDetails,
  compareInvoices,
  DETAILS,
  DETAILS_FIELDS,
  INVOICE_FIELDS,
  LINE_FIELDS,
  type DetailsContent,
  type Difference,
  type FormView,
  type InvoiceContent,
  type PageConflict,
} from '#claims';
import { dateTime, type Form } from '../page/index.js';
import { formAddress, pageAddress } from './task-list.presenter.js';
import { FIELD_NAMES } from './words.js';

interface Choice {
  path: string;
  label: string;
  theirs: string;
  yours: string;
}

/** Two versions of one page beside each other, to choose from field by field; what both say alike is not asked. */
export interface ConflictView extends Record<string, unknown> {
  action: string;
  back: string;
  /** The version of the page that was seen when choosing. */
  version: number;
  who: string;
  heading: string;
  /** What the other version is called. */
  other: string;
  when: string;
  choices: Choice[];
  /** What was typed, kept in the page until it is chosen. */
  kept: { name: string; value: string }[];
}

export const detailsConflict = (form: FormView, conflict: PageConflict, me: string): ConflictView => {
  const [theirs, yours] = [conflict.theirs.content, conflict.yours] as [DetailsContent, DetailsContent];
  return conflictView(form, conflict, {
    me,
    differences: compareDetails(theirs, yours),
    kept: DETAILS_FIELDS.map((field) => ({ name: field, value: yours[field] })),
  });
};

export const invoiceConflict = (form: FormView, conflict: PageConflict, me: string): ConflictView => {
  const [theirs, yours] = [conflict.theirs.content, conflict.yours] as [InvoiceContent, InvoiceContent];
  const differences = compareInvoices(theirs, yours);
  const asked = new Set(differences.map(({ path }) => path.split('.').slice(0, 2).join('.')));
  const lines = yours.lines.filter(({ key }) => asked.has(`lines.${key}`));
  return conflictView(form, conflict, {
    me,
    differences,
    kept: [
      ...INVOICE_FIELDS.map((field) => ({ name: field, value: yours[field] })),
      ...lines.flatMap((line) => [
        { name: `lines.${line.key}.kind`, value: line.kind },
        ...LINE_FIELDS.map((field) => ({ name: `lines.${line.key}.${field}`, value: line[field] })),
      ]),
    ],
  });
};

function conflictView(
  form: FormView,
  conflict: PageConflict,
  {
    differences,
    kept,
    me,
  }: { differences: readonly Difference[]; kept: { name: string; value: string }[]; me: string },
): ConflictView {
  const { page, theirs } = conflict;
  const own = theirs.updatedBy === me;
  const name = theirs.updatedByName ?? 'Somebody else';
  return {
    action:
      page === DETAILS ? formAddress(form.id, 'details', 'choose') : formAddress(form.id, 'invoices', page, 'choose'),
    back: pageAddress(form.id, page),
    version: theirs.version,
    who: own ? 'You' : name,
    heading: own
      ? 'You saved this page in another window while you were writing here'
      : `${name} saved this page while you were writing`,
    other: own ? 'In the other window' : name,
    when: dateTime(theirs.updatedAt),
    choices: differences.map(choice),
    kept,
  };
}

function choice({ path, line, theirs, yours }: Difference): Choice {
  const field = path.split('.').at(-1)!;
  const name = theirs === null || yours === null ? 'the whole line' : (FIELD_NAMES[field] ?? field);
  const say = (text: string | null) => (text === null ? 'Removed' : text.trim() === '' ? 'Left blank' : text);
  return { path, label: line === null ? name : `Line ${line}: ${name}`, theirs: say(theirs), yours: say(yours) };
}

/** The names of the fields for which the person chose their own version. */
export function chosen(form: Form): ReadonlySet<string> {
  const own = Object.keys(form.values).filter((name) => name.startsWith('choose.') && form.typed(name) === 'yours');
  return new Set(own.map((name) => name.slice('choose.'.length)));
}

/** Whether a field, or the line it is on, was chosen. */
export const isChosen = (own: ReadonlySet<string>, name: string): boolean =>
  own.has(name) || own.has(name.split('.').slice(0, 2).join('.'));
