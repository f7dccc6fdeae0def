import { describe, expect, it } from '@jest/globals';
import { type FormView, type InvoiceContent, type PageConflict } from '#claims';
import { Form } from '../page/index.js';
import { chosen, invoiceConflict, isChosen } from './conflict.presenter.js';
import { invoicePage, othersText, partOf, partWith } from './invoice.presenter.js';
import { placedErrors, submittedAddress, taskList } from './task-list.presenter.js';
import { typedInvoice } from './typed-form.js';
import { options } from './words.js';

const saved = { at: '2018-04-03T09:00:00.000Z', by: { id: 'u', name: 'Ada' } };
const line = (n: number) => ({
  ...{ key: `l${n}`, kind: 'travel' as const, category: '', rate: '', description: `Bus ${n}`, bookedOn: '' },
  ...{ deliveredOn: '', trainerDays: '', net: '1', vatRate: '0', vat: '' },
});
const content = (lines: number): InvoiceContent => ({
  ...{ trainer: 'T', vatNumber: '', country: '', number: 'N', issuedOn: '', paidOn: '' },
  ...{ lines: Array.from({ length: lines }, (_, at) => line(at + 1)), removedLines: [], lastLine: lines },
});
const totals = { totalPence: 0, grossPence: 0, vatPence: 0, aboveRatePence: 0, authorityPence: 0 };
const form = (over: Partial<FormView> = {}): FormView => ({
  ...{ id: 'F', programme: 'EIP2', authority: 'BRENT', claimId: null, claimState: null, version: 3, discarded: false },
  ...{ saved, removed: [], complete: false, problems: [], agreesWithClaim: false, returned: null },
  details: { key: 'details', version: 1, content: { authorityReference: '', purchaseOrder: '' }, saved },
  invoices: [{ key: 'k', version: 2, content: content(25), saved }],
  tasks: [
    { page: 'details', title: 'Your reference', status: 'optional', missing: 0, wrong: 0 },
    { page: 'k', title: 'T, invoice N', status: 'to_correct', missing: 1, wrong: 2 },
  ],
  working: { categories: [], totals, texts: {}, lines: [], uncounted: [] },
  choices: { categories: [], rates: [], vatRates: ['0', '20'], atCost: 'Travel' },
  categories: [],
  parties: { payer: 'MTM', funder: 'Department for Education' },
  ...over,
});

describe('the task list', () => {
  it('says what is wrong with the claim as a whole, and is left behind once the claim is submitted', () => {
    const closed = { page: 'details', path: 'programme', code: 'claim_window_closed', message: 'Too late.' };
    expect(taskList(form({ problems: [closed] })).general).toEqual(['Too late.']);
    expect(
      [null, 'draft', 'returned', 'submitted'].map((state) =>
        submittedAddress(form({ claimId: 'C', claimState: state as never })),
      ),
    ).toEqual([null, null, null, '/claims/C']);
  });

  it('says what is left of each part, and keeps evidence for when there is a draft to keep it with', () => {
    const list = taskList(form());
    expect(list.invoices).toMatchObject([
      { hint: '1 answer missing, 2 answers to correct', status: { text: 'To correct' } },
    ]);
    expect(list.left).toBe('You have completed 1 of 2 parts.');
    expect(list.evidence).toMatchObject({ href: null, status: { text: 'Cannot start yet' } });
    expect(taskList(form({ complete: true })).evidence.href).toBe('/claim-forms/F/evidence');
    expect(list.saved).toBe('Last saved 3 April 2018 at 10:00am by Ada');
  });

  it('says why the claim was returned, and leads to each line that the return spoke of', () => {
    expect(taskList(form()).returned).toBeNull();
    const said = (page: string | null, at: string | null) => ({
      page,
      line: at,
      description: 'Bus',
      reason: 'No ticket',
    });
    const notes = [said('k', 'l21'), said('k', null), said(null, null)];
    const { returned } = taskList(form({ returned: { reason: 'A ticket is missing.', notes } }));
    expect(returned).toMatchObject({ reason: 'A ticket is missing.', notes: [{ reason: 'No ticket' }, {}, {}] });
    expect(returned!.notes.map(({ href }) => href)).toEqual([
      '/claim-forms/F/invoices/k?part=3#lines-l21',
      '/claim-forms/F/invoices/k',
      null,
    ]);
  });

  it('leads from each problem to its field, on the part of the lines where it is', () => {
    const problem = (path: string) => ({ page: 'k', path, code: 'required', message: 'Enter it.' });
    expect(placedErrors(form(), [problem('trainer'), problem('lines.l9.net'), problem('lines.l21.net')])).toMatchObject(
      [
        { message: 'Enter it.', href: '/claim-forms/F/invoices/k#trainer' },
        { message: 'Line 9: Enter it.', href: '/claim-forms/F/invoices/k#lines-l9-net' },
        { message: 'Line 21: Enter it.', href: '/claim-forms/F/invoices/k?part=3#lines-l21-net' },
      ],
    );
  });
});

describe('the page of a trainer invoice', () => {
  const page = (part: number) => invoicePage(form(), 'k', { content: content(25), version: 2, part });

  it('shows ten lines at a time under their own numbers', () => {
    expect(page(3).lines.map(({ number, key }) => `${number} ${key}`)).toEqual([
      '21 l21',
      '22 l22',
      '23 l23',
      '24 l24',
      '25 l25',
    ]);
    expect(page(1).parts.map(({ current }) => current)).toEqual([true, false, false]);
    expect(page(3).action).toBe('/claim-forms/F/invoices/k?part=3');
  });

  it('has what the return said beside each line, and of lines that are gone above them', () => {
    const said = (line: string | null, reason: string, of = 'k') => ({ page: of, line, description: 'Bus', reason });
    const notes = [said('l2', 'No ticket'), said(null, 'Twice'), said('l9', 'Gone'), said('l1', 'Other', 'k2')];
    const returned = { reason: null, notes };
    const shown = invoicePage(form({ returned }), 'k', { content: content(3), version: 2, part: 1 });
    expect(shown.lines.map((one) => one.returned)).toEqual([null, 'No ticket', null]);
    expect(shown.returned.map(({ reason }) => reason)).toEqual(['Twice', 'Gone']);
    expect(page(1).returned).toEqual([]);
  });

  it.each([
    [undefined, 1],
    ['2', 2],
    ['9', 3],
    ['0', 1],
    ['x', 1],
    [['2'], 1],
  ])('asked for part %j shows part %d', (asked, part) => expect(partOf(asked, content(25).lines)).toBe(part));

  it('finds the part of a line', () => {
    expect(partWith(content(25).lines, 'l11')).toBe(2);
    expect(partWith(content(25).lines, 'gone')).toBe(1);
  });

  it('keeps what the list of choices does not have to be seen', () => {
    expect(options([{ value: '20', text: '20%' }], '17.5')).toMatchObject([
      { selected: false },
      { selected: false },
      { text: '17.5 (not in the list)', selected: true },
    ]);
    expect(options([{ value: '20', text: '20%' }], '')[0]).toMatchObject({ text: 'Choose', selected: true });
  });

  it('names who else is there, and where', () => {
    const at = '2018-04-03T09:00:00.000Z';
    expect(
      othersText(
        form(),
        [
          { name: 'Bea', page: 'k', at },
          { name: 'Cy', page: 'details', at },
        ],
        'k',
      ),
    ).toEqual(['Bea opened this page at 10:00am.', 'Cy opened “Your reference” at 10:00am.']);
  });
});

describe('what a page sends', () => {
  it('is its own fields, its lines by key, and what to do with one', () => {
    const sent = new Form({
      ...{ version: '4', trainer: ' T ', 'lines.l2.net': '1', 'lines.l2.kind': 'travel', do: 'copy:l2' },
      ...{ 'lines.l2.nonsense': 'x', 'lines.x.net': '1', 'lines.l2.key': 'l9', other: '1', __proto__: 'x' },
    });
    expect(typedInvoice(sent)).toEqual({
      ...{ version: 4, trainer: ' T ' },
      lines: [{ key: 'l2', net: '1', kind: 'travel' }],
      then: { step: 'copy', line: 'l2' },
    });
    expect(typedInvoice(new Form({ do: 'continue' }))).toEqual({ version: undefined, lines: [] });
  });
});

describe('two versions of a page', () => {
  const yours = { ...content(2), trainer: 'Mine' };
  yours.lines[1] = { ...yours.lines[1]!, net: '2', description: '' };
  const conflict = {
    ...{ page: 'k', yours },
    theirs: {
      key: 'k',
      version: 7,
      content: content(1),
      updatedAt: new Date(saved.at),
      updatedBy: 'u',
      updatedByName: 'Bea',
      removedAt: null,
    },
  } as unknown as PageConflict;

  it('stand beside each other where they differ, and what was typed goes with the page', () => {
    const view = invoiceConflict(form(), conflict, 'me');
    expect(invoiceConflict(form(), conflict, 'u').heading).toBe(
      'You saved this page in another window while you were writing here',
    );
    expect(view).toMatchObject({ version: 7, who: 'Bea', action: '/claim-forms/F/invoices/k/choose' });
    expect(view.choices).toEqual([
      { path: 'trainer', label: 'Trainer’s name', theirs: 'T', yours: 'Mine' },
      { path: 'lines.l2', label: 'Line 2: the whole line', theirs: 'Removed', yours: 'Travel, 2' },
    ]);
    expect(view.kept).toContainEqual({ name: 'lines.l2.net', value: '2' });
    expect(view.kept.some(({ name }) => name.startsWith('lines.l1.'))).toBe(false);
  });

  it('are chosen from by field, or by line', () => {
    const own = chosen(new Form({ 'choose.trainer': 'yours', 'choose.number': 'theirs', 'choose.lines.l2': 'yours' }));
    expect(['trainer', 'number', 'lines.l2.net', 'lines.l3.net'].map((name) => isChosen(own, name))).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});
