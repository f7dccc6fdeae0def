import { describe, expect, it } from '@jest/globals';
import { defineJob, idPayload, idsPayload } from '#platform/outbox';
import { JobHandlers, PermanentFailure, type JobHandler } from './job-handlers.js';

const ID = '00000000-0000-7000-8000-000000000001';
type Thing = { thingId: string };
const first = defineJob<Thing>({ name: 'first', attempts: 2, backoffMs: 1, parse: idPayload('thingId') });
const second = defineJob<Thing>({ name: 'second', attempts: 2, backoffMs: 1, parse: idPayload('thingId') });

function handler(job: typeof first, ran: string[] = []): JobHandler<Thing> {
  return {
    job,
    run: async ({ thingId }, { number, last }) => void ran.push(`${job.name} ${thingId} ${number} ${last}`),
    gaveUp: async ({ thingId }, reason) => void ran.push(`gave up ${thingId}: ${reason}`),
  };
}

describe('the handlers of jobs', () => {
  it('must cover every defined job, each once', () => {
    expect(() => new JobHandlers([handler(first), handler(second)])).not.toThrow();
    expect(() => new JobHandlers([handler(first)])).toThrow('No handler for the job second.');
    expect(() => new JobHandlers([handler(first), handler(second), handler(first)])).toThrow('two handlers');
    expect(() => new JobHandlers([handler(first), handler(second)], [first])).toThrow('handled but not defined');
  });

  it('get the payload and which try it is', async () => {
    const ran: string[] = [];
    const handlers = new JobHandlers([handler(first, ran), handler(second, ran)]);
    await handlers.run('second', { thingId: ID, more: 1 }, { number: 2, last: true });
    await handlers.gaveUp('first', { thingId: ID }, 'no good');
    expect(ran).toEqual([`second ${ID} 2 true`, `gave up ${ID}: no good`]);
  });

  it('refuse a payload that cannot be read for good, and an unknown job for now', async () => {
    const handlers = new JobHandlers([handler(first), handler(second)]);
    const attempt = { number: 1, last: false };
    for (const payload of [null, {}, { thingId: 'x' }, { thingId: 7 }, 'text']) {
      await expect(handlers.run('first', payload, attempt)).rejects.toBeInstanceOf(PermanentFailure);
      await expect(handlers.gaveUp('first', payload, 'r')).resolves.toBeUndefined();
    }
    const unknown = handlers.run('third', { thingId: ID }, attempt);
    await expect(unknown).rejects.toThrow('no handler for the job "third"');
    await expect(unknown).rejects.not.toBeInstanceOf(PermanentFailure);
  });

  it('may be about several things', () => {
    const parse = idsPayload('thingIds');
    expect(parse({ thingIds: [ID, ID], more: 1 })).toEqual({ thingIds: [ID, ID] });
    for (const payload of [null, {}, { thingIds: ID }, { thingIds: [] }, { thingIds: [ID, 'x'] }]) {
      expect(() => parse(payload)).toThrow('a job without thingIds');
    }
  });

  it('are of jobs with a name of their own', () => {
    const again = { name: 'first', attempts: 1, backoffMs: 1, parse: idPayload('thingId') };
    expect(() => defineJob(again)).toThrow('defined twice');
    expect(() => defineJob({ ...again, name: 'Not A Name' })).toThrow('not a job name');
  });
});
