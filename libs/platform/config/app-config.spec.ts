import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from './app-config.js';

describe('the settings', () => {
  it('refuse a sender no e-mail can have, beside every other problem', () => {
    const load = () => loadConfig({ MAIL_FROM: 'EIP2 <claims@claims.example>', PORT: 'http' });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(/MAIL_FROM[^]*PORT|PORT[^]*MAIL_FROM/);
    expect(loadConfig({ MAIL_FROM: ' claims@claims.example ' }).mail.from).toBe('claims@claims.example');
    expect(loadConfig({}).mail.from).toBe('claims@localhost');
  });
});
