import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of programme_terms, which never changes. */
@Entity('programme_terms')
export class ProgrammeTermsEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text', { name: 'programme_code' })
  programmeCode: string;

  @Column('integer')
  version: number;

  @Column('date', { name: 'in_force_from' })
  inForceFrom: string;

  /** What the terms say themselves, where the database holds it to one programme. */
  @Column('text', { name: 'number_prefix' })
  numberPrefix: string;

  /** As the programme file says them; `parseTerms` makes them what the code works with. */
  @Column('jsonb')
  terms: object;

  @Column('text')
  sha256: string;

  @Column('timestamptz', { name: 'loaded_at' })
  loadedAt: Date;
}
