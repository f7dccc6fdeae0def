import { setImmediate } from 'node:timers/promises';
import { DomainError, type Problem } from '#kernel';
import { importRejected, type ImportError } from '#platform/csv';
import type { ProgrammeTerms } from '#programme/domain';
import { readClaimBody } from '../claim-body.input.js';
import { assess, linePath, type ClaimBody } from '../domain/index.js';
import type { ImportedDraft, ParsedImport } from './parse-import.js';

/** Rows checked before other requests have their turn. */
const ROWS_AT_A_TIME = 250;

/** A draft that may be stored, and what it comes to. */
export interface CheckedDraft {
  body: ClaimBody;
  totalPence: number;
  aboveRatePence: number;
  rowCount: number;
}

export interface CheckContext {
  programme: string;
  authority: string;
  terms: ProgrammeTerms;
  /** London's date. */
  today: string;
  /** Told now and then how many rows have been checked. */
  progress?: ((rows: number) => void) | undefined;
}

/**
 * The drafts of an import, held to the limits every claim body has and calculated. A rule of the programme that one
 * breaks is no error: drafts are saved with their problems. Throws refused `import_rejected` with every error there is.
 */
export async function checkDrafts(parsed: ParsedImport, context: CheckContext): Promise<CheckedDraft[]> {
  const errors = [...parsed.errors];
  const checked: CheckedDraft[] = [];
  let rows = 0;
  let shown = 0;
  for (const draft of parsed.drafts) {
    const whole = { programme: context.programme, authority: context.authority, ...draft.body };
    const problems = problemsOf(() => checked.push(check(whole, draft.rowCount, context)));
    if (problems.length > 0) errors.push(...located(draft, [...problems, ...lineByLine(whole, context)]));
    rows += draft.rowCount;
    if (rows - shown < ROWS_AT_A_TIME) continue;
    shown = rows;
    context.progress?.(rows);
    await setImmediate();
  }
  if (errors.length > 0) throw importRejected(errors);
  return checked;
}

/** Days left, duplicates and letters a font lacks change no figure, so a draft's totals need none of them. */
function check(whole: object, rowCount: number, { terms, today }: CheckContext): CheckedDraft {
  const body = readClaimBody(whole);
  const facts = { today, daysLeft: {}, duplicateInvoices: [], unsupportedCharacter: () => null };
  const { totalPence, aboveRatePence } = assess(body, terms, facts).calculation;
  return { body, totalPence, aboveRatePence, rowCount };
}

/** The whole body's check names at most a hundred problems and stops at the first kind: each line is asked on its own. */
function lineByLine(body: ImportedDraft['body'], context: CheckContext): Problem[] {
  return body.trainerInvoices.flatMap((invoice, i) =>
    (invoice as { lines: object[] }).lines.flatMap((line, l) =>
      problemsOf(() => check({ ...body, trainerInvoices: [{ ...invoice, lines: [line] }] }, 1, context)).map(
        (problem) => ({
          ...problem,
          path: problem.path
            .replace(/^trainerInvoices\[0\]\.lines\[0\]/, linePath(i, l))
            .replace(/^trainerInvoices\[0\](?!\.lines)/, `trainerInvoices[${i}]`),
        }),
      ),
    ),
  );
}

function problemsOf(work: () => unknown): readonly Problem[] {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'malformed') return error.problems;
    throw error;
  }
}

/** The same fault found twice, or in a cell already reported, is told once. */
function located(draft: ImportedDraft, problems: readonly Problem[]): ImportError[] {
  const found = new Map<string, ImportError>();
  for (const { path, code, message } of problems) {
    const place = draft.locate(path);
    if (place) found.set(`${place.row} ${place.column} ${code}`, { ...place, code, message });
  }
  return [...found.values()];
}
