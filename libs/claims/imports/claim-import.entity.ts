import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of claim_import: a CSV file read into drafts. */
@Entity('claim_import')
export class ClaimImportEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text', { name: 'authority_code' })
  authorityCode: string;

  @Column('text', { name: 'programme_code' })
  programmeCode: string;

  @Column('text', { name: 'file_name', nullable: true })
  fileName: string | null;

  @Column('text')
  sha256: string;

  @Column('integer', { name: 'row_count' })
  rowCount: number;

  @Column('integer', { name: 'claim_count' })
  claimCount: number;

  @Column('uuid', { name: 'claim_ids', array: true })
  claimIds: string[];

  /** The same content was imported before, and that was meant. */
  @Column('boolean')
  repeated: boolean;

  @Column('uuid', { name: 'imported_by' })
  importedBy: string;

  @Column('timestamptz')
  at: Date;
}
