import {
  DETAILS,
  isOfNoField,
  type FormProblem,
  type FormView,
  type Task,
  type TaskStatus,
  type WrittenForm,
} from '#claims';
import { isEditable } from '#claims/domain';
import { dateTime, fieldId, plural } from '../page/index.js';

/** Where a form's pages are. */
export const formAddress = (id: string, ...rest: string[]): string => ['/claim-forms', id, ...rest].join('/');
export const pageAddress = (id: string, page: string): string =>
  page === DETAILS ? formAddress(id, 'details') : formAddress(id, 'invoices', page);

/** Where the claim is once it is no longer its authority's to edit: its form is closed then. */
export const submittedAddress = ({ claimId, claimState }: WrittenForm): string | null =>
  claimState === null || isEditable(claimState) ? null : `/claims/${claimId}`;

/** Lines shown at once: a page of two hundred would be too long to send and to read. */
export const LINES_AT_ONCE = 10;

interface StatusTag {
  text: string;
  /** A colour of GOV.UK's tags; none for what is done, as GOV.UK's task list has it. */
  classes: string | null;
}

const STATUS: Readonly<Record<TaskStatus, StatusTag>> = {
  not_started: { text: 'Not started', classes: 'govuk-tag--blue' },
  incomplete: { text: 'Incomplete', classes: 'govuk-tag--light-blue' },
  to_correct: { text: 'To correct', classes: 'govuk-tag--red' },
  optional: { text: 'Optional', classes: 'govuk-tag--grey' },
  done: { text: 'Completed', classes: null },
};

type ReturnNote = NonNullable<FormView['returned']>['notes'][number];

interface TaskRow {
  title: string;
  href: string | null;
  hint: string | null;
  status: StatusTag;
}

/** One task as the list shows it: what is missing or wrong is counted in its hint. */
function taskRow(form: FormView, task: Task): TaskRow {
  const left = [
    task.missing > 0 ? `${plural(task.missing, 'answer')} missing` : '',
    task.wrong > 0 ? `${plural(task.wrong, 'answer')} to correct` : '',
  ].filter(Boolean);
  return {
    title: task.title,
    href: pageAddress(form.id, task.page),
    hint: task.status === 'not_started' ? null : left.join(', ') || null,
    status: STATUS[task.status],
  };
}

/** The task list: what is to do, in groups, and what is left altogether. */
export function taskList(form: FormView) {
  const [details, ...invoices] = form.tasks;
  const done = form.tasks.filter(({ status }) => status === 'done' || status === 'optional').length;
  return {
    id: form.id,
    saved: `Last saved ${dateTime(form.saved.at)}${form.saved.by.name ? ` by ${form.saved.by.name}` : ''}`,
    details: [taskRow(form, details!)],
    invoices: invoices.map((task) => taskRow(form, task)),
    left:
      form.invoices.length === 0
        ? 'Add the first trainer invoice to begin.'
        : form.complete
          ? 'Everything is filled in. Check your answers next.'
          : `You have completed ${done} of ${plural(form.tasks.length, 'part')}.`,
    returned: form.returned && { ...form.returned, notes: form.returned.notes.map((note) => returnedLine(form, note)) },
    evidence: {
      title: 'Evidence: invoices and proof of payment',
      href: form.claimId !== null || form.complete ? formAddress(form.id, 'evidence') : null,
      hint: form.claimId !== null || form.complete ? null : 'You can add files once the parts above are completed.',
      status: form.claimId !== null || form.complete ? STATUS.optional : { text: 'Cannot start yet', classes: null },
    },
    removed: form.removed,
    general: form.problems.filter(isOfNoField).map(({ message }) => message),
    complete: form.complete,
    totalPence: form.working.totals.totalPence,
  };
}

/** What the return said of one line, with the page where that is corrected. */
function returnedLine(form: FormView, { page, line, description, reason }: ReturnNote) {
  if (page === null) return { description, reason, href: null };
  if (line === null) return { description, reason, href: pageAddress(form.id, page) };
  const path = `lines.${line}`;
  return { description, reason, href: hrefOf(form, page, path, lineNumber(form, page, path)) };
}

/** A problem as an error summary tells it, with the line it is on and the page where it is mended. */
export interface PlacedError {
  path: string;
  code: string;
  message: string;
  href: string;
}

/** Problems of a form for a summary on any of its pages: each leads to its field. */
export function placedErrors(form: WrittenForm, problems: readonly FormProblem[]): PlacedError[] {
  return problems.map(({ page, path, code, message }) => {
    const line = lineNumber(form, page, path);
    return {
      path,
      code,
      message: line === null ? message : `Line ${line}: ${message}`,
      href: hrefOf(form, page, path, line),
    };
  });
}

function lineNumber(form: WrittenForm, page: string, path: string): number | null {
  const key = /^lines\.([^.]+)/.exec(path)?.[1];
  const lines = form.invoices.find((invoice) => invoice.key === page)?.content.lines ?? [];
  const at = lines.findIndex((line) => line.key === key);
  return at < 0 ? null : at + 1;
}

function hrefOf(form: WrittenForm, page: string, path: string, line: number | null): string {
  const part = line === null ? 1 : Math.ceil(line / LINES_AT_ONCE);
  return `${pageAddress(form.id, page)}${part > 1 ? `?part=${part}` : ''}#${fieldId(path)}`;
}
