import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of api_token. */
@Entity('api_token')
export class ApiTokenEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text')
  organisation: string;

  /** Written, never read: the runtime role may not select it. */
  @Column('bytea', { select: false })
  sha256: Buffer;

  @Column('text')
  label: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt: Date | null;
}
