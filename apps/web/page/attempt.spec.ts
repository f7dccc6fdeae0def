import { describe, expect, it } from '@jest/globals';
import { conflict, forbidden, notFound, refused } from '#kernel';
import { IdempotentReplay } from '#platform/database';
import { attempt, errorsFor, fieldId, namingWhatIsMissing } from './attempt.js';

const failing = (error: Error) => attempt(() => Promise.reject<string>(error));

describe('a form that is sent', () => {
  it.each([
    [
      refused('idempotency_key_reused', 'This Idempotency-Key was used for another request.'),
      /^You sent this form before/,
    ],
    [
      conflict('idempotency_key_in_use', 'A request with this Idempotency-Key is running.'),
      /^You sent this form already/,
    ],
  ])('twice with one key is answered in words of pages: %s', async (error, words) => {
    const tried = await failing(error);
    if (tried.ok) throw new Error('it was refused');
    expect(tried.code).toBe(error.code);
    expect(tried.errors).toMatchObject([{ path: '', code: error.code, message: expect.stringMatching(words) }]);
    expect(tried.errors[0]!.message).toContain('load the page again');
    expect(tried.errors[0]!.message).not.toMatch(/key|request/i);
  });

  it('twice alike is answered as the first time', async () => {
    expect(await failing(new IdempotentReplay('done'))).toEqual({ ok: true, value: 'done' });
  });

  it('gives back what a person can mend, field by field, and nothing else', async () => {
    const problem = { path: 'reason', code: 'required', message: 'Say why.' };
    expect(await failing(refused('no', 'No.', [problem]))).toEqual({ ok: false, code: 'no', errors: [problem] });
    expect(await failing(refused('no', 'No.'))).toMatchObject({ errors: [{ path: '', message: 'No.' }] });
    await expect(failing(notFound('claim'))).rejects.toThrow('There is no such claim');
    await expect(failing(new Error('broken'))).rejects.toThrow('broken');
    await expect(failing(forbidden('form_expired', 'Too late.'))).rejects.toThrow('Too late.');
    expect(await failing(forbidden('maker_cannot_confirm', 'Another person.'))).toMatchObject({ ok: false });
  });

  it('says of what was left out what it is, and leaves the rest as it was', () => {
    const [empty, long] = [
      { path: 'name', code: 'blank', message: 'Write something here.' },
      { path: 'name', code: 'too_long', message: 'Shorten it.' },
    ];
    const other = { path: 'email', code: 'required', message: 'This is required.' };
    expect(namingWhatIsMissing([empty, long, other], { name: 'Enter the name.' })).toEqual([
      { ...empty, message: 'Enter the name.' },
      long,
      other,
    ]);
  });

  it('names its fields by the paths of problems', () => {
    expect(fieldId('trainerInvoices[0].lines[1].vatPence')).toBe('trainerInvoices-0-lines-1-vatPence');
    expect(errorsFor([{ path: 'a', code: 'c', message: 'm' }], { a: 'b' })).toMatchObject([{ path: 'b' }]);
  });
});
