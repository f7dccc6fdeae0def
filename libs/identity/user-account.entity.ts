import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type Role } from './domain/index.js';

/** A row of user_account. Persistence only: what may be answered of it is UserView. */
@Entity('user_account')
export class UserAccountEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  email: string;

  @Column('text')
  name: string;

  @Column('text')
  organisation: string;

  @Column('text', { array: true })
  roles: Role[];

  @Column('boolean')
  active: boolean;

  @Column('boolean', { name: 'weekly_digest' })
  weeklyDigest: boolean;

  /** Plain, not a `@VersionColumn`, which save() does not check: `saveUser` updates `WHERE id AND version`. */
  @Column('integer')
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
