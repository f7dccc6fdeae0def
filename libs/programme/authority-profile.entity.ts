import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of authority_profile: what an authority keeps of itself. */
@Entity('authority_profile')
export class AuthorityProfileEntity {
  @PrimaryColumn('text', { name: 'authority_code' })
  authorityCode: string;

  @Column('text', { name: 'legal_name' })
  legalName: string;

  @Column('text', { name: 'address_lines', array: true })
  addressLines: string[];

  @Column('text', { nullable: true })
  postcode: string | null;

  @Column('text')
  country: string;

  @Column('text', { name: 'contact_name', nullable: true })
  contactName: string | null;

  @Column('text', { name: 'contact_email', nullable: true })
  contactEmail: string | null;

  @Column('text', { name: 'contact_phone', nullable: true })
  contactPhone: string | null;

  /** Plain, not a `@VersionColumn`: a change is an update `WHERE authorityCode AND version`. */
  @Column('integer')
  version: number;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
