import { findActor } from '#identity';
import { refused } from '#kernel';
import { systemActor, type Tx, type UnitOfWork } from '#platform/database';
import { loadProgramme, type LoadResult } from './load-programme.js';

/** E-mail addresses of the administrator who loads a file and of the one who has read it and agrees. */
export interface TwoPeople {
  loadedBy: string;
  confirmedBy: string;
}

const notConfirmed = (message: string) => refused('terms_not_confirmed', message);

async function administrator(tx: Tx, email: string): Promise<string> {
  const person = await findActor(tx, email.trim());
  if (!person.roles.includes('administrator')) throw notConfirmed(`${email} is no administrator.`);
  return person.userId;
}

/**
 * Loads a programme's file for two people: terms decide what is paid, so nobody brings them in alone. Both are in the trail,
 * beside the hash of each version of the terms. Throws refused `terms_not_confirmed`, not_found, conflict `user_inactive`, and
 * what `loadProgramme` throws.
 */
export async function loadConfirmed(uow: UnitOfWork, file: unknown, people: TwoPeople): Promise<LoadResult> {
  const [loadedBy, confirmedBy] = await uow.read(systemActor, async (tx) => [
    await administrator(tx, people.loadedBy),
    await administrator(tx, people.confirmedBy),
  ]);
  if (loadedBy === confirmedBy)
    throw notConfirmed('Another administrator than the one who loads the file confirms it.');
  return loadProgramme(uow, file, { loadedBy: loadedBy!, confirmedBy: confirmedBy! });
}
