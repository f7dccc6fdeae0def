import { appendAudits } from '#audit';
import { type Tx } from '#platform/database';
import { type SessionEnd } from './user-session.entity.js';

/** Which sessions: one, or all of a user but one, with those in which the user is only half signed in. */
type Which = { id: string } | { userId: string; except?: string };

/** What it kept is of no use to anybody any more. */
const END = `UPDATE user_session SET ended_at = $1, end_reason = $2, data = '{}', pending_user_id = NULL
  WHERE ended_at IS NULL AND expires_at > $1 AND seen_at + make_interval(secs => idle_seconds) > $1`;

/** Ends those that live and that the actor's scope lets through (only `*` sees those of nobody yet), each on the trail of its user's organisation when it was somebody's. Returns how many. */
export async function endSessions(tx: Tx, which: Which, reason: SessionEnd): Promise<number> {
  const [condition, parameters] =
    'id' in which
      ? ['id = $3', [which.id]]
      : [
          '(user_id = $3 OR pending_user_id = $3) AND id IS DISTINCT FROM $4::uuid',
          [which.userId, which.except ?? null],
        ];
  const ended = await tx.query<{ id: string; userId: string | null; organisation: string }>(
    `${END} AND ${condition} RETURNING id, user_id AS "userId", organisation`,
    [tx.now, reason, ...parameters],
  );
  await appendAudits(
    tx,
    ended.flatMap(({ id, userId, organisation }) =>
      userId === null
        ? []
        : [
            {
              chain: organisation,
              action: 'session.ended',
              subjectType: 'user',
              subjectId: userId,
              after: { sessionId: id, reason },
            },
          ],
    ),
  );
  return ended.length;
}
