import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PartialType } from '@nestjs/swagger';
import { DomainError, type Problem } from '#kernel';
import {
  ArrayField,
  BicField,
  BooleanField,
  CodeField,
  CountryField,
  DateField,
  DaysField,
  EmailField,
  EnumField,
  InstantField,
  IntegerField,
  NestedField,
  PenceField,
  TextField,
  UuidField,
  kinds,
  validateInput,
  validateQuery,
} from './index.js';

class Trainer {
  @TextField({ max: 10 }) name: string;
  @TextField({ optional: true, nullable: true }) vatNumber?: string | null;
}

class Line {
  @EnumField(['training', 'travel']) kind: string;
  @PenceField({ min: 1, max: 10_000_000 }) netPence: number;
  @DaysField({ min: '0.001', max: '100', optional: true }) trainerDays?: string;
  @ArrayField(kinds.date(), { min: 1, max: 3, optional: true }) deliveredOn?: string[];
}

class Invoice {
  @NestedField(() => Trainer) trainer: Trainer;
  @DateField({ optional: true }) issuedOn?: string;
  @ArrayField(() => Line, { min: 1, max: 4 }) lines: Line[];
}

class Claim {
  @CodeField(/^[A-Z]{2,10}$/) authority: string;
  @ArrayField(() => Invoice, { min: 1, max: 2 }) trainerInvoices: Invoice[];
}

class Everything {
  @UuidField({ optional: true }) id?: string;
  @InstantField({ optional: true }) at?: string;
  @EmailField({ optional: true }) email?: string;
  @CountryField({ optional: true }) country?: string;
  @BicField({ optional: true }) bic?: string;
  @BooleanField({ optional: true }) open?: boolean;
  @IntegerField({ min: 1, max: 9, optional: true }) count?: number;
  @TextField({ optional: true, min: 0 }) note?: string;
}

class Changes extends PartialType(Trainer) {}

const claim = () => ({
  authority: 'BRENT',
  trainerInvoices: [
    {
      trainer: { name: 'A Trainer' },
      issuedOn: '2018-03-14',
      lines: [{ kind: 'training', netPence: 200000, trainerDays: '2', deliveredOn: ['2018-03-12', '2018-03-13'] }],
    },
  ],
});

function problemsOf(run: () => unknown): readonly Problem[] {
  try {
    run();
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'malformed') return error.problems;
    throw error;
  }
  return [];
}

const codes = (run: () => unknown) => problemsOf(run).map(({ path, code }) => `${path}: ${code}`);
const one = (body: unknown) => codes(() => validateInput(Everything, body));

describe('validateInput', () => {
  it('gives instances of the classes, at every level', () => {
    const valid = validateInput(Claim, claim());
    expect(valid).toBeInstanceOf(Claim);
    expect(valid.trainerInvoices[0]?.lines[0]).toBeInstanceOf(Line);
    expect(JSON.parse(JSON.stringify(valid))).toEqual(claim());
  });

  it('names every problem by its path and code', () => {
    const body = {
      trainerInvoices: [
        {
          trainer: { name: 'A name that is too long', shoe: 1 },
          issuedOn: '2018-02-30',
          lines: [
            { kind: 'lunch', netPence: '1', trainerDays: '0', deliveredOn: ['2018-03-12', 'tomorrow'] },
            { kind: 'travel', netPence: 0 },
            'a line',
          ],
        },
        [],
      ],
    };
    expect(codes(() => validateInput(Claim, body)).sort()).toEqual([
      'authority: required',
      'trainerInvoices[0].issuedOn: not_a_date',
      'trainerInvoices[0].lines[0].deliveredOn[1]: not_a_date',
      'trainerInvoices[0].lines[0].kind: not_one_of',
      'trainerInvoices[0].lines[0].netPence: not_pence',
      'trainerInvoices[0].lines[0].trainerDays: out_of_range',
      'trainerInvoices[0].lines[1].netPence: out_of_range',
      'trainerInvoices[0].lines[2]: not_an_object',
      'trainerInvoices[0].trainer.name: too_long',
      'trainerInvoices[0].trainer.shoe: unknown_field',
      'trainerInvoices[1]: not_an_object',
    ]);
  });

  it.each([
    [{ ...claim(), trainerInvoices: [] }, 'trainerInvoices: too_few'],
    [{ ...claim(), trainerInvoices: [1, 2, 3] }, 'trainerInvoices: too_many'],
    [{ ...claim(), trainerInvoices: { 0: claim().trainerInvoices[0], length: 1 } }, 'trainerInvoices: not_a_list'],
    [{ ...claim(), authority: null }, 'authority: required'],
    [{ ...claim(), authority: ['BRENT'] }, 'authority: not_text'],
    [{ ...claim(), authority: 'brent' }, 'authority: wrong_form'],
    [[], ': not_an_object'],
    ['text', ': not_an_object'],
    [Buffer.from('{}'), ': not_an_object'],
  ])('refuses case %#', (body, expected) => {
    expect(codes(() => validateInput(Claim, body))).toEqual([expected]);
  });

  it.each([
    [{ id: 'nonsense' }, 'id: not_uuid'],
    [{ at: '2018-03-14' }, 'at: not_an_instant'],
    [{ at: '2018-02-30T10:00:00Z' }, 'at: not_an_instant'],
    [{ email: 'finance' }, 'email: not_an_email'],
    [{ email: '"finance team"@brent.gov.uk' }, 'email: not_an_email'],
    [{ country: 'UK' }, 'country: country_unknown'],
    [{ country: 'ZZ' }, 'country: country_unknown'],
    [{ country: 'gb' }, 'country: wrong_form'],
    [{ country: 'GBR' }, 'country: wrong_form'],
    [{ bic: 'BARCUK22' }, 'bic: bic_invalid'],
    [{ bic: 'BARCGB2' }, 'bic: wrong_form'],
    [{ open: 'true' }, 'open: not_a_boolean'],
    [{ count: 1.5 }, 'count: not_an_integer'],
    [{ count: 1e300 }, 'count: not_an_integer'],
    [{ count: NaN }, 'count: not_an_integer'],
    [{ count: 10 }, 'count: out_of_range'],
    [{ count: null }, 'count: required'],
    [{ note: 'a\u0000b' }, 'note: control_character'],
    [{ note: 'a\nb' }, 'note: control_character'],
    [{ note: 'a\u202eb' }, 'note: control_character'],
    [{ note: '\ud800' }, 'note: not_text'],
    [{ note: 'x'.repeat(501) }, 'note: too_long'],
    [{ note: 'x'.repeat(2_000_000) }, 'note: too_long'],
  ])('refuses case %#', (body, expected) => {
    expect(one(body)).toEqual([expected]);
  });

  it('refuses blank text and counts characters, not code units', () => {
    expect(codes(() => validateInput(Trainer, { name: ' \u00a0 ' }))).toEqual(['name: blank']);
    expect(codes(() => validateInput(Trainer, { name: '\u200b\u2060' }))).toEqual(['name: blank']);
    expect(codes(() => validateInput(Trainer, { name: '😀'.repeat(10) }))).toEqual([]);
    expect(codes(() => validateInput(Trainer, { name: '😀'.repeat(11) }))).toEqual(['name: too_long']);
  });

  it('keeps text as typed, tells null from absent', () => {
    const valid = validateInput(Trainer, { name: ' A ', vatNumber: null });
    expect(valid.name).toBe(' A ');
    expect(valid.vatNumber).toBeNull();
    expect(validateInput(Changes, {}).name).toBeUndefined();
    expect(codes(() => validateInput(Changes, { name: 1 }))).toEqual(['name: not_text']);
  });

  it('is not fooled by the keys of prototypes', () => {
    const body: unknown = JSON.parse('{"__proto__": {"open": true}, "constructor": 1, "toString": 2}');
    expect(one(body)).toEqual(['__proto__: unknown_field', 'constructor: unknown_field', 'toString: unknown_field']);
    expect(({} as Record<string, unknown>)['open']).toBeUndefined();
    const inherited: unknown = Object.create({ authority: 'BRENT', trainerInvoices: [] });
    expect(codes(() => validateInput(Claim, inherited))).toContain('authority: required');
  });

  it('tells at most a hundred problems and never repeats the input', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`${'k'.repeat(500)}${i}`, 'secret']));
    const problems = problemsOf(() => validateInput(Everything, many));
    expect(problems).toHaveLength(100);
    expect(JSON.stringify(problems).length).toBeLessThan(20_000);
    expect(JSON.stringify(problemsOf(() => validateInput(Trainer, { name: 'secret'.repeat(9) })))).not.toContain(
      'secret',
    );
  });

  it('answers with an instance or DomainError malformed, whatever the body', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        problemsOf(() => validateInput(Claim, value));
        problemsOf(() => validateInput(Claim, { authority: value, trainerInvoices: [value, { lines: value }] }));
      }),
      { numRuns: 300 },
    );
  });
});

describe('validateQuery', () => {
  it('reads whole numbers and booleans from text, and refuses what it does not know', () => {
    expect(validateQuery(Everything, { count: '3', open: 'false', limit: '9' }, ['limit'])).toMatchObject({
      count: 3,
      open: false,
    });
    expect(codes(() => validateQuery(Everything, { count: '3e0', open: '1', other: 'x' })).sort()).toEqual([
      'count: not_an_integer',
      'open: not_a_boolean',
      'other: unknown_field',
    ]);
    expect(codes(() => validateQuery(Everything, { note: ['a', 'b'] }))).toEqual(['note: not_text']);
  });
});
