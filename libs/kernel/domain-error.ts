/** One thing wrong with an input, where it is and what to do. `path` is like `trainerInvoices[0].lines[1].vatPence`. */
export interface Problem {
  path: string;
  code: string;
  message: string;
}

/** What kind of refusal it is. HTTP maps each to one status, in one place; nothing else knows of HTTP. */
export type ErrorKind =
  | 'malformed' // 400
  | 'unauthenticated' // 401
  | 'forbidden' // 403
  | 'not_found' // 404
  | 'conflict' // 409
  | 'stale' // 412
  | 'too_large' // 413
  | 'unsupported_type' // 415
  | 'refused' // 422
  | 'precondition_required' // 428
  | 'too_many' // 429
  | 'unavailable'; // 503

/** A refusal a person can act on. `code` is stable and documented; `message` says what to do next. */
export class DomainError extends Error {
  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    message: string,
    readonly problems: readonly Problem[] = [],
  ) {
    super(message);
    this.name = 'DomainError';
  }
}

export const malformed = (problems: readonly Problem[], code = 'malformed') =>
  new DomainError(
    'malformed',
    code,
    'The request is not in the form this call takes. Correct the fields listed.',
    problems,
  );
export const notFound = (what: string) =>
  new DomainError('not_found', 'not_found', `There is no such ${what}, or it is not yours to see.`);
export const forbidden = (code: string, message: string) => new DomainError('forbidden', code, message);
export const conflict = (code: string, message: string) => new DomainError('conflict', code, message);
export const refused = (code: string, message: string, problems: readonly Problem[] = []) =>
  new DomainError('refused', code, message, problems);

/** A value that cannot exist (a fraction of a penny). A defect in the caller, not an answer for a user. */
export class InvalidValue extends Error {
  override name = 'InvalidValue';
}
