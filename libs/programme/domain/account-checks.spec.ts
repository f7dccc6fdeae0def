import { describe, expect, it } from '@jest/globals';
import { checkIbanAccount, checkUkAccount } from './account-checks.js';

/** The test cases of Vocalink's paper "Validating account numbers", version 8.50. */
const VALID =
  '089999 66374958,107999 88837491,202959 63748472,871427 46238510,872427 46238510,871427 09123496,871427 99123496,820000 73688637,827999 73988638,827101 28748352,134020 63849203,118765 64371389,200915 41011166,938611 07806039,938600 42368003,938063 55065200,772798 99345694,086090 06774744,309070 02355688,309070 12345668,309070 12345677,309070 99345694,074456 12345112,070116 34012583,074456 11104102,180002 00000190';
const INVALID =
  '938063 15764273,938063 15764264,938063 15763217,118765 64371388,203099 66831036,203099 58716970,089999 66374959,107999 88837493';
const pairs = (list: string): [string, string][] => list.split(',').map((pair) => pair.split(' ') as [string, string]);

const codeOf = (check: ReturnType<typeof checkUkAccount> | ReturnType<typeof checkIbanAccount>): string =>
  check.ok ? 'ok' : check.code;

describe('a UK account', () => {
  it.each(pairs(VALID))('%s %s can exist', (sortCode, number) => {
    expect(checkUkAccount(sortCode, number)).toEqual({ ok: true, account: { sortCode, accountNumber: number } });
  });

  it.each(pairs(INVALID))('%s %s cannot', (sortCode, number) => {
    expect(codeOf(checkUkAccount(sortCode, number))).toBe('account_check_failed');
  });

  it('of a sort code with two plain checks passes both', () => {
    // Sort code 040010: weights of MOD11 and of the double alternate check, no exception.
    const numbers = Array.from({ length: 2000 }, (_, index) => String(10000000 + index));
    const good = numbers.filter((number) => checkUkAccount('040010', number).ok);
    const mod11 = (number: string): boolean =>
      [0, 7, 6, 5, 4, 3, 2, 1].reduce((sum, weight, index) => sum + weight * Number(number[index]), 0) % 11 === 0;
    expect(good.length).toBeGreaterThan(5);
    expect(good.length).toBeLessThan(40);
    expect(good.every(mod11)).toBe(true);
  });

  it('of a sort code without weights passes', () => {
    expect(checkUkAccount('00-00-01', '1234 5678').ok).toBe(true);
  });

  it.each([
    ['20-00-0', '55779911', 'sort_code_invalid'],
    ['20000O', '55779911', 'sort_code_invalid'],
    ['200000', '5577991', 'account_number_invalid'],
    ['200000', '557799111', 'account_number_invalid'],
    ['200000', '-١٢٣٤٥٦٧٨', 'account_number_invalid'],
  ])('%s %s is refused as %s', (sortCode, number, code) => {
    expect(codeOf(checkUkAccount(sortCode, number))).toBe(code);
  });
});

describe('an IBAN with its BIC', () => {
  it.each([
    ['gb33 BUKB 2020 1555 5555 55', 'BUKBGB22XXX', 'ok'],
    ['GB33BUKB20201555555555', 'RBOSJESX', 'ok'],
    ['DE89370400440532013000', 'cobadeff', 'ok'],
    ['GB33BUKB20201555555556', 'BUKBGB22', 'iban_invalid'],
    ['XX33BUKB20201555555555', 'BUKBGB22', 'iban_invalid'],
    ['', 'BUKBGB22', 'iban_invalid'],
    ['GB33BUKB20201555555555', 'BUKB', 'bic_invalid'],
    ['GB33BUKB20201555555555', 'COBADEFF', 'iban_bic_mismatch'],
  ])('%s with %s is %s', (iban, bic, code) => {
    expect(codeOf(checkIbanAccount(iban, bic))).toBe(code);
  });

  it('comes back in one piece, in capitals', () => {
    expect(checkIbanAccount('gb33 bukb 2020 1555 5555 55', ' bukbgb22 ')).toEqual({
      ok: true,
      account: { iban: 'GB33BUKB20201555555555', bic: 'BUKBGB22' },
    });
  });
});
