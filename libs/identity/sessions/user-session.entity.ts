import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How somebody signed in. */
export type SignInMethod = 'password' | 'oidc' | 'demo';

/** Why a session was ended before its time. */
export type SessionEnd =
  | 'signed_out'
  | 'ended'
  | 'ended_by_administrator'
  | 'password_changed'
  | 'second_factor_changed'
  | 'roles_changed'
  | 'deactivated';

/** A row of user_session. */
@Entity('user_session')
export class UserSessionEntity {
  @PrimaryColumn('uuid')
  id: string;

  /** Written, never read: the runtime role may not select it. */
  @Column('bytea', { select: false })
  sha256: Buffer;

  /** Null, with the next two, until somebody signs in. */
  @Column('uuid', { name: 'user_id', nullable: true })
  userId: string | null;

  @Column('text', { nullable: true })
  organisation: string | null;

  @Column('text', { nullable: true })
  how: SignInMethod | null;

  /** Who has shown a password and no second factor yet. */
  @Column('uuid', { name: 'pending_user_id', nullable: true })
  pendingUserId: string | null;

  /** What the pages keep for the session; read by `find_session` only. */
  @Column('jsonb', { select: false })
  data: object;

  @Column('text', { name: 'user_agent', nullable: true })
  userAgent: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'signed_in_at', nullable: true })
  signedInAt: Date | null;

  @Column('timestamptz', { name: 'seen_at' })
  seenAt: Date;

  @Column('integer', { name: 'idle_seconds' })
  idleSeconds: number;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;

  @Column('text', { name: 'end_reason', nullable: true })
  endReason: SessionEnd | null;
}
