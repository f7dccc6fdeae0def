import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { COMMON_PASSWORDS } from './common-passwords.js';
import { normalPassword, PASSWORD_RULES, passwordProblems } from './password.js';

const codes = (password: string, email = 'priya.holloway@leics.example'): string[] =>
  passwordProblems(password, email).map(({ code }) => code);

describe('a password', () => {
  it.each([
    ['three words', 'teapot harbour nine'],
    ['twelve characters', 'xk4-lamp-Rod'],
    ['two hundred characters', 'The quick. '.repeat(18) + 'ab'],
    ['other letters', 'пароль из трёх слов'],
    ['a common word among others', 'my password is a teapot'],
    ['characters outside the BMP, counted as one each', '🐙🐘🐢🦊🐙🦊🐢🐘🦊🐢🐙🐘'],
  ])('may be %s', (_what, password) => expect(codes(password)).toEqual([]));

  it.each([
    ['eleven characters', 'xk4-lamp-Ro', 'too_short'],
    ['nothing', '', 'too_short'],
    ['six characters outside the BMP, of two units each', '🐙🐘🐢🦊🐙🦊', 'too_short'],
    ['more than two hundred characters', 'ab '.repeat(67), 'too_long'],
    ['on the list', 'correcthorsebatterystaple', 'password_common'],
    ['on the list in capitals', 'QWERTYuiopASDF', 'password_common'],
    ['a common word with numbers around', '2018Password!!!!', 'password_common'],
    ['one character again and again', 'zzzzzzzzzzzzz', 'password_common'],
    ['a few characters again and again', 'abc1abc1abc1', 'password_common'],
    ['full-width letters of one on the list', 'ｑｗｅｒｔｙ123456', 'password_common'],
    ['with the first part of the address', 'my-PRIYA.holloway-1', 'password_has_email'],
  ])('is not %s', (_what, password, code) => expect(codes(password)).toEqual([code]));

  it('may hold a part of an address that is in many words', () => {
    expect(codes('an island in the sea', 'an@leics.example')).toEqual([]);
  });

  it('is the same however its characters are composed', () => {
    expect(normalPassword('cafe\u0301 au lait!')).toBe(normalPassword('café au lait!'));
  });

  it('on the list is long enough to be chosen, and in lower case', () => {
    for (const common of COMMON_PASSWORDS) {
      expect(common.length).toBeGreaterThanOrEqual(PASSWORD_RULES.min);
      expect(common).toBe(common.toLowerCase());
    }
  });

  it('of any text at all has an answer that never repeats it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 3, maxLength: 250 }), (password) => {
        for (const { message } of passwordProblems(password, 'a.b@c.example')) expect(message).not.toContain(password);
      }),
    );
  });
});
