import { afterEach, describe, expect, it } from '@jest/globals';
import { WorkerPool, type WorkerPoolOptions } from './worker-pool.js';

/** A worker that does as it is told: answers, fails, dies or never ends. */
const OBEDIENT = `
  import { parentPort, threadId } from 'node:worker_threads';
  parentPort.on('message', ({ id, input }) => {
    if (input === 'die') process.exit(3);
    if (input === 'hang') return;
    if (input === 'throw') setImmediate(() => { throw new Error('out of the blue'); });
    else if (input === 'fail') parentPort.postMessage({ id, error: { name: 'InvalidValue', message: 'no' } });
    else parentPort.postMessage({ id, output: input + '@' + threadId });
  });`;

describe('WorkerPool', () => {
  const pools: WorkerPool<string, string>[] = [];
  const pool = (options: Partial<WorkerPoolOptions> = {}): WorkerPool<string, string> => {
    const entry = new URL(`data:text/javascript,${encodeURIComponent(OBEDIENT)}`);
    const made = new WorkerPool<string, string>({ entry, execArgv: [], ...options });
    pools.push(made);
    return made;
  };
  afterEach(() => Promise.all(pools.splice(0).map((one) => one.close())));

  it('runs many jobs on one thread, each with its own answer', async () => {
    const one = pool();
    const answers = await Promise.all(['a', 'b', 'c'].map((input) => one.run(input)));
    expect(answers.map((answer) => answer.split('@')[0])).toEqual(['a', 'b', 'c']);
    expect(new Set(answers.map((answer) => answer.split('@')[1])).size).toBe(1);
  });

  it('passes on what a job threw, and goes on', async () => {
    const one = pool();
    await expect(one.run('fail')).rejects.toMatchObject({ name: 'InvalidValue', message: 'no' });
    await expect(one.run('a')).resolves.toMatch(/^a@/);
  });

  it.each([
    ['die', 'code 3'],
    ['throw', 'out of the blue'],
  ])('fails only the job whose thread died (%s) and starts another thread', async (how, message) => {
    const one = pool();
    const [before, dead, after] = await Promise.allSettled([one.run('a'), one.run(how), one.run('b')]);
    expect(dead).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining(message) } });
    expect([before.status, after.status]).toEqual(['fulfilled', 'fulfilled']);
  });

  it('stops a job that takes too long', async () => {
    const one = pool({ timeoutMs: 5_000 });
    const [late, next] = await Promise.allSettled([one.run('hang'), one.run('a')]);
    expect(late).toMatchObject({ status: 'rejected', reason: { message: 'not done after 5000 ms' } });
    expect(next.status).toBe('fulfilled');
  });

  it('refuses more than may wait', async () => {
    const one = pool({ maxQueued: 1 });
    const running = one.run('a');
    const waiting = one.run('b');
    await expect(one.run('c')).rejects.toMatchObject({ kind: 'unavailable', code: 'worker_pool_unavailable' });
    await expect(Promise.all([running, waiting])).resolves.toHaveLength(2);
  });

  it('refuses everything once closed, what was waiting too', async () => {
    const one = pool();
    const running = one.run('hang');
    const waiting = one.run('b');
    const settled = Promise.allSettled([running, waiting]);
    await one.close();
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(one.run('c')).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
