import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Secrets } from '#platform/config';

/** What is sealed, each under a key of its own. */
type Sealed = 'second factor' | 'second factor to be' | 'link';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Texts the database holds and must not tell: AES-256-GCM under keys made from SECRET_KEY. */
@Injectable()
export class Seals {
  constructor(@Inject(Secrets) private readonly secrets: Secrets) {}

  /** `whose` is bound in: what was sealed for one user or link does not open for another. */
  seal(what: Sealed, whose: string, text: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.secrets.key(what), nonce).setAAD(Buffer.from(whose));
    return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  }

  /** Null for what was not sealed so: another key, another owner, or changed. */
  open(what: Sealed, whose: string, sealed: Buffer): string | null {
    if (sealed.length < NONCE_BYTES + TAG_BYTES) return null;
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const options = { authTagLength: TAG_BYTES };
    const decipher = createDecipheriv(CIPHER, this.secrets.key(what), nonce, options).setAAD(Buffer.from(whose));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    try {
      return decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      return null;
    }
  }
}
