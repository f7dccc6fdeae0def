import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { brokenInvariants } from '../support/invariants.js';
import { Claims, simpleBody } from './claims-support.js';
import { random } from '../support/random.js';
import { Walk } from './claims-walk.js';

describe('a random walk of several people at once', () => {
  let service: Service;
  beforeAll(async () => {
    service = await Service.start();
  });
  afterAll(() => service?.stop());

  it('breaks nothing that always holds', async () => {
    // A walk that did nothing would break nothing: each of these has to have happened.
    const until = ['draft 201', 'submit 200', 'review 200', 'findings 200', 'approve 200', 'return 200', 'move 201'];
    const walk = new Walk(service, { seed: 20_180_403, rounds: 45, atOnce: 6, until });
    await walk.run();
    expect([...walk.tally.keys()]).toEqual(expect.arrayContaining(until));
    expect([...walk.tally.keys()].filter((key) => / (403|409|422)$/.test(key)).length).toBeGreaterThan(3);
  });

  it('would notice: what is broken on purpose is found', async () => {
    const claims = new Claims(service);
    // Of an authority that did not walk: the others may have no days left.
    await claims.approved(simpleBody('BRISTOL'));
    await claims.submitted(simpleBody('BRISTOL'));
    const tampering: readonly [string, string][] = [
      [
        'allocationDifferences',
        'UPDATE allocation SET used_days = used_days + 0.001 WHERE allotted_days - reserved_days - used_days > 1',
      ],
      ['numberGaps', `UPDATE number_series SET last = last + 1`],
      ['poolDifferences', 'UPDATE allocation_pool SET reserve_days = reserve_days + 1'],
      ['claimedTwice', 'UPDATE trainer_invoice SET live = NOT live WHERE live'],
      [
        'wrongCredits',
        `UPDATE claim SET approved_pence = approved_pence - 1 WHERE state = 'approved' AND approved_pence > 1`,
      ],
      ['wrongClaims', `UPDATE claim SET total_pence = total_pence + 1 WHERE state = 'submitted'`],
      ['wrongClaims', 'UPDATE trainer_invoice SET proof_by = id WHERE live'],
      ['wrongClaims', 'UPDATE trainer_invoice SET distinct_by = id WHERE live'],
      ['untoldChanges', 'UPDATE claim SET version = version + 1'],
      ['unaskedDocuments', 'DELETE FROM outbox'],
    ];
    for (const [name, sql] of tampering) {
      await service.admin.query('BEGIN');
      const changed = await service.admin.query(sql);
      expect([name, changed.rowCount]).not.toEqual([name, 0]);
      expect(Object.keys(await brokenInvariants(service.admin))).toContain(name);
      await service.admin.query('ROLLBACK');
    }
    expect(await brokenInvariants(service.admin)).toEqual({});
  });

  it('is the same again for its seed', () => {
    const draw = (seed: number) => Array.from({ length: 5 }, random(seed).upTo.bind(null, 1000));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });
});
