import { randomBytes } from 'node:crypto';
import { hash, verify, type Algorithm } from '@node-rs/argon2';
import { normalPassword } from '../domain/index.js';

/** `Algorithm.Argon2id`: a const enum, of which nothing is left to import at run time. */
const ARGON2ID = 2 as Algorithm.Argon2id;

/** OWASP Password Storage Cheat Sheet, Argon2id: 19 MiB, two passes, one lane. About 20 ms, on a thread of the pool. */
const OPTIONS = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** The hash that is stored, with its parameters and salt in it. */
export const hashPassword = (password: string): Promise<string> => hash(normalPassword(password), OPTIONS);

let nobodys: Promise<string> | undefined;

/** Whether this is the password. Without a hash (nobody is known, or they have no password) it takes as long, and is no. */
export async function isPassword(stored: string | null, password: string): Promise<boolean> {
  nobodys ??= hashPassword(randomBytes(32).toString('base64url'));
  const right = await verify(stored ?? (await nobodys), normalPassword(password));
  return stored !== null && right;
}
