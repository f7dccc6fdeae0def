import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Actor } from '#platform/database';
import { AddEvidence, MOST_EVIDENCE_BYTES } from '../../libs/claims/evidence/add-evidence.js';
import { evidenceFlags } from '../../libs/claims/evidence/evidence.queries.js';
import { type EvidenceView } from '../../libs/claims/evidence/evidence.input.js';
import { ReadEvidence } from '../../libs/claims/evidence/read-evidence.js';
import { RemoveEvidence } from '../../libs/claims/evidence/remove-evidence.js';
import { aCsv, aPdf, aPng } from '../builders/evidence-files.js';
import {
  AUDITOR,
  BRENT,
  BRENT_MANAGER,
  BRISTOL,
  ClaimsWorld,
  MTM_APPROVER,
  MTM_FINANCE,
  sent,
} from './evidence-support.js';

describe('evidence', () => {
  let world: ClaimsWorld;
  let adding: AddEvidence;
  let reading: ReadEvidence;
  let removing: RemoveEvidence;
  let files = 0;

  beforeAll(async () => {
    world = await ClaimsWorld.open();
    adding = new AddEvidence(world.uow, world.storage);
    reading = new ReadEvidence(world.uow, world.storage);
    removing = new RemoveEvidence(world.uow);
  });
  afterAll(() => world?.close());

  /** A file of content of its own unless it is given. */
  async function add(
    actor: Actor,
    claimId: string,
    fields: object = {},
    bytes = aPdf(`${files++}`),
  ): Promise<EvidenceView> {
    await adding.check(actor, claimId);
    const { items } = await adding.add(actor, claimId, [await adding.receive(sent(bytes), 0)], fields);
    return items[0]!;
  }

  const list = (actor: Actor, claimId: string) => reading.list(actor, claimId, { limit: 50, after: null });
  const flags = async (actor: Actor, ...ids: string[]): Promise<string[][]> => {
    const found = await world.uow.read(actor, (tx) => evidenceFlags(tx, ids));
    return ids.map((id) => [...(found.get(id) ?? [])]);
  };

  it('is kept with what was found from its bytes, and on the claim’s trail without a name', async () => {
    const claimId = await world.draft(BRENT, 'INV-1');
    const [invoice] = await world.trainerInvoices(claimId);
    const received = [
      await adding.receive(sent(aPdf(), 'C:\\scans\\Rechnung Müller.pdf'), 0),
      await adding.receive(sent(aPng(), 'photo.jpg', 'image/jpeg'), 1),
    ];
    const { items } = await adding.add(BRENT_MANAGER, claimId, received, {
      trainerInvoiceId: invoice,
      description: 'Invoice and photograph',
    });
    expect(items).toMatchObject([
      {
        claimId,
        trainerInvoiceId: invoice,
        fileName: 'Rechnung Müller.pdf',
        description: 'Invoice and photograph',
        mediaType: 'application/pdf',
        declaredOtherwise: false,
        size: aPdf().length,
        uploadedBy: BRENT_MANAGER.userId,
        uploadedAt: '2018-04-03T09:00:00.000Z',
        removedAt: null,
      },
      { fileName: 'photo.jpg', mediaType: 'image/png', declaredOtherwise: true },
    ]);
    expect(await list(BRENT, claimId)).toEqual(items);
    expect(await world.actions(claimId)).toEqual(['evidence.added', 'evidence.added']);
    const { rows } = await world.admin.query<{ text: string }>(
      `SELECT string_agg(e::text, ' ') AS text FROM audit_entry e WHERE claim_id = $1`,
      [claimId],
    );
    expect(rows[0]!.text).toContain(items[0]!.sha256);
    expect(rows[0]!.text).not.toMatch(/Müller|photo|photograph/);
  });

  it('is served byte for byte under safe headers, in place only when PDF or image', async () => {
    const claimId = await world.draft(BRENT);
    const pdf = await add(BRENT, claimId);
    const csv = await add(BRENT, claimId, {}, aCsv());
    const shown = await reading.content(MTM_APPROVER, claimId, pdf.id);
    expect(shown.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(pdf.size),
      'content-disposition': expect.stringMatching(/^inline; filename="invoice.pdf"/),
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(/^default-src 'none'.*sandbox$/),
    });
    const saved = await reading.content(AUDITOR, claimId, csv.id);
    expect(saved.headers['content-disposition']).toMatch(/^attachment; filename="invoice.pdf.csv"/);
    expect((await buffer(await saved.open())).equals(aCsv())).toBe(true);
  });

  it('is not served once its bytes are not those recorded, or are gone', async () => {
    const claimId = await world.draft(BRENT);
    const { id, sha256 } = await add(BRENT, claimId);
    const path = join(world.folder, 'storage', 'sha256', sha256.slice(0, 2), sha256.slice(2));
    const content = await reading.content(BRENT, claimId, id);
    await writeFile(path, 'tampered');
    await expect(content.open()).rejects.toMatchObject({ kind: 'unavailable', code: 'stored_file_damaged' });
    await world.storage.remove(`sha256/${sha256.slice(0, 2)}/${sha256.slice(2)}`);
    await expect(content.open()).rejects.toMatchObject({ kind: 'unavailable', code: 'stored_file_damaged' });
  });

  it('is refused by size and by bytes, naming the file, and leaves nothing in storage', async () => {
    const stored = () => readdir(join(world.folder, 'storage'), { recursive: true });
    const before = await stored();
    const tooLarge = Buffer.concat([aPdf(), Buffer.alloc(MOST_EVIDENCE_BYTES)]);
    await expect(adding.receive(sent(tooLarge), 3)).rejects.toMatchObject({
      kind: 'too_large',
      code: 'file_too_large',
      problems: [{ path: 'files[3]', code: 'file_too_large' }],
    });
    await expect(adding.receive(sent(Buffer.from('MZ\0executable'), 'invoice.pdf'), 0)).rejects.toMatchObject({
      kind: 'unsupported_type',
      code: 'evidence_type_not_allowed',
    });
    await expect(adding.receive(sent(Buffer.alloc(0)), 0)).rejects.toMatchObject({ code: 'file_empty' });
    expect(await stored()).toEqual(before);
    const largest = Buffer.concat([aPdf(), Buffer.alloc(MOST_EVIDENCE_BYTES - aPdf().length)]);
    expect((await adding.receive(sent(largest), 0)).size).toBe(10 * 1024 * 1024);
  });

  it('is another authority’s business to nobody: not found', async () => {
    const claimId = await world.draft(BRENT);
    const { id } = await add(BRENT, claimId);
    const nothing = { kind: 'not_found' };
    await expect(adding.check(BRISTOL, claimId)).rejects.toMatchObject(nothing);
    await expect(list(BRISTOL, claimId)).rejects.toMatchObject(nothing);
    await expect(reading.content(BRISTOL, claimId, id)).rejects.toMatchObject(nothing);
    await expect(removing.run(BRISTOL, claimId, id, { reason: 'x' })).rejects.toMatchObject(nothing);
    const other = await world.draft(BRENT);
    await expect(reading.content(BRENT, other, id)).rejects.toMatchObject(nothing);
    for (const wrong of ['x', '../..', `${claimId}'`]) {
      await expect(list(BRENT, wrong)).rejects.toMatchObject(nothing);
      await expect(reading.content(BRENT, claimId, wrong)).rejects.toMatchObject(nothing);
    }
  });

  it('shows no row to a query that runs without an authority', async () => {
    await add(BRENT, await world.draft(BRENT));
    const runner = world.source.createQueryRunner();
    for (const table of ['evidence', 'claim_import']) {
      expect((await runner.query(`SELECT * FROM ${table}`)) as unknown[]).toEqual([]);
    }
    await runner.release();
  });

  const cases: [string, Actor, string | null][] = [
    ['draft', BRENT, null],
    ['draft', MTM_FINANCE, 'state_conflict'],
    ['returned', MTM_FINANCE, 'state_conflict'],
    ['submitted', BRENT, null],
    ['submitted', MTM_FINANCE, null],
    ['reviewed', BRENT_MANAGER, null],
    ['approved', MTM_FINANCE, null],
    ['withdrawn', BRENT, 'state_conflict'],
    ['rejected', MTM_FINANCE, 'state_conflict'],
    ['submitted', MTM_APPROVER, 'role_not_allowed'],
    ['submitted', AUDITOR, 'role_not_allowed'],
  ];
  it.each(cases.map(([state, actor, code]) => ({ state, actor, code, role: actor.roles[0] })))(
    'on a $state claim, added by $role: $code',
    async ({ state, actor, code }) => {
      const claimId = await world.draft(BRENT);
      if (state !== 'draft') await world.force(claimId, state);
      const added = add(actor, claimId);
      if (code === null) await expect(added).resolves.toMatchObject({ claimId });
      else await expect(added).rejects.toMatchObject({ code });
    },
  );

  it('makes who added it a maker, who cannot approve', async () => {
    const claimId = await world.draft(BRENT);
    await world.force(claimId, 'submitted');
    await add(MTM_FINANCE, claimId);
    await add(MTM_FINANCE, claimId);
    const { rows } = await world.admin.query('SELECT makers::text[] FROM claim WHERE id = $1', [claimId]);
    expect(rows).toEqual([{ makers: [BRENT.userId, MTM_FINANCE.userId] }]);
  });

  it('belongs to a trainer invoice of this claim only, and has known fields only', async () => {
    const claimId = await world.draft(BRENT);
    const [elsewhere] = await world.trainerInvoices(await world.draft(BRENT));
    await expect(add(BRENT, claimId, { trainerInvoiceId: elsewhere })).rejects.toMatchObject({
      kind: 'refused',
      code: 'trainer_invoice_unknown',
    });
    await expect(add(BRENT, claimId, { sha256: 'x' })).rejects.toMatchObject({ kind: 'malformed' });
    await expect(adding.add(BRENT, claimId, [], {})).rejects.toMatchObject({ kind: 'malformed' });
    expect(await list(BRENT, claimId)).toEqual([]);
  });

  it('is removed from drafts and returned claims with a reason, its record kept and its content hidden', async () => {
    const claimId = await world.draft(BRENT);
    const { id } = await add(BRENT, claimId);
    await expect(removing.run(BRENT, claimId, id, {})).rejects.toMatchObject({ kind: 'malformed' });
    await expect(removing.run(MTM_FINANCE, claimId, id, { reason: 'x' })).rejects.toMatchObject({ kind: 'forbidden' });
    world.now = new Date('2018-04-04T10:00:00.000Z');
    const removed = await removing.run(BRENT_MANAGER, claimId, id, { reason: 'Wrong claim' });
    expect(removed).toMatchObject({
      removedAt: '2018-04-04T10:00:00.000Z',
      removedBy: BRENT_MANAGER.userId,
      removedReason: 'Wrong claim',
    });
    expect(await list(AUDITOR, claimId)).toEqual([removed]);
    await expect(reading.content(BRENT, claimId, id)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(removing.run(BRENT, claimId, id, { reason: 'x' })).rejects.toMatchObject({
      code: 'evidence_already_removed',
    });
    expect(await world.actions(claimId)).toEqual(['evidence.added', 'evidence.removed']);

    const kept = await add(BRENT, claimId);
    await world.force(claimId, 'submitted');
    await expect(removing.run(BRENT, claimId, kept.id, { reason: 'x' })).rejects.toMatchObject({
      code: 'state_conflict',
    });
  });

  it('cannot be changed otherwise by what processes work as', async () => {
    const claimId = await world.draft(BRENT);
    const { id } = await add(BRENT, claimId);
    for (const change of [
      'UPDATE evidence SET sha256 = sha256',
      'DELETE FROM evidence',
      'UPDATE claim_import SET row_count = 1',
    ]) {
      await expect(world.uow.run(BRENT, (tx) => tx.execute(change))).rejects.toThrow(/permission denied/);
    }
    expect(await list(BRENT, claimId)).toMatchObject([{ id }]);
  });

  it('is listed in pages', async () => {
    const claimId = await world.draft(BRENT);
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) ids.push((await add(BRENT, claimId)).id);
    const first = await reading.list(BRENT, claimId, { limit: 1, after: null });
    expect(first.map(({ id }) => id)).toEqual(ids.slice(0, 2)); // one too many says there is more
    const rest = await reading.list(BRENT, claimId, { limit: 5, after: ids[0]! });
    expect(rest.map(({ id }) => id)).toEqual(ids.slice(1));
  });

  describe('flags', () => {
    it('a claim as missing evidence until each trainer invoice has some, its own or the claim’s', async () => {
      const claimId = await world.draft(BRENT, 'INV-1', 'INV-2');
      const [one, two] = await world.trainerInvoices(claimId);
      expect(await flags(BRENT, claimId)).toEqual([['evidence_missing']]);
      await add(BRENT, claimId, { trainerInvoiceId: one });
      expect(await flags(BRENT, claimId)).toEqual([['evidence_missing']]);
      const second = await add(BRENT, claimId, { trainerInvoiceId: two });
      expect(await flags(BRENT, claimId)).toEqual([[]]);
      await removing.run(BRENT, claimId, second.id, { reason: 'x' });
      expect(await flags(BRENT, claimId)).toEqual([['evidence_missing']]);
      await add(BRENT, claimId);
      expect(await flags(BRENT, claimId)).toEqual([[]]);
    });

    it('content used on another claim, to an authority only when both are its own', async () => {
      const [here, there, abroad] = [await world.draft(BRENT), await world.draft(BRENT), await world.draft(BRISTOL)];
      const shared = aPdf('shared');
      await add(BRENT, here, {}, shared);
      await add(BRENT, here, {}, shared);
      expect(await flags(BRENT, here)).toEqual([[]]); // twice on one claim is no reuse
      await add(BRISTOL, abroad, {}, shared);
      expect(await flags(BRENT, here)).toEqual([[]]);
      expect(await flags(BRISTOL, abroad)).toEqual([[]]);
      expect(await flags(MTM_FINANCE, here, abroad)).toEqual([['evidence_reused'], ['evidence_reused']]);
      const { id } = await add(BRENT, there, {}, shared);
      expect(await flags(BRENT, here, there)).toEqual([['evidence_reused'], ['evidence_reused']]);
      await removing.run(BRENT, there, id, { reason: 'x' });
      expect(await flags(BRENT, here, there)).toEqual([[], ['evidence_missing']]);
    });
  });
});
