import { DomainError } from '#kernel';

/** The version a caller says it saw (from If-Match); `any` when it will change whichever is there; undefined when it said nothing. */
export type ExpectedVersion = number | 'any' | undefined;

/** Someone else's change came first. */
export const versionStale = (): DomainError =>
  new DomainError('stale', 'version_stale', 'This was changed since you read it. Read it again, then repeat.');

/** A step honours If-Match when it is sent. Throws stale `version_stale`. */
export function honourVersion(expected: ExpectedVersion, actual: number): void {
  if (expected === undefined || expected === 'any' || expected === actual) return;
  throw versionStale();
}

/** A replacement demands If-Match. Throws precondition_required `precondition_required`, or stale `version_stale`. */
export function requireVersion(expected: ExpectedVersion, actual: number): void {
  if (expected === undefined) {
    throw new DomainError(
      'precondition_required',
      'precondition_required',
      'Send If-Match with the ETag you read, so that nobody’s change is lost; * replaces whatever is there.',
    );
  }
  honourVersion(expected, actual);
}
