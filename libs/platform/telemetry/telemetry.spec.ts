import { describe, expect, it } from '@jest/globals';
import { NestLogger, createLogger, describeError } from './index.js';

describe('what is logged of an error', () => {
  it('is its message and frames, for our own errors', () => {
    const described = describeError(new TypeError('no such thing'));
    expect(described).toMatchObject({ name: 'TypeError', message: 'no such thing' });
    expect(described.stack).toMatch(/^\s+at /);
    expect(described.stack).not.toContain('no such thing');
  });

  it('is the constraint and not the values, for errors of the database', () => {
    const driverError = { code: '23505', constraint: 'user_email_key', table: 'app_user' };
    const error = Object.assign(new Error('Key (email)=(ann@brent.example) already exists'), { driverError });
    expect(describeError(error)).toMatchObject({ code: '23505', constraint: 'user_email_key', table: 'app_user' });
    expect(JSON.stringify(describeError(error))).not.toContain('ann@');
  });
});

describe('the logger', () => {
  const lines: string[] = [];
  const logger = new NestLogger(
    createLogger({ level: 'info', process: 'test' }, { write: (line: string) => void lines.push(line) }),
  );
  const logged = () => JSON.parse(lines.pop() ?? '{}') as Record<string, unknown>;

  it('writes JSON lines with the context, whatever it is given', () => {
    logger.log('started', 'Main');
    expect(logged()).toMatchObject({ level: 'info', process: 'test', context: 'Main', msg: 'started' });
    logger.error(new Error('broken'), 'a stack', 'Main');
    expect(logged()).toMatchObject({ level: 'error', msg: 'Error', error: { message: 'broken' } });
    logger.warn({ msg: 'late', requestId: 'r1' });
    expect(logged()).toMatchObject({ level: 'warn', msg: 'late', requestId: 'r1' });
    logger.debug('not shown');
    expect(lines).toEqual([]);
  });

  it('removes what must never be there', () => {
    logger.warn({ msg: 'x', email: 'ann@brent.example', token: 't0k', authorization: 'Bearer t0k', name: 'Ann' });
    expect(JSON.stringify(logged())).not.toMatch(/ann|t0k|Ann/);
  });
});
