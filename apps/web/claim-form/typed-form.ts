import { INVOICE_FIELDS, LINE_FIELDS, type InvoiceField, type LineField, type LineKind } from '#claims';
import { view, type Form, type View } from '../page/index.js';

/** What a trainer invoice's page sent: fields that it did not show are left out, and so stay as they are. */
export interface TypedInvoice extends Partial<Record<InvoiceField, string>> {
  version: number | undefined;
  lines: ({ key: string; kind?: LineKind } & Partial<Record<LineField, string>>)[];
  then?: { step: string; line?: string };
}

const LINE = /^lines\.(l\d{1,7})\.([A-Za-z]{1,20})$/;
const STEP = /^(add_training|add_travel|copy|remove|restore)(?::(l\d{1,7}))?$/;

/** Reads the fields of a trainer invoice's page; `take` says which names count. What to do with lines comes in `do`. */
export function typedInvoice(form: Form, take: (name: string) => boolean = () => true): TypedInvoice {
  const fields = INVOICE_FIELDS.filter((field) => form.values[field] !== undefined && take(field));
  const lines = new Map<string, TypedInvoice['lines'][number]>();
  for (const name of Object.keys(form.values)) {
    const [, key, field] = LINE.exec(name) ?? [];
    if (key === undefined || !take(name)) continue;
    const line = lines.get(key) ?? { key };
    lines.set(key, line);
    if (field === 'kind') line.kind = form.typed(name) === 'travel' ? 'travel' : 'training';
    else if (isLineField(field)) line[field] = form.typed(name);
  }
  const [, step, line] = STEP.exec(form.typed('do')) ?? [];
  const version = form.version();
  return {
    ...Object.fromEntries(fields.map((field) => [field, form.typed(field)])),
    version: typeof version === 'number' ? version : undefined,
    lines: [...lines.values()],
    ...(step === undefined ? {} : { then: { step, ...(line === undefined ? {} : { line }) } }),
  };
}

const isLineField = (field: string | undefined): field is LineField => LINE_FIELDS.includes(field as LineField);

/** The page's script saves what is typed when the page is left: it wants to hear whether it is saved, and no page. */
export const isScript = (accept: unknown): boolean => accept === 'text/plain';

/** The version that the page has now that it is saved. */
export const kept = (version: number): View => view('claim-form/kept.njk', { version });
