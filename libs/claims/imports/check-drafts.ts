import { DomainError, refused, type Problem } from '#kernel';
import { readClaimBody } from '../claim-body.input.js';
import type { ClaimBody } from '../domain/index.js';
import type { ImportedDraft, ParsedImport } from './parse-import.js';
import type { ImportError } from './read-table.js';

/** At most this many errors are listed in an answer; the rest are counted. */
const MOST_LISTED = 1_000;

/**
 * The claim bodies of an import, held to the limits every claim body has. Throws refused `import_rejected` with every
 * error there is, by row and column.
 */
export function checkDrafts(parsed: ParsedImport, programme: string, authority: string): ClaimBody[] {
  const errors = [...parsed.errors];
  const bodies: ClaimBody[] = [];
  for (const draft of parsed.drafts) {
    const whole = { programme, authority, ...draft.body };
    const problems = problemsOf(() => bodies.push(readClaimBody(whole)));
    if (problems.length > 0) errors.push(...located(draft, [...problems, ...lineByLine(whole)]));
  }
  if (errors.length > 0) throw importRejected(errors);
  return bodies;
}

type Whole = ImportedDraft['body'];

/** The whole body's check names at most a hundred problems and stops at the first kind: each line is asked on its own. */
function lineByLine(body: Whole): Problem[] {
  return body.trainerInvoices.flatMap((invoice, i) =>
    (invoice as { lines: object[] }).lines.flatMap((line, l) =>
      problemsOf(() => readClaimBody({ ...body, trainerInvoices: [{ ...invoice, lines: [line] }] })).map((problem) => ({
        ...problem,
        path: problem.path
          .replace(/^trainerInvoices\[0\]\.lines\[0\]/, `trainerInvoices[${i}].lines[${l}]`)
          .replace(/^trainerInvoices\[0\](?!\.lines)/, `trainerInvoices[${i}]`),
      })),
    ),
  );
}

function problemsOf(check: () => unknown): readonly Problem[] {
  try {
    check();
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

/** The refusal of a file: paths are like `row 12, net`, rows as the spreadsheet numbers them. */
export function importRejected(errors: readonly ImportError[]): DomainError {
  const sorted = [...errors].sort((a, b) => a.row - b.row);
  const more = sorted.length > MOST_LISTED ? ` The first ${MOST_LISTED.toLocaleString('en-GB')} are listed.` : '';
  const rows = new Set(errors.map(({ row }) => row)).size;
  const problems = sorted.slice(0, MOST_LISTED).map(({ row, column, code, message }) => ({
    path: column === '' ? `row ${row}` : `row ${row}, ${column}`,
    code,
    message,
  }));
  const count =
    sorted.length === 1
      ? 'one error'
      : `${sorted.length.toLocaleString('en-GB')} errors in ${rows} row${rows === 1 ? '' : 's'}`;
  return refused(
    'import_rejected',
    `Nothing was imported: the file has ${count}. Correct the file and send it again.${more}`,
    problems,
  );
}
