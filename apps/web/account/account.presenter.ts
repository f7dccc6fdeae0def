import { type Problem } from '#kernel';
import { plural } from '../page/index.js';

interface Refused {
  readonly code: string;
  readonly retryAfterSeconds: number;
}

/** Why the present password was not taken, or a code of the second factor; beside the field it was typed into. */
const refusal = ({ code, retryAfterSeconds }: Refused, path: string, wrong: string): Problem => {
  const minutes = plural(Math.max(1, Math.ceil(retryAfterSeconds / 60)), 'minute');
  return { path, code, message: code === 'locked' ? `Too many attempts. Try again in ${minutes}.` : wrong };
};

export const passwordRefusal = (refused: Refused): Problem =>
  refusal(refused, 'current', 'This is not your present password.');

export const factorRefusal = (refused: Refused, path: 'code' | 'currentCode' | 'removeCode'): Problem =>
  refusal(refused, path, 'This code is not right. Enter the six digits the app shows now; each code works once.');
