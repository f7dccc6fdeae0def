import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type LinkPurpose } from '../domain/index.js';

/** A row of user_link: a link that lets a user choose a password. */
@Entity('user_link')
export class UserLinkEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text')
  organisation: string;

  @Column('text')
  purpose: LinkPurpose;

  /** Written, never read: the runtime role may not select it. */
  @Column('bytea', { select: false })
  sha256: Buffer;

  /** The token until its e-mail has gone, sealed. */
  @Column('bytea', { nullable: true })
  sealed: Buffer | null;

  @Column('uuid', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  @Column('timestamptz', { name: 'used_at', nullable: true })
  usedAt: Date | null;

  @Column('timestamptz', { name: 'cancelled_at', nullable: true })
  cancelledAt: Date | null;

  @Column('timestamptz', { name: 'sent_at', nullable: true })
  sentAt: Date | null;

  @Column('text', { nullable: true })
  failed: string | null;
}
