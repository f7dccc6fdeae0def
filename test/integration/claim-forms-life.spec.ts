import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { commandContext, IdempotentReplay, type Actor } from '#platform/database';
import { codeOf, Forms, thrown } from './claim-forms-support.js';
import { AUDITOR, BRENT, BRENT_MANAGER, BRISTOL, MTM_FINANCE } from './evidence-support.js';

let f: Forms;
beforeAll(async () => {
  f = await Forms.open();
});
afterAll(() => f?.world.close());

describe('the life of claim forms', () => {
  describe('finished', () => {
    it('become a draft once, and what it says from then on', async () => {
      const { id, key } = await f.whole();
      const { version } = await f.queries.get(BRENT, id);
      const first = await f.finishing.run(BRENT, id, { version });
      expect(await f.finishing.run(BRENT, id, {})).toEqual(first);
      expect((await f.queries.get(BRENT, id)).agreesWithClaim).toBe(true);
      await f.saving.invoice(BRENT_MANAGER, id, key, { version: 3, lines: [{ key: 'l1', net: '900', vat: '180' }] });
      expect((await f.queries.get(BRENT, id)).agreesWithClaim).toBe(false);
      expect(await f.finishing.run(BRENT_MANAGER, id, {})).toEqual({ ...first, version: 2 });
      expect(await f.world.actions(first.claim)).toEqual(['claim.drafted', 'claim.edited']);
      const { rows } = await f.world.admin.query(
        'SELECT total_pence::int AS total, makers::text[] FROM claim WHERE id = $1',
        [first.claim],
      );
      expect(rows).toEqual([{ total: 45_000, makers: [BRENT.userId, BRENT_MANAGER.userId] }]);
    });

    it('are one draft for one Idempotency-Key, and for two people at once', async () => {
      const { id } = await f.whole();
      const context = () => ({
        callerId: BRENT.userId,
        key: `finish-${id}`,
        inputHash: 'a'.repeat(64),
        route: 'POST /x',
      });
      const first = await commandContext.run(context(), () => f.finishing.run(BRENT, id, {}));
      const again: unknown = await commandContext
        .run(context(), () => f.finishing.run(BRENT, id, {}))
        .catch((e: unknown) => e);
      expect(again).toBeInstanceOf(IdempotentReplay);
      expect((again as IdempotentReplay).body).toEqual(first);
      const other = await f.whole();
      const claims = await Promise.all([BRENT, BRENT_MANAGER].map((by) => f.finishing.run(by, other.id, {})));
      expect(claims[0]!.claim).toBe(claims[1]!.claim);
    });

    it('are refused while something is missing, by page and field', async () => {
      const { id, key } = await f.whole();
      expect(await codeOf(f.finishing.run(BRENT, id, { version: 1 }))).toBe('version_stale');
      await f.saving.invoice(BRENT, id, key, { version: 3, paidOn: 'soon', lines: [{ key: 'l1', net: '' }] });
      const refusal = await thrown(f.finishing.run(BRENT, id, {}));
      expect(refusal.code).toBe('form_incomplete');
      expect(refusal.problems.map(({ path }) => path)).toEqual([`${key}/paidOn`, `${key}/lines.l1.net`]);
      const empty = await f.starting.run(BRENT, {});
      expect((await thrown(f.finishing.run(BRENT, empty.id, {}))).problems.map(({ path }) => path)).toEqual([
        'details/invoices',
      ]);
    });

    it('never overwrite what changed elsewhere without being told to', async () => {
      const { id, number } = await f.whole();
      const { claim } = await f.finishing.run(BRENT, id, {});
      const { rows } = await f.world.admin.query<{ version: number }>('SELECT version FROM claim WHERE id = $1', [
        claim,
      ]);
      const body = {
        programme: 'EIP2',
        authority: 'BRENT',
        purchaseOrder: 'elsewhere',
        trainerInvoices: [invoiceBody(number)],
      };
      await f.drafts.replace(BRENT, claim, body, rows[0]!.version);
      expect(await codeOf(f.finishing.run(BRENT, id, {}))).toBe('claim_changed_elsewhere');
      expect((await f.starting.run(BRENT, { claim })).existing).toBe(true);
      await f.finishing.run(BRENT, id, { changedElsewhere: 'keep' });
      const after = await f.world.admin.query('SELECT purchase_order FROM claim WHERE id = $1', [claim]);
      expect(after.rows).toEqual([{ purchase_order: null }]);
    });

    it('leave the list once the claim is submitted, are closed, and open again with what it said when it is returned', async () => {
      await f.world.admin.query(
        `UPDATE authority_profile SET address_lines = '{1 High Street}', postcode = 'HA9 0FJ' WHERE authority_code = 'BRENT'`,
      );
      const { id, key } = await f.whole();
      const { claim } = await f.finishing.run(BRENT, id, {});
      await f.submitting.run(BRENT, claim, {});
      expect((await f.queries.list(BRENT)).map((form) => form.id)).not.toContain(id);
      expect(await codeOf(f.saving.invoice(BRENT, id, key, { version: 3, trainer: 'x' }))).toBe('state_conflict');
      expect(await codeOf(f.starting.run(BRENT, { claim }))).toBe('state_conflict');
      await f.world.force(claim, 'returned');
      expect(await f.starting.run(BRENT, { claim })).toEqual({ id, existing: true, putAway: false });
      expect((await f.queries.get(BRENT, id)).agreesWithClaim).toBe(true);
    });
  });

  it('start from a draft with all it says, and like an earlier claim without its numbers and dates', async () => {
    const claim = await f.world.draft(BRENT);
    const from = await f.queries.get(BRENT, (await f.starting.run(BRENT, { claim })).id);
    expect(from).toMatchObject({ claimId: claim, complete: true, agreesWithClaim: true });
    expect(from.invoices[0]!.content).toMatchObject({ number: claim, issuedOn: '14/3/2018' });
    const like = await f.queries.get(BRENT, (await f.starting.run(BRENT, { like: claim })).id);
    expect(like).toMatchObject({ claimId: null, complete: false });
    expect(like.invoices[0]!.content).toMatchObject({ number: '', trainer: 'A Trainer Ltd' });
  });

  it('are put away and taken out again, unless the claim has another by then', async () => {
    const claim = await f.world.draft(BRENT);
    const { id } = await f.starting.run(BRENT, { claim });
    await f.discarding.run(BRENT, id);
    expect((await f.queries.list(BRENT)).map((form) => form.id)).not.toContain(id);
    expect(await codeOf(f.saving.details(BRENT, id, { version: 1, purchaseOrder: '1' }))).toBe('form_discarded');
    await f.discarding.undo(BRENT, id);
    await f.discarding.run(BRENT, id);
    expect((await f.starting.run(BRENT, { claim })).existing).toBe(false);
    expect(await codeOf(f.discarding.undo(BRENT, id))).toBe('form_exists');
  });

  it('are two hundred an authority at most', async () => {
    const { rows } = await f.world.admin.query<{ id: string }>(
      `INSERT INTO claim_form (id, programme_code, authority_code, created_by, created_at, updated_by, updated_at)
       SELECT gen_random_uuid(), 'EIP2', 'BRISTOL', $1, now(), $1, now() FROM generate_series(1, 200) RETURNING id`,
      [BRISTOL.userId],
    );
    expect(await codeOf(f.starting.run(BRISTOL, {}))).toBe('too_many_forms');
    await f.world.admin.query('DELETE FROM claim_form WHERE id = ANY ($1)', [rows.map(({ id }) => id)]);
  });

  describe('of another authority', () => {
    const as = (actor: Actor, id: string, key: string): [string, () => Promise<unknown>][] => [
      ['read', () => f.queries.get(actor, id)],
      ['read as written', () => f.queries.written(actor, id)],
      ['opened', () => f.queries.open(actor, id, key)],
      ['calculated', () => f.queries.working(actor, id, key, { version: 1 })],
      ['saved', () => f.saving.invoice(actor, id, key, { version: 3, trainer: 'x' })],
      ['saved (details)', () => f.saving.details(actor, id, { version: 1, purchaseOrder: 'x' })],
      ['added to', () => f.changing.add(actor, id, {})],
      ['removed from', () => f.changing.remove(actor, id, key, { version: 3 })],
      ['pasted into', () => f.pasting.run(actor, id, 'kind,description\n')],
      ['finished', () => f.finishing.run(actor, id, {})],
      ['discarded', () => f.discarding.run(actor, id)],
      ['restored', () => f.discarding.undo(actor, id)],
    ];
    it('are not there', async () => {
      const { id, key } = await f.whole();
      const answers = await Promise.all(as(BRISTOL, id, key).map(async ([what, work]) => [what, await codeOf(work())]));
      expect(answers.filter(([, code]) => code !== 'not_found')).toEqual([]);
      expect(await codeOf(f.starting.run(BRISTOL, { claim: await f.world.draft(BRENT) }))).toBe('not_found');
      expect((await f.queries.list(BRISTOL)).map((form) => form.id)).not.toContain(id);
    });
    it('are refused to whoever may not prepare claims', async () => {
      const { id, key } = await f.whole();
      for (const actor of [MTM_FINANCE, AUDITOR]) {
        const codes = await Promise.all(as(actor, id, key).map(([, work]) => codeOf(work())));
        expect(new Set(codes)).toEqual(new Set(['role_not_allowed']));
        expect(await codeOf(f.starting.run(actor, {}))).toBe('role_not_allowed');
        await expect((async () => f.queries.list(actor))()).rejects.toMatchObject({ code: 'role_not_allowed' });
      }
    });
    it.each(['nonsense', uuid()])('nor is a form with the id %s', async (id) => {
      const codes = await Promise.all(as(BRENT, id, 'x').map(([, work]) => codeOf(work())));
      expect(new Set(codes)).toEqual(new Set(['not_found']));
    });
  });

  it('leave a trail of hashes and keys, and no name', async () => {
    const { id } = await f.whole();
    const { rows } = await f.world.admin.query<{ action: string; text: string }>(
      'SELECT action, audit_entry::text AS text FROM audit_entry WHERE subject_id = $1 ORDER BY seq',
      [id],
    );
    expect(rows.map(({ action }) => action)).toEqual([
      ...['claim_form.started', 'claim_form.invoice_added', 'claim_form.page_saved', 'claim_form.page_saved'],
    ]);
    expect(rows.map(({ text }) => text).join()).not.toContain('Trainer');
  });

  it('put away are listed a page at a time, the last one first, while they can be taken out again', async () => {
    const away: string[] = [];
    for (let at = 0; at < 3; at++) {
      const { id } = await f.starting.run(BRENT, {});
      await f.discarding.run(at === 1 ? BRENT_MANAGER : BRENT, id);
      away.unshift(id);
    }
    const first = await f.queries.putAway(BRENT, { limit: '2' });
    expect(first.items.map(({ id }) => id)).toEqual(away.slice(0, 2));
    expect(first.items[1]!.putAway.by.id).toBe(BRENT_MANAGER.userId);
    const next = await f.queries.putAway(BRENT_MANAGER, { limit: '1', cursor: first.nextCursor! });
    expect(next.items.map(({ id }) => id)).toEqual(away.slice(2));
    expect((await f.queries.putAway(BRISTOL, {})).items).toEqual([]);
    for (const actor of [MTM_FINANCE, AUDITOR]) expect(await codeOf(asked(actor))).toBe('role_not_allowed');
    // Of a claim that is no longer its authority's to edit nothing can be taken out.
    const { id } = await f.whole();
    const { claim } = await f.finishing.run(BRENT, id, {});
    await f.discarding.run(BRENT, id);
    expect((await f.queries.putAway(BRENT, {})).items[0]!.id).toBe(id);
    await f.submitting.run(BRENT, claim, {}, 1);
    expect((await f.queries.putAway(BRENT, {})).items[0]!.id).toBe(away[0]);
  });
});

const invoiceBody = (number: string) => ({
  trainer: { name: 'A Trainer Ltd', vatNumber: 'GB999999973', country: 'GB' },
  ...{ number, issuedOn: '2018-03-14', paidOn: '2018-03-28' },
  lines: [{ kind: 'travel', description: 'Rail', netPence: 1_000, vatRate: '0', vatPence: 0 }],
});

const asked = async (actor: Actor): Promise<unknown> => f.queries.putAway(actor, {});
