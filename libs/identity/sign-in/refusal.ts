/** Not let in. `retryAfterSeconds` is 0 unless it is locked. */
export interface Refusal<Code extends string> {
  state: 'refused';
  code: Code | 'locked';
  retryAfterSeconds: number;
}

export const refusal = <Code extends string>(code: Code | 'locked', retryAfterSeconds = 0): Refusal<Code> => ({
  state: 'refused',
  code,
  retryAfterSeconds,
});
