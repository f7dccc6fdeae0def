import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Secrets } from '#platform/config';

const MARK_BYTES = 16;

/**
 * Says in a form's token for whom the form was made, so that what somebody typed into it is theirs also when their session
 * is over. It proves nothing else: a form is still only taken with a token of the session that sends it.
 */
@Injectable()
export class FormOwner {
  constructor(@Inject(Secrets) private readonly secrets: Secrets) {}

  /** A token with its owner's mark; that of a form for anybody stays as it is. */
  add(token: string, userId: string | undefined): string {
    return userId === undefined ? token : `${token}.${userId}.${this.mark(userId).toString('base64url')}`;
  }

  /** Whose form this token is of, or null. */
  of(token: unknown): string | null {
    if (typeof token !== 'string' || token.length > 200) return null;
    const [, userId, mark] = token.split('.');
    if (userId === undefined || mark === undefined) return null;
    const given = Buffer.from(mark, 'base64url');
    return given.length === MARK_BYTES && timingSafeEqual(given, this.mark(userId)) ? userId : null;
  }

  private mark(userId: string): Buffer {
    return createHmac('sha256', this.secrets.key('form owner')).update(userId).digest().subarray(0, MARK_BYTES);
  }
}
