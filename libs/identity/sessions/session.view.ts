import { type SignInMethod } from './user-session.entity.js';

/** Where a user is signed in. */
export interface SessionView {
  id: string;
  userId: string;
  how: SignInMethod;
  /** What the browser calls itself, shortened. */
  userAgent: string | null;
  signedInAt: string;
  /** To the minute. */
  seenAt: string;
  /** The latest it can last; it ends earlier without a request. */
  expiresAt: string;
}
