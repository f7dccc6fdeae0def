import { hkdfSync, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type AppConfig } from './app-config.js';

/** Where a process that is told no SECRET_KEY keeps the one it made. */
export const secretKeyFile = (dataDir: string): string => join(dataDir, 'secret.key');

/**
 * Keys made from SECRET_KEY, one for each purpose, by HKDF-SHA-256 (RFC 5869): who learns one learns no other. Without the
 * setting (never in production) a key is made once and kept under DATA_DIR, readable to this user only, when it is first
 * wanted; every process with that folder has the same.
 */
export class Secrets {
  private root: Buffer | null = null;

  constructor(private readonly config: Pick<AppConfig, 'env' | 'secretKey' | 'dataDir'>) {}

  /** 32 bytes, for ever the same for one purpose. Throws in production without SECRET_KEY. */
  key(purpose: string): Buffer {
    this.root ??= Buffer.from(this.config.secretKey ?? this.kept(), 'utf8');
    return Buffer.from(hkdfSync('sha256', this.root, 'programme-claims', purpose, 32));
  }

  private kept(): string {
    if (this.config.env === 'production') throw new Error('SECRET_KEY is not set.');
    return keepSecretKey(this.config.dataDir);
  }
}

/** The key of a DATA_DIR, made when there is none: complete or not there at all, and the same for whoever asks at once. */
export function keepSecretKey(dataDir: string): string {
  const file = secretKeyFile(dataDir);
  const found = readKey(file);
  if (found !== null) return found;
  mkdirSync(dirname(file), { recursive: true });
  const made = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(made, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(made, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(made);
  }
  return readKey(file) ?? keepSecretKey(dataDir);
}

function readKey(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
