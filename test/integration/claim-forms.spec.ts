import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import {
  ChangeFormInvoices,
  ClaimReader,
  DiscardForm,
  FinishForm,
  FormQueries,
  PageConflict,
  PasteRows,
  PaymentForecast,
  SaveDraft,
  SaveFormPage,
  StartForm,
  SubmitClaim,
} from '#claims';
import { DomainError } from '#kernel';
import { commandContext, IdempotentReplay, type Actor } from '#platform/database';
import { TermsStore } from '#programme';
import { AUDITOR, BRENT, BRENT_MANAGER, BRISTOL, ClaimsWorld, MTM_FINANCE } from './evidence-support.js';

const TRAINER = { trainer: 'A Trainer Ltd', vatNumber: 'GB999999973', issuedOn: '14 3 2018', paidOn: '28/3/2018' };
const TRAINING = {
  ...{ category: 'targeted', rate: 'standard', description: 'Safety planning', bookedOn: '10/1/2018' },
  ...{ deliveredOn: '12/3/2018', trainerDays: '1 day', net: '£1,000.00', vatRate: '20', vat: '200' },
};

/** Nothing here is approved, so nothing is foreseen. */
class NothingForeseen extends PaymentForecast {
  of() {
    return Promise.resolve(new Map());
  }
}

describe('claim forms', () => {
  let world: ClaimsWorld;
  let starting: StartForm;
  let saving: SaveFormPage;
  let changing: ChangeFormInvoices;
  let pasting: PasteRows;
  let finishing: FinishForm;
  let discarding: DiscardForm;
  let queries: FormQueries;
  let drafts: SaveDraft;
  let submitting: SubmitClaim;

  beforeAll(async () => {
    world = await ClaimsWorld.open();
    const terms = new TermsStore();
    const reader = new ClaimReader(terms, new NothingForeseen());
    starting = new StartForm(world.uow);
    saving = new SaveFormPage(world.uow);
    changing = new ChangeFormInvoices(world.uow);
    pasting = new PasteRows(world.uow, terms);
    finishing = new FinishForm(world.uow, reader);
    discarding = new DiscardForm(world.uow);
    queries = new FormQueries(world.uow, terms);
    drafts = new SaveDraft(world.uow, reader);
    submitting = new SubmitClaim(world.uow, reader);
    await world.admin.query(
      `INSERT INTO user_account (id, email, name, organisation, roles, active, created_at)
       VALUES ($1, 'finance@brent.example', 'Fay Finance', 'BRENT', '{la_finance}', true, now()),
              ($2, 'manager@brent.example', 'Max Manager', 'BRENT', '{la_manager}', true, now())`,
      [BRENT.userId, BRENT_MANAGER.userId],
    );
  });
  afterAll(() => world?.close());
  let serial = 0;
  let number: string;
  beforeEach(() => {
    number = `INV-${++serial}`;
  });

  const thrown = async (work: Promise<unknown>): Promise<DomainError> => {
    const error: unknown = await work.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (error instanceof DomainError) return error;
    throw new Error(`not refused: ${String(error)}`);
  };
  const codeOf = async (work: Promise<unknown>): Promise<string> => (await thrown(work)).code;

  /** A form with one whole trainer invoice of one line. */
  async function whole(actor = BRENT): Promise<{ id: string; key: string }> {
    const { id } = await starting.run(actor, {});
    const { page: key } = await changing.add(actor, id, {});
    await saving.invoice(actor, id, key, { version: 1, ...TRAINER, number, then: { step: 'add_training' } });
    await saving.invoice(actor, id, key, { version: 2, lines: [{ key: 'l1', ...TRAINING }] });
    return { id, key };
  }

  it('keep what is typed exactly as typed, page by page, and say what is left', async () => {
    const { id, key } = await whole();
    await saving.details(BRENT, id, { version: 1, authorityReference: ' CS  17 ' });
    const form = await queries.get(BRENT_MANAGER, id);
    expect(form.details.content).toEqual({ authorityReference: ' CS  17 ', purchaseOrder: '' });
    expect(form.invoices[0]!.content).toMatchObject({ issuedOn: '14 3 2018', lines: [{ net: '£1,000.00' }] });
    expect(form).toMatchObject({ complete: true, problems: [], working: { totals: { totalPence: 50_000 } } });
    expect(form.tasks.map(({ page, status }) => `${page} ${status}`)).toEqual(['details done', `${key} done`]);
    expect(form.saved.by).toEqual({ id: BRENT.userId, name: 'Fay Finance' });
    expect((await queries.list(BRENT_MANAGER)).find((item) => item.id === id)).toMatchObject({
      ...{ title: 'A Trainer Ltd', invoiceCount: 1, claimId: null },
    });
  });

  it('tell what a page would come to while it is typed, and keep nothing of it', async () => {
    const { id, key } = await whole();
    const typed = { version: 1, lines: [{ key: 'l1', net: '1150', trainerDays: '1' }] };
    const working = await queries.working(BRENT, id, key, typed);
    expect(working.totals).toMatchObject({ totalPence: 50_000, aboveRatePence: 15_000 });
    expect((await queries.get(BRENT, id)).invoices[0]!.content.lines[0]!.net).toBe('£1,000.00');
  });

  describe('at the hands of two people', () => {
    it('lose nothing when both save one page at once: the later one is shown both', async () => {
      const { id, key } = await whole();
      const both = await Promise.allSettled([
        saving.invoice(BRENT, id, key, { version: 3, trainer: 'By Fay', lines: [{ key: 'l1', net: '1' }] }),
        saving.invoice(BRENT_MANAGER, id, key, { version: 3, trainer: 'By Max', lines: [{ key: 'l1', vat: '9' }] }),
      ]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      const lost = both.find((one) => one.status === 'rejected')!.reason as PageConflict;
      const [first, second] = both[0]!.status === 'fulfilled' ? ['Fay', 'Max'] : ['Max', 'Fay'];
      expect(lost).toBeInstanceOf(PageConflict);
      expect(lost.code).toBe('form_page_changed');
      expect(lost.message).toContain(`${first} `);
      expect(lost.theirs).toMatchObject({ version: 4, content: { trainer: `By ${first}` } });
      expect(lost.yours).toMatchObject({ trainer: `By ${second}` });
      // Having seen both, the later one decides.
      const by = second === 'Max' ? BRENT_MANAGER : BRENT;
      const merged = await saving.invoice(by, id, key, { version: 4, trainer: 'By both' });
      expect(merged.version).toBe(5);
    });

    it('disturb nobody on different pages', async () => {
      const { id, key } = await whole();
      const { page: other } = await changing.add(BRENT, id, { like: key });
      await Promise.all([
        saving.invoice(BRENT, id, key, { version: 3, trainer: 'First' }),
        saving.invoice(BRENT_MANAGER, id, other, { version: 1, trainer: 'Second' }),
        saving.details(BRENT_MANAGER, id, { version: 1, purchaseOrder: 'PO 1' }),
      ]);
      const form = await queries.get(BRENT, id);
      expect(form.invoices.map(({ content }) => content.trainer)).toEqual(['First', 'Second']);
      expect(form.details.content.purchaseOrder).toBe('PO 1');
      expect(form.invoices[1]!.content).toMatchObject({ number: '', lines: [{ net: '£1,000.00', deliveredOn: '' }] });
    });

    it('do not disagree when they typed the same', async () => {
      const { id, key } = await whole();
      await saving.invoice(BRENT, id, key, { version: 3, trainer: 'Same' });
      expect(await saving.invoice(BRENT_MANAGER, id, key, { version: 3, trainer: 'Same' })).toMatchObject({ version: 4 });
    });

    it('keep a line that the other removed meanwhile, and refuse one that never was', async () => {
      const { id, key } = await whole();
      await saving.invoice(BRENT, id, key, { version: 3, then: { step: 'remove', line: 'l1' } });
      const late = { version: 3, lines: [{ key: 'l1', net: '777' }] };
      const conflict = (await thrown(saving.invoice(BRENT_MANAGER, id, key, late))) as PageConflict;
      expect(conflict.theirs.content).toMatchObject({ lines: [] });
      expect(conflict.yours).toMatchObject({ lines: [{ key: 'l1', net: '777', category: 'targeted' }] });
      await saving.invoice(BRENT_MANAGER, id, key, { ...late, version: 4 });
      expect((await queries.get(BRENT, id)).invoices[0]!.content).toMatchObject({ lines: [{ net: '777' }], removedLines: [] });
      expect(await codeOf(saving.invoice(BRENT, id, key, { version: 5, lines: [{ key: 'l99', kind: 'travel' }] }))).toBe('malformed');
    });

    it('see each other', async () => {
      const { id, key } = await whole();
      expect(await queries.open(BRENT, id, key)).toEqual([]);
      expect(await queries.open(BRENT_MANAGER, id, 'details')).toMatchObject([{ name: 'Fay Finance', page: key }]);
      expect(await queries.open(BRENT, id, key)).toMatchObject([{ name: 'Max Manager', page: 'details' }]);
      world.now = new Date(world.now.getTime() + 16 * 60_000);
      expect(await queries.open(BRENT, id, key)).toEqual([]);
    });

    it('start one form of one claim, however many start it at once', async () => {
      const claim = await world.draft(BRENT, number);
      const started = await Promise.all([BRENT, BRENT_MANAGER, BRENT].map((by) => starting.run(by, { claim })));
      expect(new Set(started.map(({ id }) => id)).size).toBe(1);
      expect(started.filter(({ existing }) => !existing)).toHaveLength(1);
    });
  });

  describe('their trainer invoices', () => {
    it('are removed with what was seen of them, and come back as they were', async () => {
      const { id, key } = await whole();
      expect(await codeOf(changing.remove(BRENT, id, key, { version: 1 }))).toBe('form_page_changed');
      await changing.remove(BRENT, id, key, { version: 3 });
      const removed = await queries.get(BRENT, id);
      expect(removed).toMatchObject({ invoices: [], complete: false, removed: [{ key, title: `A Trainer Ltd, invoice ${number}` }] });
      expect(await codeOf(saving.invoice(BRENT, id, key, { version: 4, trainer: 'x' }))).toBe('not_found');
      await changing.restore(BRENT, id, key);
      expect(await queries.get(BRENT, id)).toMatchObject({ complete: true, removed: [] });
    });

    it('are fifty at most, and the database says so too', async () => {
      const { id } = await starting.run(BRENT, {});
      for (let at = 0; at < 50; at++) await changing.add(BRENT, id, {});
      expect(await codeOf(changing.add(BRENT, id, {}))).toBe('too_many_invoices');
      const direct = world.admin.query(
        `INSERT INTO claim_form_page (form_id, key, authority_code, slot, content, updated_by, updated_at)
         VALUES ($1, 'one-more', 'BRENT', 51, '{}', $2, now())`,
        [id, BRENT.userId],
      );
      await expect(direct).rejects.toMatchObject({ constraint: 'claim_form_page_slot_check' });
      const [first] = (await queries.get(BRENT, id)).invoices;
      await changing.remove(BRENT, id, first!.key, { version: 1 });
      await changing.add(BRENT, id, {});
      expect(await codeOf(changing.restore(BRENT, id, first!.key))).toBe('too_many_invoices');
    });

    it('have two hundred lines and half a megabyte at most', async () => {
      const { id, key } = await whole();
      const rows = ['kind\tdescription\tnet\tvatRate\tvat', ...Array.from({ length: 199 }, () => 'travel\tBus\t1\t0\t0')];
      await pasting.intoInvoice(BRENT, id, key, rows.join('\n'), { version: 3 });
      expect(await codeOf(saving.invoice(BRENT, id, key, { version: 4, then: { step: 'add_travel' } }))).toBe('too_many_lines');
      const lines = Array.from({ length: 200 }, (_, at) => ({ key: `l${at + 1}`, deliveredOn: 'x'.repeat(2_600) }));
      expect(await codeOf(saving.invoice(BRENT, id, key, { version: 4, lines }))).toBe('form_page_too_large');
      expect(await codeOf(saving.invoice(BRENT, id, key, { version: 4, trainer: 'x'.repeat(1_001) }))).toBe('malformed');
    });
  });

  describe('rows from a spreadsheet', () => {
    const HEADING = 'Trainer name\tInvoice number\tInvoice date\tType\tCategory\tDay rate\tDescription\tBooked\tDelivered\tDays\tNet (£)\tVAT %\tVAT (£)';
    const row = (trainer: string, of: string, net = '£1,000.00') =>
      [trainer, of, '14/03/2018', 'Training', 'Targeted', 'Standard', 'Two days', '10/01/2018', '12/03/2018', '1', net, '0%', '0'].join('\t');

    it('join the trainer invoices they name and begin the others', async () => {
      const { id, key } = await whole();
      const text = [HEADING, row('a trainer LTD', number.toLowerCase()), row('New', 'N-1'), row('New', 'n 1')].join('\r\n');
      const pasted = await pasting.run(BRENT, id, text);
      expect(pasted).toMatchObject({ rows: 3, pages: [key, expect.any(String)] });
      const { invoices } = await queries.get(BRENT, id);
      expect(invoices.map(({ content }) => [content.trainer, content.lines.length])).toEqual([
        ['A Trainer Ltd', 2],
        ['New', 2],
      ]);
      expect(invoices[1]!.content.lines[0]).toMatchObject({ category: 'targeted', bookedOn: '10/1/2018', net: '1000.00' });
    });

    it('are all taken or none, and every failing one is named with its reason', async () => {
      const { id } = await whole();
      const text = [HEADING, row('New', 'N-1'), row('New', 'N-1', 'ten'), row('', 'N-2')].join('\n');
      const refusal = await thrown(pasting.run(BRENT, id, text));
      expect(refusal.code).toBe('import_rejected');
      expect(refusal.problems.map(({ path, code }) => `${path}: ${code}`)).toEqual([
        'row 3, Net (£): not_an_amount',
        'row 4, Trainer name: required',
      ]);
      expect((await queries.get(BRENT, id)).invoices).toHaveLength(1);
      expect((await thrown(pasting.run(BRENT, id, 'what\tis\tthis'))).code).toBe('import_rejected');
      expect(await codeOf(pasting.run(BRENT, id, ' '))).toBe('malformed');
      const two = ['claim,kind,trainer,number,issuedOn,description,net,vatRate,vat', '1,travel,T,1,1/3/2018,Bus,1,0,0', '2,travel,T,1,1/3/2018,Bus,1,0,0'];
      expect((await thrown(pasting.run(BRENT, id, two.join('\n')))).problems).toMatchObject([{ path: 'row 3, claim', code: 'rows_disagree' }]);
    });

    it('go into one trainer invoice without naming it, unless somebody wrote there meanwhile', async () => {
      const { id, key } = await whole();
      const text = 'type,description,net amount,VAT rate,VAT\ntravel,"Rail, return",156.40,20,31.28\n';
      await pasting.intoInvoice(BRENT, id, key, text, { version: 3 });
      expect((await queries.get(BRENT, id)).invoices[0]!.content.lines[1]).toMatchObject({ key: 'l2', description: 'Rail, return', vat: '31.28' });
      const conflict = (await thrown(pasting.intoInvoice(BRENT, id, key, text, { version: 3 }))) as PageConflict;
      expect(conflict.yours).toMatchObject({ lines: [{}, {}, { description: 'Rail, return' }] });
    });
  });

  describe('finished', () => {
    it('become a draft once, and what it says from then on', async () => {
      const { id, key } = await whole();
      const { version } = await queries.get(BRENT, id);
      const first = await finishing.run(BRENT, id, { version });
      expect(await finishing.run(BRENT, id, {})).toEqual(first);
      expect((await queries.get(BRENT, id)).agreesWithClaim).toBe(true);
      await saving.invoice(BRENT_MANAGER, id, key, { version: 3, lines: [{ key: 'l1', net: '900', vat: '180' }] });
      expect((await queries.get(BRENT, id)).agreesWithClaim).toBe(false);
      expect(await finishing.run(BRENT_MANAGER, id, {})).toEqual({ ...first, version: 2 });
      expect(await world.actions(first.claim)).toEqual(['claim.drafted', 'claim.edited']);
      const { rows } = await world.admin.query('SELECT total_pence::int AS total, makers::text[] FROM claim WHERE id = $1', [first.claim]);
      expect(rows).toEqual([{ total: 45_000, makers: [BRENT.userId, BRENT_MANAGER.userId] }]);
    });

    it('are one draft for one Idempotency-Key, and for two people at once', async () => {
      const { id } = await whole();
      const context = () => ({ callerId: BRENT.userId, key: `finish-${id}`, inputHash: 'a'.repeat(64), route: 'POST /x' });
      const first = await commandContext.run(context(), () => finishing.run(BRENT, id, {}));
      const again: unknown = await commandContext.run(context(), () => finishing.run(BRENT, id, {})).catch((e: unknown) => e);
      expect(again).toBeInstanceOf(IdempotentReplay);
      expect((again as IdempotentReplay).body).toEqual(first);
      const other = await whole();
      const claims = await Promise.all([BRENT, BRENT_MANAGER].map((by) => finishing.run(by, other.id, {})));
      expect(claims[0]!.claim).toBe(claims[1]!.claim);
    });

    it('are refused while something is missing, by page and field', async () => {
      const { id, key } = await whole();
      expect(await codeOf(finishing.run(BRENT, id, { version: 1 }))).toBe('version_stale');
      await saving.invoice(BRENT, id, key, { version: 3, paidOn: 'soon', lines: [{ key: 'l1', net: '' }] });
      const refusal = await thrown(finishing.run(BRENT, id, {}));
      expect(refusal.code).toBe('form_incomplete');
      expect(refusal.problems.map(({ path }) => path)).toEqual([`${key}/paidOn`, `${key}/lines.l1.net`]);
      const empty = await starting.run(BRENT, {});
      expect((await thrown(finishing.run(BRENT, empty.id, {}))).problems.map(({ path }) => path)).toEqual(['details/invoices']);
    });

    it('never overwrite what changed elsewhere without being told to', async () => {
      const { id } = await whole();
      const { claim } = await finishing.run(BRENT, id, {});
      const { rows } = await world.admin.query<{ version: number }>('SELECT version FROM claim WHERE id = $1', [claim]);
      const body = { programme: 'EIP2', authority: 'BRENT', purchaseOrder: 'elsewhere', trainerInvoices: [invoiceBody(number)] };
      await drafts.replace(BRENT, claim, body, rows[0]!.version);
      expect(await codeOf(finishing.run(BRENT, id, {}))).toBe('claim_changed_elsewhere');
      expect((await starting.run(BRENT, { claim })).existing).toBe(true);
      await finishing.run(BRENT, id, { changedElsewhere: 'keep' });
      const after = await world.admin.query('SELECT purchase_order FROM claim WHERE id = $1', [claim]);
      expect(after.rows).toEqual([{ purchase_order: null }]);
    });

    it('leave the list once the claim is submitted, are closed, and open again with what it said when it is returned', async () => {
      await world.admin.query(`UPDATE authority_profile SET address_lines = '{1 High Street}', postcode = 'HA9 0FJ' WHERE authority_code = 'BRENT'`);
      const { id, key } = await whole();
      const { claim } = await finishing.run(BRENT, id, {});
      await submitting.run(BRENT, claim, {});
      expect((await queries.list(BRENT)).map((form) => form.id)).not.toContain(id);
      expect(await codeOf(saving.invoice(BRENT, id, key, { version: 3, trainer: 'x' }))).toBe('state_conflict');
      expect(await codeOf(starting.run(BRENT, { claim }))).toBe('state_conflict');
      await world.force(claim, 'returned');
      expect(await starting.run(BRENT, { claim })).toEqual({ id, existing: true });
      expect((await queries.get(BRENT, id)).agreesWithClaim).toBe(true);
    });
  });

  it('start from a draft with all it says, and like an earlier claim without its numbers and dates', async () => {
    const claim = await world.draft(BRENT, number);
    const from = await queries.get(BRENT, (await starting.run(BRENT, { claim })).id);
    expect(from).toMatchObject({ claimId: claim, complete: true, agreesWithClaim: true });
    expect(from.invoices[0]!.content).toMatchObject({ number, issuedOn: '14/3/2018' });
    const like = await queries.get(BRENT, (await starting.run(BRENT, { like: claim })).id);
    expect(like).toMatchObject({ claimId: null, complete: false });
    expect(like.invoices[0]!.content).toMatchObject({ number: '', trainer: 'A Trainer Ltd' });
  });

  it('are put away and taken out again, unless the claim has another by then', async () => {
    const claim = await world.draft(BRENT, number);
    const { id } = await starting.run(BRENT, { claim });
    await discarding.run(BRENT, id);
    expect((await queries.list(BRENT)).map((form) => form.id)).not.toContain(id);
    expect(await codeOf(saving.details(BRENT, id, { version: 1, purchaseOrder: '1' }))).toBe('form_discarded');
    await discarding.undo(BRENT, id);
    await discarding.run(BRENT, id);
    expect((await starting.run(BRENT, { claim })).existing).toBe(false);
    expect(await codeOf(discarding.undo(BRENT, id))).toBe('form_exists');
  });

  it('are two hundred an authority at most', async () => {
    const { rows } = await world.admin.query<{ id: string }>(
      `INSERT INTO claim_form (id, programme_code, authority_code, created_by, created_at, updated_by, updated_at)
       SELECT gen_random_uuid(), 'EIP2', 'BRISTOL', $1, now(), $1, now() FROM generate_series(1, 200) RETURNING id`,
      [BRISTOL.userId],
    );
    expect(await codeOf(starting.run(BRISTOL, {}))).toBe('too_many_forms');
    await world.admin.query('DELETE FROM claim_form WHERE id = ANY ($1)', [rows.map(({ id }) => id)]);
  });

  describe('of another authority', () => {
    const as = (actor: Actor, id: string, key: string): [string, () => Promise<unknown>][] => [
      ['read', () => queries.get(actor, id)],
      ['opened', () => queries.open(actor, id, key)],
      ['calculated', () => queries.working(actor, id, key, { version: 1 })],
      ['saved', () => saving.invoice(actor, id, key, { version: 3, trainer: 'x' })],
      ['saved (details)', () => saving.details(actor, id, { version: 1, purchaseOrder: 'x' })],
      ['added to', () => changing.add(actor, id, {})],
      ['removed from', () => changing.remove(actor, id, key, { version: 3 })],
      ['pasted into', () => pasting.run(actor, id, 'kind,description\n')],
      ['finished', () => finishing.run(actor, id, {})],
      ['discarded', () => discarding.run(actor, id)],
      ['restored', () => discarding.undo(actor, id)],
    ];
    it('are not there', async () => {
      const { id, key } = await whole();
      const answers = await Promise.all(as(BRISTOL, id, key).map(async ([what, work]) => [what, await codeOf(work())]));
      expect(answers.filter(([, code]) => code !== 'not_found')).toEqual([]);
      expect(await codeOf(starting.run(BRISTOL, { claim: await world.draft(BRENT, `${number}x`) }))).toBe('not_found');
      expect((await queries.list(BRISTOL)).map((form) => form.id)).not.toContain(id);
    });
    it('are refused to whoever may not prepare claims', async () => {
      const { id, key } = await whole();
      for (const actor of [MTM_FINANCE, AUDITOR]) {
        const codes = await Promise.all(as(actor, id, key).map(([, work]) => codeOf(work())));
        expect(new Set(codes)).toEqual(new Set(['role_not_allowed']));
        expect(await codeOf(starting.run(actor, {}))).toBe('role_not_allowed');
        await expect((async () => queries.list(actor))()).rejects.toMatchObject({ code: 'role_not_allowed' });
      }
    });
    it.each(['nonsense', uuid()])('nor is a form with the id %s', async (id) => {
      const codes = await Promise.all(as(BRENT, id, 'x').map(([, work]) => codeOf(work())));
      expect(new Set(codes)).toEqual(new Set(['not_found']));
    });
  });

  it('leave a trail of hashes and keys, and no name', async () => {
    const { id } = await whole();
    const { rows } = await world.admin.query<{ action: string; text: string }>(
      'SELECT action, audit_entry::text AS text FROM audit_entry WHERE subject_id = $1 ORDER BY seq',
      [id],
    );
    expect(rows.map(({ action }) => action)).toEqual([
      ...['claim_form.started', 'claim_form.invoice_added', 'claim_form.page_saved', 'claim_form.page_saved'],
    ]);
    expect(rows.map(({ text }) => text).join()).not.toContain('Trainer');
  });
});

const invoiceBody = (number: string) => ({
  trainer: { name: 'A Trainer Ltd', vatNumber: 'GB999999973', country: 'GB' },
  ...{ number, issuedOn: '2018-03-14', paidOn: '2018-03-28' },
  lines: [{ kind: 'travel', description: 'Rail', netPence: 1_000, vatRate: '0', vatPence: 0 }],
});
