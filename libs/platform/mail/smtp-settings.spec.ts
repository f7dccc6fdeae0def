import { describe, expect, it } from '@jest/globals';
import { smtpSettings } from './smtp-settings.js';

describe('SMTP_URL', () => {
  it.each([
    ['smtp://mail.example', { host: 'mail.example', port: 587, secure: false, requireTLS: false }],
    ['smtp://mail.example:25?tls=required', { port: 25, secure: false, requireTLS: true }],
    ['smtps://mail.example', { host: 'mail.example', port: 465, secure: true }],
    ['smtp://[::1]:2525', { host: '::1', port: 2525 }],
    ['smtp://mail.example?name=claims.example', { name: 'claims.example' }],
  ])('%s', (url, options) => {
    expect(smtpSettings(url)).toMatchObject({ options, credentials: null });
  });

  it('insists on TLS before a password goes to another machine', () => {
    const { options, credentials } = smtpSettings('smtp://claims:p%40ss%2F%C3%A9@mail.example');
    expect(options.requireTLS).toBe(true);
    expect(credentials).toEqual({ user: 'claims', pass: 'p@ss/é' });
    expect(smtpSettings('smtp://claims:x@127.0.0.1:2525').options.requireTLS).toBe(false);
    expect(smtpSettings('smtp://claims:x@127.0.0.1.evil.example').options.requireTLS).toBe(true);
  });

  it('never turns certificate checks off', () => {
    for (const url of ['smtps://mail.example', 'smtp://a:b@mail.example', 'smtp://localhost']) {
      expect(smtpSettings(url).options.tls?.rejectUnauthorized).not.toBe(false);
    }
  });
});
