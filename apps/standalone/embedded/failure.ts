/** Something a person can put right: `message` is one line saying what is wrong and what to do; shown without a stack. */
export class StartFailure extends Error {
  constructor(message: string) {
    super(message.replace(/\s*\n\s*/g, ' '));
    this.name = 'StartFailure';
  }
}

/** The system's error code (`EACCES`, `EADDRINUSE` …) of whatever was thrown, or an empty text. */
export function systemCode(error: unknown): string {
  // Not `instanceof Error`: the system's errors may come from another realm (Jest's), whose Error is not this one.
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
