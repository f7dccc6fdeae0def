import { randomBytes } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import { type Tx } from '#platform/database';
import { enqueue } from '#platform/outbox';
import { LINK_LIFETIME_MS, sha256, type LinkPurpose } from '../domain/index.js';
import { cancelLinks } from './choose-password.js';
import { sendLinkJob } from './link-job.js';
import { type Seals } from './seals.js';
import { UserLinkEntity } from './user-link.entity.js';

/**
 * Makes a link for a user and asks for its e-mail. Earlier links of the user stop working: the newest e-mail is the one
 * that does. The token is told to nobody here; it lies sealed until it is sent.
 */
export async function makeLink(
  tx: Tx,
  seals: Seals,
  user: { id: string; organisation: string },
  purpose: LinkPurpose,
): Promise<UserLinkEntity> {
  await cancelLinks(tx, user.id);
  const id = uuid();
  const token = randomBytes(32).toString('base64url');
  const link: UserLinkEntity = {
    id,
    userId: user.id,
    organisation: user.organisation,
    purpose,
    sha256: sha256(token),
    sealed: seals.seal('link', id, token),
    createdBy: tx.actor.userId,
    createdAt: tx.now,
    expiresAt: new Date(tx.now.getTime() + LINK_LIFETIME_MS[purpose]),
    usedAt: null,
    cancelledAt: null,
    sentAt: null,
    failed: null,
  };
  await tx.manager.insert(UserLinkEntity, link);
  await enqueue(tx, sendLinkJob, { linkId: id });
  return link;
}
