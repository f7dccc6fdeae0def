import { describe, expect, it } from '@jest/globals';
import { type ClaimOnDesk, type EvidenceView } from '#claims';
import { type AssuranceItemView, type SampleView } from '#funding';
import { type Actor } from '#platform/database';
import { Form } from '../page/index.js';
import { drawInput, drawPage, hiddenDraw, typedDraw } from './draw.presenter.js';
import { adjustedBefore, FILES_SHOWN, itemPage, whyNotRecord } from './item.presenter.js';
import { itemsTable, samplePage, samplesTable } from './samples.presenter.js';
import { itemStatus } from './words.js';

const actor = (role: string, organisation = 'MTM'): Actor => ({
  ...{ userId: 'u1', organisation, roles: [role] },
  scope: organisation === 'MTM' ? '*' : organisation,
});
const FINANCE = actor('mtm_finance');
const OFFICER = actor('la_finance', 'BRENT');

const item = (over: Partial<AssuranceItemView> = {}): AssuranceItemView => ({
  ...{ id: 'i1', sampleId: 's1', claimId: 'c1', authority: 'BRENT', invoiceNumber: 'EIP2-BRENT-0001', place: 2 },
  ...{ why: 'each_authority', amountPence: 100_00, state: 'requested', requestedAt: '2018-05-02T09:00:00.000Z' },
  ...{ evidenceCount: 0, lastEvidenceAt: null, reason: null, recordedBy: null, recordedAt: null },
  ...{ adjustmentId: null, version: 1 },
  ...over,
});
const desk = (over: { makers?: string[]; approvers?: string[]; states?: string[] } = {}): ClaimOnDesk =>
  ({
    claim: { adjustments: (over.states ?? []).map((state) => ({ state })) },
    authorityName: 'London Borough of Brent',
    makers: (over.makers ?? []).map((id) => ({ id, person: null })),
    approvers: over.approvers ?? [],
  }) as unknown as ClaimOnDesk;
const file = (over: Partial<EvidenceView>): EvidenceView =>
  ({
    ...{ id: 'f1', fileName: 'register.pdf', description: null, removedAt: null },
    uploadedAt: '2018-04-02T09:00:00.000Z',
    ...over,
  }) as EvidenceView;
const sample: SampleView = {
  ...{ id: 's1', programme: 'EIP2', seed: 'spring', from: '2018-04-01', to: '2018-04-30', thresholdPence: 500_00 },
  ...{ valuePercent: 10, populationCount: 13, populationPence: 1700_00, populationSha256: 'ab', itemCount: 3 },
  ...{ itemPence: 700_00, requestedCount: 1, passedCount: 2, failedCount: 0, drawnBy: 'u1' },
  drawnAt: '2018-05-02T09:00:00.000Z',
};
const NOBODY = new Map<string, never>();

describe('a sample', () => {
  it('says how far it is, and all that is needed to draw it again', () => {
    const page = samplePage(sample, NOBODY);
    expect(page.sentence).toBe('1 of 3 claims is not checked yet; 2 passed, 0 not borne out.');
    expect(samplePage({ ...sample, requestedCount: 0, passedCount: 3 }, NOBODY).sentence).toMatch(/^All 3 claims are/);
    const values = page.facts.map(({ value }) => value).join(' | ');
    for (const part of ['EIP2', 'spring', '1 April 2018 to 30 April 2018', '£500.00', '10%', '13 claims', 'ab'])
      expect(values).toContain(part);
    expect(samplesTable([sample], NOBODY).rows[0]!.map(({ text }) => text)).toEqual([
      ...['1 April 2018 to 30 April 2018', '2 May 2018', '3 of 13', '£700.00', '1', '2', '0'],
    ]);
  });

  it('is drawn as the form says, once both its days are days', () => {
    const typed = {
      ...{
        'from-day': '1',
        'from-month': '4',
        'from-year': '2018',
        'to-day': '30',
        'to-month': '4',
        'to-year': '2018',
      },
      ...{ threshold: '£500', share: ' 10 ', programme: 'eip2' },
    };
    expect(drawInput(new Form(typed))).toEqual({
      ...{ programme: 'EIP2', from: '2018-04-01', to: '2018-04-30', thresholdPence: 500_00, valuePercent: 10 },
    });
    // What goes through the second page is the same again.
    const carried = Object.fromEntries(hiddenDraw(typedDraw(new Form(typed))).map(({ name, value }) => [name, value]));
    expect(drawInput(new Form(carried))).toEqual(drawInput(new Form(typed)));
    const wrong = new Form({ ...typed, 'to-day': '31', threshold: 'all' });
    expect([drawInput(wrong).to, wrong.problems.map(({ path }) => path)]).toEqual([undefined, ['to', 'threshold']]);
    expect(drawPage({ ...sample, seed: undefined }).seed).toContain('the service makes up');
    expect(drawPage(sample)).toMatchObject({ population: expect.stringContaining('from 1 April 2018 to 30 April') });
  });
});

describe('a drawn claim', () => {
  it('says who acts next', () => {
    expect([item(), item({ evidenceCount: 1 }), item({ state: 'passed' })].map((one) => itemStatus(one).text)).toEqual([
      ...['Evidence asked for', 'To be checked', 'Passed'],
    ]);
  });

  it('is checked by MTM finance, by nobody who made or approved it, and once', () => {
    expect(whyNotRecord(FINANCE, item(), desk())).toBeNull();
    expect(whyNotRecord(FINANCE, item(), desk({ makers: ['u1'] }))).toMatch(/another person must record/);
    expect(whyNotRecord(FINANCE, item(), desk({ approvers: ['u1'] }))).toMatch(/another person must record/);
    expect(whyNotRecord(actor('auditor'), item(), desk())).toMatch(/^You may not record/);
    expect(whyNotRecord(FINANCE, item({ state: 'passed' }), desk())).toMatch(/recorded already/);
  });

  it('shows its authority what is asked for and where to add it, and not why it was drawn', () => {
    const page = itemPage(OFFICER, item(), { desk: null, people: NOBODY, files: [file({})] });
    expect([page.mayAdd, page.evidenceAddress, page.mayRecord, page.whyNot]).toEqual([
      ...[true, '/claims/c1/evidence', false, null],
    ]);
    expect(page.facts.map(({ key }) => key)).not.toContain('Why drawn');
    expect(page.files[0]!.href).toBe('/claims/c1/evidence/f1');
    const table = itemsTable([item()], { everybody: false, empty: '' });
    expect(table.head.map(({ text }) => text)).not.toContain('Why drawn');
  });

  it('shows MTM which files came after they were asked for, and none that was removed', () => {
    const files = [
      file({}),
      file({ id: 'f2', uploadedAt: '2018-05-03T09:00:00.000Z' }),
      file({ id: 'f3', removedAt: '2018-05-04T09:00:00.000Z' }),
    ];
    const page = itemPage(FINANCE, item(), { desk: desk(), people: NOBODY, files });
    expect(page.files.map(({ href, note }) => [href, note])).toEqual([
      ['/claims/c1/review/evidence/f2', 'added on 3 May 2018, after it was asked for'],
      ['/claims/c1/review/evidence/f1', 'there before'],
    ]);
    expect(page.fileCount).toBe(2);
    expect(page.mayRecord).toBe(true);
  });

  it('names the first of many files, what came for the check before the others, and how many there are', () => {
    const before = Array.from({ length: 300 }, (_, at) => file({ id: `b${at}` }));
    const files = [...before, file({ id: 'came', uploadedAt: '2018-05-03T09:00:00.000Z' })];
    const page = itemPage(FINANCE, item(), { desk: desk(), people: NOBODY, files });
    expect([page.files.length, page.fileCount]).toEqual([FILES_SHOWN, 301]);
    expect(page.files.slice(0, 2).map(({ href }) => href)).toEqual([
      '/claims/c1/review/evidence/came',
      '/claims/c1/review/evidence/b0',
    ]);
    expect(page.evidenceAddress).toBe('/claims/c1/evidence');
  });

  it('leads to what is taken back of it, and knows of an adjustment that stands', () => {
    const failed = item({ state: 'failed', adjustmentId: 'a1', recordedAt: '2018-05-05T09:00:00.000Z', reason: 'Two' });
    const page = itemPage(FINANCE, failed, { desk: desk(), people: NOBODY, files: [] });
    expect(page.facts).toContainEqual({ key: 'Taken back', value: 'See the adjustment', href: '/adjustments/a1' });
    expect([desk(), desk({ states: ['cancelled'] }), desk({ states: ['proposed'] })].map(adjustedBefore)).toEqual([
      ...[false, false, true],
    ]);
  });
});
