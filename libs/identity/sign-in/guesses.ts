import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Secrets } from '#platform/config';
import { type Tx } from '#platform/database';
import { admitGuess, admitReset, type Attempts } from '../domain/index.js';

/** What is guessed, or asked for, of whom: an e-mail address, known or not, or a user's id. */
type GuessedAt = `password ${string}` | `code ${string}` | `reset ${string}`;

export type Admitted =
  { admitted: true; locked: boolean; failures: number } | { admitted: false; retryAfterSeconds: number };

/** The row, made when there is none, and locked: guesses at one account take turns. */
const TAKE = `INSERT INTO sign_in_attempt (key, first_at, last_at) VALUES ($1, $2, $2)
  ON CONFLICT (key) DO UPDATE SET key = excluded.key
  RETURNING failures, first_at AS "firstAt", last_at AS "lastAt", locked_until AS "lockedUntil"`;

/** Counts guesses at accounts, by an HMAC of what they are aimed at. */
@Injectable()
export class Guesses {
  constructor(@Inject(Secrets) private readonly secrets: Secrets) {}

  /** Counts a guess as wrong before it is looked at; `locked`: no other is looked at for a while. */
  async admit(tx: Tx, at: GuessedAt): Promise<Admitted> {
    const key = this.keyOf(at);
    const [before] = await tx.query<Attempts>(TAKE, [key, tx.now]);
    const answer = at.startsWith('reset ') ? admitReset(before!, tx.now) : admitGuess(before!, tx.now);
    if (!answer.admitted) return answer;
    const { failures, firstAt, lastAt, lockedUntil } = answer.next;
    await tx.execute(
      'UPDATE sign_in_attempt SET failures = $2, first_at = $3, last_at = $4, locked_until = $5 WHERE key = $1',
      [key, failures, firstAt, lastAt, lockedUntil],
    );
    return { admitted: true, locked: lockedUntil !== null, failures };
  }

  /** The guess was right: what was counted is forgotten. */
  async forget(tx: Tx, at: GuessedAt): Promise<void> {
    await tx.execute('DELETE FROM sign_in_attempt WHERE key = $1', [this.keyOf(at)]);
  }

  /** Whether something that is good for one try is tried for the first time. */
  async first(tx: Tx, once: `oidc ${string}`): Promise<boolean> {
    const made = await tx.execute(
      'INSERT INTO sign_in_attempt (key, first_at, last_at) VALUES ($1, $2, $2) ON CONFLICT (key) DO NOTHING',
      [this.keyOf(once), tx.now],
    );
    return made === 1;
  }

  private keyOf(at: string): Buffer {
    return createHmac('sha256', this.secrets.key('guesses')).update(at).digest();
  }
}
