import { afterEach, describe, expect, it } from '@jest/globals';
import { WarnOfClaims } from '#funding';
import { brokenInvariants, type InvariantName } from '../support/invariants.js';
import { random } from '../support/random.js';
import { Bank } from './bank.js';
import { Checks } from './checks.js';
import { Simulation, type SimulationOptions } from './simulation.js';

/** What would break what holds of the clock of days, of samples and of grants: by the invariant that has to see it. */
const SABOTAGE: readonly (readonly [InvariantName, string])[] = [
  ['earlyWarnings', `UPDATE claim_warning SET warned_on = warned_on - 40, warned_at = warned_at - interval '40 days'`],
  ['missedWarnings', 'DELETE FROM claim_warning'],
  ['wronglyToldLevels', `UPDATE claim_warning SET told_as = '5'`],
  [
    'untoldWarnings',
    `DELETE FROM delivery WHERE id = (SELECT min(id::text)::uuid FROM delivery WHERE notice_key LIKE 'payment-clock:%')`,
  ],
  ['wronglyTracedWarnings', `DELETE FROM audit_entry WHERE action = 'payment_clock.warned'`],
  [
    'toldTwice',
    `INSERT INTO delivery (id, letter, notice_key, authority_code, audience, to_address, message_id, created_at, touched_at)
     SELECT gen_random_uuid(), letter, notice_key || '2', authority_code, audience, to_address, '<' || id || '@again>', created_at, touched_at
       FROM delivery WHERE notice_key LIKE 'payment-clock:%' LIMIT 1`,
  ],
  ['missedDigests', `DELETE FROM delivery WHERE notice_key LIKE 'weekly-digest:%'`],
  ['wrongDigests', `UPDATE delivery SET notice_key = replace(notice_key, 'payment-clock:EIP2', 'weekly-digest')`],
  ['thinSamples', 'DELETE FROM assurance_item WHERE place = 1'],
  ['unreproducibleSamples', `UPDATE assurance_sample SET seed = seed || 'x'`],
  ['unreproducibleSamples', `UPDATE assurance_item SET why = 'value_share'`],
  ['wrongPopulations', 'UPDATE assurance_population SET pence = pence + 1 WHERE pence % 2 = 0'],
  [
    'wrongPopulations',
    'DELETE FROM assurance_population WHERE claim_id = (SELECT min(claim_id::text)::uuid FROM assurance_population)',
  ],
  ['unaskedEvidence', `DELETE FROM delivery WHERE notice_key LIKE 'assurance:%'`],
  ['unaskedEvidence', `DELETE FROM audit_entry WHERE action = 'assurance.evidence_requested'`],
  [
    'wrongOutcomes',
    `UPDATE assurance_item i SET state = 'passed', recorded_at = requested_at, recorded_by = (SELECT approved_by FROM claim WHERE id = i.claim_id)`,
  ],
  ['wrongGrants', 'UPDATE grant_award SET spent_pence = spent_pence + 1'],
];

describe('a simulation', () => {
  const running: Simulation[] = [];
  const start = async (options: SimulationOptions): Promise<Simulation> => {
    const simulation = await Simulation.start(options);
    running.push(simulation);
    return simulation;
  };
  afterEach(async () => {
    for (const { service } of running.splice(0)) await service.stop();
  });

  it('breaks nothing that always holds', async () => {
    const simulation = await start({ seed: 20_180_403, steps: 320 });
    await simulation.run();
    // One that did nothing would break nothing: each of these has to have happened.
    const seen = [...simulation.counts.keys()];
    const done = ['draft 201', 'submit 200', 'review 200', 'approve 200', 'return 200', 'confirm 200', 'prepare 201'];
    expect(seen).toEqual(expect.arrayContaining([...done, 'approve run 200', 'submit 200 again', 'two at once']));
    const crashes = ['crash killed', 'crash failed', 'crash unanswered', 'crash unheard', 'one key twice at once'];
    expect(seen).toEqual(expect.arrayContaining(crashes));
    expect(seen.filter((key) => / (403|404|409|412|422) /.test(key)).length).toBeGreaterThan(10);
    expect(simulation.player.deadlocks).toBe(0);
    expect(seen).toEqual(
      expect.arrayContaining(['warn 200', 'digest 200', 'draw 201', 'load text/csv 201', 'spend 201']),
    );
    await seesEverySabotage(simulation);
    // Of another bank's the statements would be.
    expect(Object.keys(await new Checks(simulation.service, new Bank(1)).always())).toEqual(['misreadStatements']);
    await seesASweepThatForgets(simulation);
  }, 240_000);

  async function seesEverySabotage({ service: { admin } }: Simulation): Promise<void> {
    for (const [name, sql] of SABOTAGE) {
      await admin.query('BEGIN');
      await admin.query('SET LOCAL session_replication_role = replica');
      await admin.query(sql);
      expect([name, sql, Object.keys(await brokenInvariants(admin))]).toEqual([
        name,
        sql,
        expect.arrayContaining([name]),
      ]);
      await admin.query('ROLLBACK');
    }
  }

  /** One that does not know that it was done: twice at once it works twice. */
  async function seesASweepThatForgets({ service, player }: Simulation): Promise<void> {
    await service.admin.query(
      `CREATE FUNCTION simulation.forget() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.done_for = NULL; RETURN NEW; END';
       CREATE TRIGGER forgets BEFORE UPDATE ON sweep FOR EACH ROW EXECUTE FUNCTION simulation.forget()`,
    );
    service.clock.set(new Date(service.clock.now().getTime() + 86_400_000).toISOString());
    const sweep = () => service.app.get(WarnOfClaims).runIfDue();
    const act = { name: 'warn', by: 'the clock', path: '', sweep, once: true };
    expect((await player.twice(act, random(1))).wrong).toEqual([
      expect.stringMatching(/^warn ran twice and changed 2 times/),
    ]);
    const crashes = [];
    for (let seed = 1; seed <= 8; seed++) crashes.push(await player.crashed(act, random(seed)));
    expect(crashes.flatMap(({ wrong }) => wrong)).toContainEqual(expect.stringMatching(/^warn ran twice/));
  }

  it('does the same again for its seed, and something else for another', async () => {
    const linesOf = async (seed: number): Promise<[string, readonly string[]]> => {
      const simulation = await start({ seed, steps: 45 });
      await simulation.run();
      return [await simulation.result(), simulation.lines];
    };
    const [first, again, other] = [await linesOf(7), await linesOf(7), await linesOf(8)];
    expect(again[1]).toEqual(first[1]);
    expect(again[0]).toBe(first[0]);
    expect(other[0]).not.toBe(first[0]);
  }, 120_000);

  it.each([
    [
      40,
      'a penny too much',
      "UPDATE claim SET approved_pence = approved_pence - 1 WHERE state IN ('approved', 'funded') AND approved_pence > 1",
    ],
    [15, 'a claim that nobody told of', 'UPDATE claim SET version = version + 1'],
    [
      80,
      'a claim whose funding is gone',
      'SET session_replication_role = replica; UPDATE funding_slice SET ended_by = funded_by, ended_at = at WHERE ended_by IS NULL',
    ],
  ])(
    'stops at step %d at %s, and says how to see it again',
    async (step, _, sql) => {
      const simulation = await start({
        seed: 3,
        steps: step + 1,
        onStep: (at) => (at === step ? void simulation.service.admin.query(sql) : undefined),
      });
      await expect(simulation.run()).rejects.toThrow(
        new RegExp(`^Seed 3, step ${step}: [^]+Before it:\n[^]+--seed 3 --steps ${step}$`),
      );
    },
    120_000,
  );
});
