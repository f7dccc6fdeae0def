import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PageConflict } from '#claims';
import { codeOf, Forms, thrown } from './claim-forms-support.js';
import { BRENT, BRENT_MANAGER } from './evidence-support.js';

let f: Forms;
beforeAll(async () => {
  f = await Forms.open();
});
afterAll(() => f?.world.close());

describe('claim forms', () => {
  it('keep what is typed exactly as typed, page by page, and say what is left', async () => {
    const { id, key } = await f.whole();
    await f.saving.details(BRENT, id, { version: 1, authorityReference: ' CS  17 ' });
    const form = await f.queries.get(BRENT_MANAGER, id);
    expect(form.details.content).toEqual({ authorityReference: ' CS  17 ', purchaseOrder: '' });
    expect(form.invoices[0]!.content).toMatchObject({ issuedOn: '14 3 2018', lines: [{ net: '£1,000.00' }] });
    expect(form).toMatchObject({ complete: true, problems: [], working: { totals: { totalPence: 50_000 } } });
    expect(form.tasks.map(({ page, status }) => `${page} ${status}`)).toEqual(['details done', `${key} done`]);
    expect(form.saved.by).toEqual({ id: BRENT.userId, name: 'Fay Finance' });
    // As it is written it says the same, without what it comes to.
    const written = await f.queries.written(BRENT_MANAGER, id);
    expect(form).toMatchObject(written);
    expect(Object.keys(form).filter((name) => !(name in written))).toEqual(
      expect.arrayContaining(['problems', 'tasks', 'working']),
    );
    expect((await f.queries.list(BRENT_MANAGER)).find((item) => item.id === id)).toMatchObject({
      ...{ title: 'A Trainer Ltd', invoiceCount: 1, claimId: null },
    });
  });

  it('tell what a page would come to while it is typed, and keep nothing of it', async () => {
    const { id, key } = await f.whole();
    const typed = { version: 1, lines: [{ key: 'l1', net: '1150', trainerDays: '1' }] };
    const working = await f.queries.working(BRENT, id, key, typed);
    expect(working.totals).toMatchObject({ totalPence: 50_000, aboveRatePence: 15_000 });
    expect((await f.queries.get(BRENT, id)).invoices[0]!.content.lines[0]!.net).toBe('£1,000.00');
  });

  describe('at the hands of two people', () => {
    it('lose nothing when both save one page at once: the later one is shown both', async () => {
      const { id, key } = await f.whole();
      const both = await Promise.allSettled([
        f.saving.invoice(BRENT, id, key, { version: 3, trainer: 'By Fay', lines: [{ key: 'l1', net: '1' }] }),
        f.saving.invoice(BRENT_MANAGER, id, key, { version: 3, trainer: 'By Max', lines: [{ key: 'l1', vat: '9' }] }),
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
      const merged = await f.saving.invoice(by, id, key, { version: 4, trainer: 'By both' });
      expect(merged.version).toBe(5);
    });

    it('disturb nobody on different pages', async () => {
      const { id, key } = await f.whole();
      const { page: other } = await f.changing.add(BRENT, id, { like: key });
      await Promise.all([
        f.saving.invoice(BRENT, id, key, { version: 3, trainer: 'First' }),
        f.saving.invoice(BRENT_MANAGER, id, other, { version: 1, trainer: 'Second' }),
        f.saving.details(BRENT_MANAGER, id, { version: 1, purchaseOrder: 'PO 1' }),
      ]);
      const form = await f.queries.get(BRENT, id);
      expect(form.invoices.map(({ content }) => content.trainer)).toEqual(['First', 'Second']);
      expect(form.details.content.purchaseOrder).toBe('PO 1');
      expect(form.invoices[1]!.content).toMatchObject({ number: '', lines: [{ net: '£1,000.00', deliveredOn: '' }] });
    });

    it('do not disagree when they typed the same', async () => {
      const { id, key } = await f.whole();
      await f.saving.invoice(BRENT, id, key, { version: 3, trainer: 'Same' });
      expect(await f.saving.invoice(BRENT_MANAGER, id, key, { version: 3, trainer: 'Same' })).toMatchObject({
        version: 4,
      });
    });

    it('add a line once, though the page is sent twice', async () => {
      const { id, key } = await f.whole();
      const twice = { version: 3, trainer: 'T', then: { step: 'add_travel' } };
      expect(await f.saving.invoice(BRENT, id, key, twice)).toMatchObject({ version: 4, line: 'l2' });
      expect(await f.saving.invoice(BRENT, id, key, twice)).toMatchObject({ version: 4, line: null });
      expect((await f.queries.get(BRENT, id)).invoices[0]!.content.lines).toHaveLength(2);
    });

    it('keep a line that the other removed meanwhile, and refuse one that never was', async () => {
      const { id, key } = await f.whole();
      await f.saving.invoice(BRENT, id, key, { version: 3, then: { step: 'remove', line: 'l1' } });
      const late = { version: 3, lines: [{ key: 'l1', net: '777' }] };
      const conflict = (await thrown(f.saving.invoice(BRENT_MANAGER, id, key, late))) as PageConflict;
      expect(conflict.theirs.content).toMatchObject({ lines: [] });
      expect(conflict.yours).toMatchObject({ lines: [{ key: 'l1', net: '777', category: 'targeted' }] });
      await f.saving.invoice(BRENT_MANAGER, id, key, { ...late, version: 4 });
      expect((await f.queries.get(BRENT, id)).invoices[0]!.content).toMatchObject({
        lines: [{ net: '777' }],
        removedLines: [],
      });
      expect(
        await codeOf(f.saving.invoice(BRENT, id, key, { version: 5, lines: [{ key: 'l99', kind: 'travel' }] })),
      ).toBe('malformed');
    });

    it('see each other', async () => {
      const { id, key } = await f.whole();
      expect(await f.queries.open(BRENT, id, key)).toEqual([]);
      expect(await f.queries.open(BRENT_MANAGER, id, 'details')).toMatchObject([{ name: 'Fay Finance', page: key }]);
      expect(await f.queries.open(BRENT, id, key)).toMatchObject([{ name: 'Max Manager', page: 'details' }]);
      f.world.now = new Date(f.world.now.getTime() + 16 * 60_000);
      expect(await f.queries.open(BRENT, id, key)).toEqual([]);
    });

    it('start one form of one claim, however many start it at once', async () => {
      const claim = await f.world.draft(BRENT);
      const started = await Promise.all([BRENT, BRENT_MANAGER, BRENT].map((by) => f.starting.run(by, { claim })));
      expect(new Set(started.map(({ id }) => id)).size).toBe(1);
      expect(started.filter(({ existing }) => !existing)).toHaveLength(1);
    });
  });

  describe('their trainer invoices', () => {
    it('are removed with what was seen of them, and come back as they were', async () => {
      const { id, key, number } = await f.whole();
      expect(await codeOf(f.changing.remove(BRENT, id, key, { version: 1 }))).toBe('form_page_changed');
      await f.changing.remove(BRENT, id, key, { version: 3 });
      const removed = await f.queries.get(BRENT, id);
      expect(removed).toMatchObject({
        invoices: [],
        complete: false,
        removed: [{ key, title: `A Trainer Ltd, invoice ${number}` }],
      });
      expect(await codeOf(f.saving.invoice(BRENT, id, key, { version: 4, trainer: 'x' }))).toBe('not_found');
      await f.changing.restore(BRENT, id, key);
      expect(await f.queries.get(BRENT, id)).toMatchObject({ complete: true, removed: [] });
    });

    it('are fifty at most, and the database says so too', async () => {
      const { id } = await f.starting.run(BRENT, {});
      for (let at = 0; at < 50; at++) await f.changing.add(BRENT, id, {});
      expect(await codeOf(f.changing.add(BRENT, id, {}))).toBe('too_many_invoices');
      const direct = f.world.admin.query(
        `INSERT INTO claim_form_page (form_id, key, authority_code, slot, content, updated_by, updated_at)
         VALUES ($1, 'one-more', 'BRENT', 51, '{}', $2, now())`,
        [id, BRENT.userId],
      );
      await expect(direct).rejects.toMatchObject({ constraint: 'claim_form_page_slot_check' });
      const [first] = (await f.queries.get(BRENT, id)).invoices;
      await f.changing.remove(BRENT, id, first!.key, { version: 1 });
      await f.changing.add(BRENT, id, {});
      expect(await codeOf(f.changing.restore(BRENT, id, first!.key))).toBe('too_many_invoices');
    });

    it('have two hundred lines and half a megabyte at most', async () => {
      const { id, key } = await f.whole();
      const rows = [
        'kind\tdescription\tnet\tvatRate\tvat',
        ...Array.from({ length: 199 }, () => 'travel\tBus\t1\t0\t0'),
      ];
      await f.pasting.intoInvoice(BRENT, id, key, rows.join('\n'), { version: 3 });
      expect(await codeOf(f.saving.invoice(BRENT, id, key, { version: 4, then: { step: 'add_travel' } }))).toBe(
        'too_many_lines',
      );
      const lines = Array.from({ length: 200 }, (_, at) => ({ key: `l${at + 1}`, deliveredOn: 'x'.repeat(2_600) }));
      expect(await codeOf(f.saving.invoice(BRENT, id, key, { version: 4, lines }))).toBe('form_page_too_large');
      expect(await codeOf(f.saving.invoice(BRENT, id, key, { version: 4, trainer: 'x'.repeat(1_001) }))).toBe(
        'malformed',
      );
    });
  });

  describe('rows from a spreadsheet', () => {
    const HEADING =
      'Trainer name\tInvoice number\tInvoice date\tType\tCategory\tDay rate\tDescription\tBooked\tDelivered\tDays\tNet (£)\tVAT %\tVAT (£)';
    const row = (trainer: string, of: string, net = '£1,000.00') =>
      [
        trainer,
        of,
        '14/03/2018',
        'Training',
        'Targeted',
        'Standard',
        'Two days',
        '10/01/2018',
        '12/03/2018',
        '1',
        net,
        '0%',
        '0',
      ].join('\t');

    it('join the trainer invoices they name and begin the others', async () => {
      const { id, key, number } = await f.whole();
      const text = [HEADING, row('a trainer LTD', number.toLowerCase()), row('New', 'N-1'), row('New', 'n 1')].join(
        '\r\n',
      );
      const pasted = await f.pasting.run(BRENT, id, text);
      expect(pasted).toMatchObject({ rows: 3, pages: [key, expect.any(String)] });
      const { invoices } = await f.queries.get(BRENT, id);
      expect(invoices.map(({ content }) => [content.trainer, content.lines.length])).toEqual([
        ['A Trainer Ltd', 2],
        ['New', 2],
      ]);
      expect(invoices[1]!.content.lines[0]).toMatchObject({
        category: 'targeted',
        bookedOn: '10/1/2018',
        net: '1000.00',
      });
    });

    it('are all taken or none, and every failing one is named with its reason', async () => {
      const { id } = await f.whole();
      const text = [HEADING, row('New', 'N-1'), row('New', 'N-1', 'ten'), row('', 'N-2')].join('\n');
      const refusal = await thrown(f.pasting.run(BRENT, id, text));
      expect(refusal.code).toBe('import_rejected');
      expect(refusal.problems.map(({ path, code }) => `${path}: ${code}`)).toEqual([
        'row 3, Net (£): not_an_amount',
        'row 4, Trainer name: required',
      ]);
      expect((await f.queries.get(BRENT, id)).invoices).toHaveLength(1);
      expect((await thrown(f.pasting.run(BRENT, id, 'what\tis\tthis'))).code).toBe('import_rejected');
      expect(await codeOf(f.pasting.run(BRENT, id, ' '))).toBe('malformed');
      const two = [
        'claim,kind,trainer,number,issuedOn,description,net,vatRate,vat',
        '1,travel,T,1,1/3/2018,Bus,1,0,0',
        '2,travel,T,1,1/3/2018,Bus,1,0,0',
      ];
      expect((await thrown(f.pasting.run(BRENT, id, two.join('\n')))).problems).toMatchObject([
        { path: 'row 3, claim', code: 'rows_disagree' },
      ]);
    });

    it('go into one trainer invoice without naming it, unless somebody wrote there meanwhile', async () => {
      const { id, key } = await f.whole();
      const text = 'type,description,net amount,VAT rate,VAT\ntravel,"Rail, return",156.40,20,31.28\n';
      await f.pasting.intoInvoice(BRENT, id, key, text, { version: 3 });
      expect((await f.queries.get(BRENT, id)).invoices[0]!.content.lines[1]).toMatchObject({
        key: 'l2',
        description: 'Rail, return',
        vat: '31.28',
      });
      const conflict = (await thrown(f.pasting.intoInvoice(BRENT, id, key, text, { version: 3 }))) as PageConflict;
      expect(conflict.yours).toMatchObject({ lines: [{}, {}, { description: 'Rail, return' }] });
    });
  });
});
