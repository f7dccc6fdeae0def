import { describe, expect, it } from '@jest/globals';
import { type ClaimView, type EvidenceView } from '#claims';
import { CLAIM_STATES, type ClaimState } from '#claims/domain';
import { evidenceFiles, evidenceRights, fileSize, FILES_AT_ONCE, missingProof } from './evidence.presenter.js';

const actor = (role: string, organisation = 'MTM') => ({
  ...{ userId: 'u', organisation, roles: [role] },
  scope: organisation === 'MTM' ? '*' : organisation,
});
const OFFICER = actor('la_finance', 'BRENT');
const file = (id: string, over: Partial<EvidenceView> = {}): EvidenceView => ({
  ...{
    id,
    claimId: 'c',
    trainerInvoiceId: null,
    fileName: `${id}.pdf`,
    description: null,
    mediaType: 'application/pdf',
  },
  ...{ declaredOtherwise: false, size: 1536, sha256: 'a', uploadedBy: 'ada', uploadedAt: '2018-04-03T09:00:00.000Z' },
  ...{ removedAt: null, removedBy: null, removedReason: null },
  ...over,
});
const invoice = (id: string) => ({ id, trainer: { name: `Trainer ${id}` }, number: '1' });
const unpaid = { path: 'trainerInvoices[1]', code: 'trainer_not_paid', message: '' };
const claim = { id: 'c', flags: [unpaid], trainerInvoices: [invoice('A'), invoice('B')] } as unknown as ClaimView;
const shown = { address: '/claims/c/evidence', names: (id: string) => id.toUpperCase(), mayRemove: true, part: 1 };

describe('who may do what with the files of a claim', () => {
  const states = (of: ReturnType<typeof actor>, right: 'mayAdd' | 'mayRemove'): ClaimState[] =>
    CLAIM_STATES.filter((state) => evidenceRights(of, { authority: 'BRENT', state })[right]);

  it('is what the permissions and the claim’s state allow', () => {
    expect(states(OFFICER, 'mayRemove')).toEqual(['draft', 'returned']);
    expect(states(OFFICER, 'mayAdd')).toEqual(CLAIM_STATES.filter((one) => !['withdrawn', 'rejected'].includes(one)));
    expect(states(actor('mtm_finance'), 'mayAdd')).not.toContain('returned');
    expect(states(actor('mtm_finance'), 'mayAdd')).toContain('submitted');
    expect(states(actor('mtm_finance'), 'mayRemove')).toEqual([]);
    for (const other of [actor('auditor'), actor('la_finance', 'LINCS')]) expect(states(other, 'mayAdd')).toEqual([]);
  });

  it('is said where the state is what stands against it, and not to whoever only looks', () => {
    const why = (of: ReturnType<typeof actor>, state: ClaimState) =>
      evidenceRights(of, { authority: 'BRENT', state }).whyNot;
    expect(why(OFFICER, 'withdrawn')).toContain('This claim has ended');
    expect(why(actor('mtm_finance'), 'draft')).toContain('Its authority is still working');
    expect([why(OFFICER, 'submitted'), why(actor('auditor'), 'withdrawn')]).toEqual([null, null]);
  });
});

describe('the files of a claim', () => {
  it('say who added them, when and what they prove; removed ones say why', () => {
    const gone = { removedAt: '2018-04-04T09:00:00.000Z', removedBy: 'bo', removedReason: 'Another claim’s' };
    const page = evidenceFiles(
      claim,
      [file('x', { trainerInvoiceId: 'A', description: 'Page 2' }), file('y', gone)],
      shown,
    );
    expect(page.files.rows).toEqual([
      [
        { text: 'x.pdf', href: '/claims/c/evidence/x', hint: 'Page 2, 1.5 KB' },
        { text: 'Trainer A, invoice 1' },
        { text: '3 April 2018 at 10:00am', hint: 'by ADA' },
        { text: 'Remove', href: '/claims/c/evidence/x/remove', hidden: 'x.pdf' },
      ],
    ]);
    expect(page.removed!.rows).toEqual([
      [{ text: 'y.pdf' }, { text: '4 April 2018 at 10:00am', hint: 'by BO' }, { text: 'Another claim’s' }],
    ]);
    const looking = evidenceFiles(claim, [file('x')], { ...shown, mayRemove: false });
    expect(looking.files.head.length).toBe(looking.files.rows[0]!.length);
    expect(looking.removed).toBeNull();
  });

  it('come in parts when there are many, and every one can be reached', () => {
    const many = Array.from({ length: FILES_AT_ONCE + 1 }, (_, at) => file(`f${at}`));
    const first = evidenceFiles(claim, many, shown);
    expect([first.files.rows.length, first.links]).toEqual([
      FILES_AT_ONCE,
      { first: null, next: '/claims/c/evidence?part=2' },
    ]);
    const second = evidenceFiles(claim, many, { ...shown, part: 2 });
    expect([second.files.rows.length, second.links]).toEqual([1, { first: '/claims/c/evidence', next: null }]);
  });
});

describe('what has no proof yet', () => {
  const missing = (...files: EvidenceView[]) => missingProof(claim, files);
  const [noFileA, noFileB] = ['A', 'B'].map((id) => `Trainer ${id}, invoice 1: the invoice itself, as a file`);
  const notPaid = 'Trainer B, invoice 1: proof that the trainer was paid, and when';

  it('is each trainer invoice without a file, and each that nothing shows to be paid', () => {
    expect(missing()).toEqual([noFileA, noFileB, notPaid]);
    expect(missing(file('x', { trainerInvoiceId: 'A' }))).toEqual([noFileB, notPaid]);
    expect(missing(file('x', { trainerInvoiceId: 'A', removedAt: '2018-04-04T09:00:00.000Z' }))).toContain(noFileA);
  });

  it('is covered by a file of the whole claim, as far as files go', () => {
    expect(missing(file('x'))).toEqual([notPaid]);
  });
});

it('sizes of files are said as people say them', () => {
  expect([10, 1_536, 500_016, 3_355_443].map(fileSize)).toEqual(['0.1 KB', '1.5 KB', '488.3 KB', '3.2 MB']);
});
