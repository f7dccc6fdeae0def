import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of evidence. What was sent never changes: the runtime role may update the removal only. */
@Entity('evidence')
export class EvidenceEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text', { name: 'authority_code' })
  authorityCode: string;

  @Column('uuid', { name: 'claim_id' })
  claimId: string;

  @Column('uuid', { name: 'trainer_invoice_id', nullable: true })
  trainerInvoiceId: string | null;

  @Column('text', { name: 'file_name' })
  fileName: string;

  @Column('text', { nullable: true })
  description: string | null;

  @Column('text', { name: 'media_type' })
  mediaType: string;

  @Column('boolean', { name: 'declared_otherwise' })
  declaredOtherwise: boolean;

  /** Bytes. */
  @Column('bigint')
  size: number;

  @Column('text')
  sha256: string;

  @Column('text', { name: 'storage_key' })
  storageKey: string;

  @Column('uuid', { name: 'uploaded_by' })
  uploadedBy: string;

  @Column('timestamptz', { name: 'uploaded_at' })
  uploadedAt: Date;

  @Column('uuid', { name: 'removed_by', nullable: true })
  removedBy: string | null;

  @Column('timestamptz', { name: 'removed_at', nullable: true })
  removedAt: Date | null;

  @Column('text', { name: 'removed_reason', nullable: true })
  removedReason: string | null;
}
