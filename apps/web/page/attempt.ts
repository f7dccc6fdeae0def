import { setTimeout } from 'node:timers/promises';
import { DomainError, type ErrorKind, type Problem } from '#kernel';
import { commandContext, IdempotentReplay } from '#platform/database';

/** What a person can mend on the same page. The rest (not theirs, not there, not now) is a page of its own. */
const MENDABLE: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'malformed',
  'refused',
  'conflict',
  'stale',
  'too_large',
  'unsupported_type',
  'forbidden',
]);
// But a form of another session is not mended on its page: what of it was kept is told on one of its own (page.filter.ts).

export type Attempt<T> = { ok: true; value: T } | { ok: false; errors: readonly Problem[]; code: string };

/** A double click's second request waits for the first one's answer: so often, and so long each time. */
const WAITS = 40;
const WAIT_MS = 150;

/** What the API says to programs, as a page says it. */
const WORDS: Readonly<Record<string, string>> = {
  idempotency_key_reused:
    'You sent this form before, with something else in it. To send what is in it now, load the page again and fill it in anew.',
  idempotency_key_in_use:
    'You sent this form already, and it is still being worked on. Wait a little, then load the page again to see what came of it.',
};

/** Runs a use case; a refusal that the person can mend comes back as problems for the page's error summary. */
export async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  for (let waited = 0; ; waited++) {
    try {
      return { ok: true, value: await work() };
    } catch (error) {
      // Sent twice (a double click, a page loaded again): what was done the first time is the answer.
      if (error instanceof IdempotentReplay) return { ok: true, value: error.body as T };
      if (!(error instanceof DomainError) || !MENDABLE.has(error.kind) || error.code === 'form_expired') throw error;
      // The first of the two is still at it. A form with files has its command elsewhere (readUpload), and cannot be read again.
      if (error.code === 'idempotency_key_in_use' && waited < WAITS && commandContext.getStore()) {
        await setTimeout(WAIT_MS);
        continue;
      }
      const message = WORDS[error.code] ?? error.message;
      const problems = error.problems.length > 0 ? error.problems : [{ path: '', code: error.code, message }];
      return { ok: false, errors: problems, code: error.code };
    }
  }
}

/** The id of the form field of a path such as `trainerInvoices[0].lines[1].vatPence`; pages name their fields by it. */
export const fieldId = (path: string): string => path.replace(/[[\].]+/g, '-').replace(/-+$/, '');

const LEFT_OUT: ReadonlySet<string> = new Set(['required', 'blank', 'too_few']);

/** The same problems; where something was left out, what to do about it, by the path of its field: a rule knows no name of a field. */
export function namingWhatIsMissing(errors: readonly Problem[], words: Readonly<Record<string, string>>): Problem[] {
  return errors.map((error) => {
    const message = LEFT_OUT.has(error.code) ? words[error.path] : undefined;
    return message === undefined ? error : { ...error, message };
  });
}

/** The same problems under the names that the page's fields have; what has no field of its own keeps its path. */
export function errorsFor(errors: readonly Problem[], fields: Readonly<Record<string, string>>): Problem[] {
  return errors.map((error) => ({ ...error, path: fields[error.path] ?? error.path }));
}
