import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { keepSecretKey, secretKeyFile, Secrets } from './secrets.js';

const SECRET = 'x'.repeat(40);

describe('keys made from SECRET_KEY', () => {
  const secrets = new Secrets({ env: 'production', secretKey: SECRET, dataDir: '/nowhere' });

  it('are 32 bytes, the same for one purpose and others for others', () => {
    expect(secrets.key('link')).toHaveLength(32);
    expect(secrets.key('link')).toEqual(new Secrets({ env: 'test', secretKey: SECRET, dataDir: '' }).key('link'));
    expect(secrets.key('link')).not.toEqual(secrets.key('second factor'));
    expect(secrets.key('link')).not.toEqual(
      new Secrets({ env: 'test', secretKey: `${SECRET}x`, dataDir: '' }).key('link'),
    );
  });

  it('are not made up in production', () => {
    const without = new Secrets({ env: 'production', secretKey: null, dataDir: '/nowhere' });
    expect(() => without.key('link')).toThrow('SECRET_KEY');
  });
});

describe('the key of a folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'secret-key-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is made once, for this user alone', () => {
    const made = keepSecretKey(join(folder, 'var'));
    expect(Buffer.from(made, 'base64url')).toHaveLength(32);
    expect(keepSecretKey(join(folder, 'var'))).toBe(made);
    const file = secretKeyFile(join(folder, 'var'));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8').trim()).toBe(made);
  });

  it('is what every process with the folder works with', () => {
    const key = () => new Secrets({ env: 'development', secretKey: null, dataDir: folder }).key('link');
    expect(key()).toEqual(key());
  });
});
