import {
  DETAILS,
  DETAILS_FIELDS,
  invoiceTitle,
  isBlankInvoice,
  type FormContent,
  type FormProblem,
} from './form-content.js';

/** How far a page is: nothing typed, something missing, something to correct, nothing left; a page may also be left blank. */
export type TaskStatus = 'not_started' | 'incomplete' | 'to_correct' | 'done' | 'optional';

export interface Task {
  readonly page: string;
  readonly title: string;
  readonly status: TaskStatus;
  /** Fields still missing. */
  readonly missing: number;
  /** Fields to correct. */
  readonly wrong: number;
}

/** What a problem of a field that is not filled in yet is called; every other is something to correct. */
const MISSING = new Set(['required', 'too_few']);

/**
 * What is left to do, a task for each page. `problems` are those of the fields and, where the calculation was asked, of the
 * programme's rules. The claim can be checked and submitted once every task is done and there is a trainer invoice.
 */
export function tasks(content: FormContent, problems: readonly FormProblem[]): Task[] {
  const counts = new Map<string, { missing: number; wrong: number }>();
  for (const problem of problems) {
    if (isOfNoField(problem)) continue;
    const { page, code } = problem;
    const count = counts.get(page) ?? { missing: 0, wrong: 0 };
    counts.set(page, count);
    if (MISSING.has(code)) count.missing += 1;
    else count.wrong += 1;
  }
  const of = (page: string) => counts.get(page) ?? { missing: 0, wrong: 0 };
  const { authorityReference, purchaseOrder } = content.details;
  const written = authorityReference.trim() !== '' || purchaseOrder.trim() !== '';
  return [
    {
      page: DETAILS,
      title: 'Your reference and purchase order',
      ...of(DETAILS),
      status: of(DETAILS).wrong > 0 ? 'to_correct' : written ? 'done' : 'optional',
    },
    ...content.invoices.map(({ key, content: invoice }, at) => ({
      page: key,
      title: invoiceTitle(invoice, at),
      ...of(key),
      status: isBlankInvoice(invoice) ? ('not_started' as const) : statusOf(of(key)),
    })),
  ];
}

/** What is wrong with the claim as a whole, such as a closed window for claims: no field of a page mends it. */
export const isOfNoField = ({ page, path }: FormProblem): boolean =>
  page === DETAILS && !DETAILS_FIELDS.some((field) => field === path);

function statusOf({ missing, wrong }: { missing: number; wrong: number }): TaskStatus {
  if (wrong > 0) return 'to_correct';
  return missing > 0 ? 'incomplete' : 'done';
}

/** Whether nothing is left but to check the answers. */
export const isComplete = (list: readonly Task[]): boolean =>
  list.length > 1 && list.every(({ status }) => status === 'done' || status === 'optional');
