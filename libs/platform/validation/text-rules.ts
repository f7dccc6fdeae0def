/** What is wrong with one value: a stable code for programs, a sentence for people. It never repeats the value. */
export interface Fault {
  code: string;
  message: string;
}

export const fault = (code: string, message: string): Fault => ({ code, message });

/**
 * Characters that do not print: C0 with NUL, tab and line ends, C1, the line separators, and the marks that turn the
 * direction of the text around them (an invoice could be made to read differently from what is stored).
 */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
/** Zero-width spaces and the like: alone they would be a description nobody sees. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Length in characters as JSON Schema counts them (code points), counted no further than it must be. */
function longerThan(text: string, max: number): boolean {
  if (text.length <= max) return false;
  if (text.length > max * 2) return true;
  let characters = 0;
  for (const _ of text) if (++characters > max) return true;
  return false;
}

function shorterThan(text: string, min: number): boolean {
  if (text.length >= min * 2) return false;
  return [...text].length < min;
}

/** Text that can be stored, printed and sent as it is: a string, well formed, without control characters. */
export function textFault(value: unknown, min: number, max: number): Fault | null {
  if (typeof value !== 'string') return fault('not_text', 'Give text.');
  if (longerThan(value, max)) return fault('too_long', `Use at most ${max} characters.`);
  if (CONTROL.test(value))
    return fault('control_character', 'Remove line breaks, tabs and characters that do not print.');
  if (LONE_SURROGATE.test(value)) return fault('not_text', 'Remove the broken characters.');
  if (min > 0 && value.replace(INVISIBLE, '').trim() === '') return fault('blank', 'Write something here.');
  if (shorterThan(value, min)) return fault('too_short', `Use at least ${min} characters.`);
  return null;
}
