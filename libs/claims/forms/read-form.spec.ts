import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { claimBody, eip2Terms, facts, training, trainerInvoice, travel } from '../../../test/builders/claim-body.js';
import { readClaimBody } from '../claim-body.input.js';
import { calculateClaim, type ClaimBody } from '../domain/index.js';
import { blankInvoice, withLines, type FormContent, type InvoiceContent } from './form-content.js';
import { isComplete, tasks } from './form-tasks.js';
import { judgeable, judged, ruleProblems } from './judge-form.js';
import { formProblems, readForm } from './read-form.js';
import { typedClaim, typedCopy } from './typed-from-body.js';

const terms = eip2Terms();

const formOf = (body: ClaimBody): FormContent => {
  const { details, invoices } = typedClaim(body);
  return {
    programme: body.programme,
    authority: body.authority,
    details,
    invoices: invoices.map((content, at) => ({ key: `k${at}`, content })),
  };
};
const formWith = (...invoices: InvoiceContent[]): FormContent => ({
  ...formOf(claimBody([])),
  invoices: invoices.map((content, at) => ({ key: `k${at}`, content })),
});

const body = claimBody([trainerInvoice([training({ deliveredOn: ['2018-03-12', '2018-03-13'] }), travel(1_050)])], {
  authorityReference: 'CS-2018-017',
});
const [typed] = typedClaim(body).invoices as [InvoiceContent];
const problemsOf = (form: FormContent) =>
  readForm(form).problems.map(({ page, path, code }) => `${page} ${path} ${code}`);

describe('a form', () => {
  it('is the claim body that was typed, however it was written', () => {
    const line = {
      ...typed.lines[0]!,
      net: ' £1,000.00',
      trainerDays: '1 day',
      deliveredOn: '12 March 2018 and 13.3.18',
    };
    const messy = { ...typed, trainer: ' A Trainer  Ltd ', country: 'UK', issuedOn: '14 3 2018', lines: [line] };
    expect(readForm(formWith(messy)).body).toMatchObject({
      programme: 'EIP2',
      authority: 'BRENT',
      trainerInvoices: [
        {
          trainer: { name: 'A Trainer Ltd', vatNumber: 'GB999999973', country: 'GB' },
          issuedOn: '2018-03-14',
          lines: [{ netPence: 100_000, trainerDays: '1', deliveredOn: ['2018-03-12', '2018-03-13'] }],
        },
      ],
    });
  });

  it('says of a blank trainer invoice what has to be filled in, and of one without lines that it has none', () => {
    expect(problemsOf(formWith(blankInvoice()))).toEqual([
      'k0 trainer required',
      'k0 number required',
      'k0 issuedOn required',
      'k0 lines too_few',
    ]);
    expect(readForm(formWith()).body).toBeNull();
  });

  it('asks a line for its own fields only, by its key', () => {
    const invoice = withLines({ ...typed, lines: [], lastLine: 4 }, [{ kind: 'training' }, { kind: 'travel' }]);
    expect(problemsOf(formWith(invoice))).toEqual([
      ...['category', 'rate', 'description', 'deliveredOn', 'bookedOn', 'trainerDays', 'net', 'vatRate', 'vat'].map(
        (field) => `k0 lines.l5.${field} required`,
      ),
      ...['description', 'net', 'vatRate', 'vat'].map((field) => `k0 lines.l6.${field} required`),
    ]);
  });

  it('takes VAT left blank for nothing where none is charged, and only there', () => {
    const at = (vatRate: string) => formWith({ ...typed, lines: [{ ...typed.lines[1]!, vatRate, vat: '' }] });
    expect(problemsOf(at('0'))).toEqual([]);
    expect(problemsOf(at('20'))).toEqual(['k0 lines.l2.vat required']);
  });

  it.each([
    ['net', '0', 'out_of_range'],
    ['net', '100,000.01', 'out_of_range'],
    ['vat', '100,000.01', 'out_of_range'],
    ['trainerDays', '100.001', 'out_of_range'],
    ['trainerDays', '0', 'out_of_range'],
    ['description', 'x'.repeat(501), 'too_long'],
    ['deliveredOn', Array.from({ length: 101 }, () => '1/3/2018').join(), 'too_many'],
    ['vatRate', '1e2', 'wrong_form'],
  ] as const)('holds %s %j to the limit of a claim body', (field, value, code) => {
    const line = { ...typed.lines[0]!, [field]: value };
    expect(problemsOf(formWith({ ...typed, lines: [line] }))).toEqual([`k0 lines.l1.${field} ${code}`]);
  });

  it('reads back what a claim says: same figures, same body', () => {
    const pence = fc.integer({ min: 1, max: 10_000_000 });
    const line = fc.oneof(
      fc
        .record({
          netPence: pence,
          days: fc.integer({ min: 1, max: 400 }),
          rate: fc.constantFrom('standard', 'advanced'),
        })
        .map(({ netPence, days, rate }) => training({ netPence, rate, trainerDays: String(days / 4) })),
      pence.map((net) => travel(net)),
    );
    const invoice = fc
      .record({
        lines: fc.array(line, { minLength: 1, maxLength: 4 }),
        number: fc.stringMatching(/^[A-Z]{1,4}-\d{1,6}$/),
        paidOn: fc.constantFrom('2018-03-28', '2018-04-01'),
      })
      .map(({ lines, ...rest }) =>
        trainerInvoice(lines, { ...rest, trainer: { name: 'A Trainer Ltd', country: 'IE' } }),
      );
    fc.assert(
      fc.property(fc.array(invoice, { minLength: 1, maxLength: 3 }), (invoices) => {
        const claim = claimBody(invoices, { purchaseOrder: 'PO 4711' });
        expect(readForm(formOf(claim))).toMatchObject({ body: claim, problems: [] });
      }),
    );
  });

  it('that has no problem is a body that every claim body’s check takes', () => {
    const word = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.constantFrom(
        '',
        'standard',
        'Targeted',
        '1.5',
        '20',
        '£99',
        '12/3/2018',
        '1 3 18, 2 3 18',
        'Rail',
        'x'.repeat(501),
      ),
      fc.constantFrom('100000', '100000.01', '0', '0.001', '1e3', '\u202e', 'a\u0000b', '999 days'),
    );
    const fields = { category: word, rate: word, description: word, bookedOn: word, deliveredOn: word };
    const lines = fc.array(
      fc.record({
        kind: fc.constantFrom('training' as const, 'travel' as const),
        ...fields,
        trainerDays: word,
        net: word,
        vatRate: word,
        vat: word,
      }),
      { minLength: 1, maxLength: 2 },
    );
    const good = { trainer: fc.constant('A Trainer'), number: fc.constant('1'), issuedOn: fc.constant('14/3/2018') };
    const invoice = fc.record({ ...good, vatNumber: word, country: word, paidOn: word, lines });
    fc.assert(
      fc.property(invoice, fc.constantFrom('', 'PO 1'), ({ lines: typedLines, ...rest }, purchaseOrder) => {
        const whole = withLines(
          { ...blankInvoice(), ...rest },
          typedLines.map(({ kind, ...line }) => ({ kind, fields: line })),
        );
        const form = { ...formWith(whole), details: { authorityReference: '', purchaseOrder } };
        const read = readForm(form);
        expect(read.body === null).toBe(read.problems.length > 0);
        if (read.body) expect(readClaimBody(read.body)).toMatchObject({ programme: 'EIP2' });
      }),
      { numRuns: 300 },
    );
  });

  it('copied keeps trainers, lines and amounts, and nothing of the one claim', () => {
    const { details, invoices } = typedCopy({ ...body, purchaseOrder: 'PO 1' });
    expect(details).toEqual({ authorityReference: '', purchaseOrder: 'PO 1' });
    expect(invoices[0]).toMatchObject({
      ...{ trainer: 'A Trainer Ltd', vatNumber: 'GB999999973', number: '', issuedOn: '', paidOn: '' },
      lines: [{ net: '1000.00', category: 'targeted', bookedOn: '', deliveredOn: '' }, { net: '10.50' }],
    });
  });
});

describe('the rules of the programme, asked of a form', () => {
  const judge = (form: FormContent) => {
    const read = readForm(form);
    const of = judgeable(form, read, terms);
    const problems = [...read.problems, ...ruleProblems(of, read, judged(of, terms, facts()))];
    return {
      problems: problems.map(({ page, path, code }) => `${page} ${path} ${code}`),
      tasks: tasks(form, problems),
    };
  };

  it('name the page and the field of what breaks them', () => {
    const wrong = claimBody([
      trainerInvoice([training()]),
      trainerInvoice([travel(100), training({ bookedOn: '2017-09-01', vatPence: 5 })], {
        number: 'INV-2',
        trainer: { name: 'B', vatNumber: 'GB123' },
      }),
    ]);
    expect(judge(formOf(wrong)).problems.sort()).toEqual([
      'k1 lines.l2.bookedOn booked_too_early',
      'k1 lines.l2.vat vat_mismatch',
      'k1 vatNumber vat_number_invalid',
    ]);
  });

  it('are asked of the invoices that are whole already, but not what another may still cure', () => {
    const alone = claimBody([trainerInvoice([travel(100, { vatPence: 9 })], { number: 'T' })]);
    const [whole] = formOf(alone).invoices;
    const half = { ...formOf(alone), invoices: [{ key: 'k9', content: blankInvoice() }, whole!] };
    expect(judge(half).problems).toContain('k0 lines.l1.vat vat_mismatch');
    expect(judge(half).problems.join()).not.toContain('travel_without_training');
    expect(judge(formOf(alone)).problems).toContain('k0 lines.l1 travel_without_training');
  });

  it('do not fall over a category that the programme does not have', () => {
    const odd = formOf(claimBody([trainerInvoice([training({ category: 'dancing' })])]));
    expect(judge(odd).problems).toEqual(['k0 lines.l1.category unknown_category']);
  });

  it('leave a task for each page until nothing is missing or wrong', () => {
    const states = (form: FormContent) => judge(form).tasks.map(({ status }) => status);
    expect(states(formOf(body))).toEqual(['done', 'done']);
    expect(states(formWith(blankInvoice()))).toEqual(['optional', 'not_started']);
    expect(states(formWith({ ...typed, trainer: '' }))).toEqual(['optional', 'incomplete']);
    expect(states(formWith({ ...typed, paidOn: 'soon' }))).toEqual(['optional', 'to_correct']);
    expect(isComplete(judge(formOf(body)).tasks)).toBe(true);
    expect(isComplete(judge(formWith()).tasks)).toBe(false);
    expect(isComplete(judge(formWith(blankInvoice())).tasks)).toBe(false);
  });

  it('are no task of a page when they speak of the claim as a whole', () => {
    const form = formOf(body);
    const closed = { page: 'details', path: 'programme', code: 'claim_window_closed', message: 'Too late.' };
    expect(tasks(form, [closed]).map(({ status }) => status)).toEqual(['done', 'done']);
  });

  it('put every problem of a whole claim on one of its pages', () => {
    const { problems } = calculateClaim(
      claimBody([
        trainerInvoice([travel(1)]),
        trainerInvoice([training({ deliveredOn: ['2017-01-01', '2030-01-01'] })]),
      ]),
      terms,
      facts({ daysLeft: {} }),
    );
    const { invoices } = formOf(claimBody([trainerInvoice([travel(1)]), trainerInvoice([training()])]));
    const placed = formProblems(problems, invoices);
    expect(placed.map(({ page, path }) => `${page} ${path}`)).toEqual(
      expect.arrayContaining(['k1 lines.l1.deliveredOn', 'k1 number', 'k1 lines.l1.trainerDays']),
    );
    expect(placed).toHaveLength(problems.length);
  });
});
