import { afterEach, describe, expect, it } from '@jest/globals';
import { Simulation, type SimulationOptions } from './simulation.js';

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
  }, 240_000);

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
