import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of user_identity: who an OpenID provider knows a user as. */
@Entity('user_identity')
export class UserIdentityEntity {
  @PrimaryColumn('text')
  issuer: string;

  @PrimaryColumn('text')
  subject: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text')
  organisation: string;

  @Column('timestamptz', { name: 'linked_at' })
  linkedAt: Date;
}
