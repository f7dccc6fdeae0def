import { type Problem } from '#kernel';
import { COMMON_PASSWORDS, COMMON_WORDS } from './common-passwords.js';

/** Characters of a password. Long ones without rules about their letters: NIST SP 800-63B, 3.1.1.2. */
export const PASSWORD_RULES = { min: 12, max: 200 } as const;

/** The shortest part of an e-mail address that a password may not hold: shorter ones are in many words. */
const SHORTEST_PART = 3;

/** As it is compared and hashed: the same characters however the keyboard composes them (NIST SP 800-63B, 3.1.1.2). */
export const normalPassword = (password: string): string => password.normalize('NFKC');

/**
 * What is wrong with a password somebody chooses, if anything: `too_short`, `too_long`, `password_common`,
 * `password_has_email`. `email` is the user's own address.
 */
export function passwordProblems(password: string, email: string): Problem[] {
  const problem = (code: string, message: string): Problem => ({ path: 'password', code, message });
  const normal = normalPassword(password);
  const length = [...normal].length;
  const { min, max } = PASSWORD_RULES;
  if (length < min)
    return [problem('too_short', `Use at least ${min} characters. Three words that do not belong together will do.`)];
  if (length > max) return [problem('too_long', `Use at most ${max} characters.`)];
  const folded = normal.toLowerCase();
  const problems: Problem[] = [];
  if (isCommon(folded))
    problems.push(problem('password_common', 'Too many people have this password. Choose another.'));
  const part = email.slice(0, email.lastIndexOf('@')).toLowerCase();
  if (part.length >= SHORTEST_PART && folded.includes(part)) {
    problems.push(problem('password_has_email', 'Leave the first part of your e-mail address out of the password.'));
  }
  return problems;
}

/** One of the list, a common word with numbers and signs around it, or a few characters again and again. */
function isCommon(folded: string): boolean {
  const word = folded.replace(/^\P{L}+|\P{L}+$/gu, '');
  return COMMON_PASSWORDS.has(folded) || COMMON_WORDS.has(word) || /^(.{1,8}?)\1+$/u.test(folded);
}
