import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalFields, checkpointHash, entryHash, NO_HASH, type StoredEntry } from './canonical.js';

/** Reads the bytes back: what can be read back one way only was written one way only. */
function decode(bytes: Buffer): (string | null)[] {
  const fields: (string | null)[] = [];
  for (let at = 0; at < bytes.length;) {
    if (bytes.toString('latin1', at, at + 2) === '-,') {
      fields.push(null);
      at += 2;
      continue;
    }
    const colon = bytes.indexOf(':', at);
    const length = Number(bytes.toString('latin1', at, colon));
    fields.push(bytes.toString('utf8', colon + 1, colon + 1 + length));
    expect(bytes.toString('latin1', colon + 1 + length, colon + 2 + length)).toBe(',');
    at = colon + 2 + length;
  }
  return fields;
}

const tricky = fc.oneof(
  fc.constantFrom('', '-', ',', '-,', '1:', '3:a,b', ':', 'é', '0:,'),
  fc.string({ unit: 'grapheme' }),
);
const fields = fc.array(fc.option(tricky), { maxLength: 12 });

const entry: StoredEntry = {
  chain: 'BRENT',
  seq: 2,
  at: '2018-03-20T09:00:00.123Z',
  actorId: '01890a5d-ac96-774b-bcce-b302099a8001',
  actorRoles: ['la_finance', 'la_manager'],
  organisation: 'BRENT',
  action: 'claim.submitted',
  subjectType: 'claim',
  subjectId: 'c1',
  claimId: null,
  before: null,
  after: '{"a": 1}',
  reason: null,
  requestId: 'r1',
  prevHash: NO_HASH,
  hash: NO_HASH,
};

describe('the bytes an entry is hashed over', () => {
  it('can be read back, so that no two lists of fields share them', () => {
    fc.assert(fc.property(fields, (given) => expect(decode(canonicalFields(given))).toEqual(given)));
  });

  it('differ for null, empty text and a field less', () => {
    const all = [[null], [''], [], ['-'], ['', null], [null, '']].map((given) => canonicalFields(given).toString());
    expect(new Set(all).size).toBe(all.length);
  });

  it('count bytes, not characters', () => {
    expect(canonicalFields(['é', null, 'a']).toString()).toBe('2:é,-,1:a,');
  });

  it('are those of the fields in the documented order, after the previous hash', () => {
    const text =
      '14:audit-entry-v1,5:BRENT,1:2,24:2018-03-20T09:00:00.123Z,36:01890a5d-ac96-774b-bcce-b302099a8001,' +
      '27:["la_finance","la_manager"],5:BRENT,15:claim.submitted,5:claim,2:c1,-,-,8:{"a": 1},-,2:r1,';
    const expected = createHash('sha256').update(Buffer.alloc(32)).update(text).digest('hex');
    expect(entryHash(entry).toString('hex')).toBe(expected);
  });

  it('make every field count', () => {
    const changes: Partial<StoredEntry>[] = [
      { chain: 'X' },
      { seq: 3 },
      { at: '2018-03-20T09:00:00.124Z' },
      { actorId: '01890a5d-ac96-774b-bcce-b302099a8002' },
      { actorRoles: ['la_finance,la_manager'] },
      { organisation: 'X' },
      { action: 'x' },
      { subjectType: 'x' },
      { subjectId: 'x' },
      { claimId: entry.actorId },
      { before: '{}' },
      { after: null },
      { after: '{"a": 1.0}' },
      { reason: '' },
      { requestId: null },
      { prevHash: Buffer.alloc(32, 1) },
      // The same letters with a boundary moved.
      { subjectType: 'clai', subjectId: 'mc1' },
    ];
    const hashes = [entry, ...changes.map((change) => ({ ...entry, ...change }))].map((one) =>
      entryHash(one).toString('hex'),
    );
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('the hash of a checkpoint', () => {
  const head = (chain: string, seq = 1) => ({ chain, seq, hash: 'ab'.repeat(32) });
  const checkpoint = {
    number: 1,
    at: entry.at,
    heads: [head('BRENT'), head('BRISTOL')],
    previousHash: '00'.repeat(32),
  };

  it('does not depend on the order the heads are listed in, and on everything else it does', () => {
    const hash = checkpointHash(checkpoint);
    expect(checkpointHash({ ...checkpoint, heads: [...checkpoint.heads].reverse() })).toBe(hash);
    const others = [
      { ...checkpoint, number: 2 },
      { ...checkpoint, at: '2018-03-20T09:00:00.124Z' },
      { ...checkpoint, heads: [head('BRENT')] },
      { ...checkpoint, heads: [head('BRENT', 2), head('BRISTOL')] },
      { ...checkpoint, previousHash: '01'.repeat(32) },
    ];
    for (const other of others) expect(checkpointHash(other)).not.toBe(hash);
  });
});
