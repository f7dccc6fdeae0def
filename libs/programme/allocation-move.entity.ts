import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of allocation_move, seen by both of its ends. */
@Entity('allocation_move')
export class AllocationMoveEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text', { name: 'programme_code' })
  programmeCode: string;

  @Column('text')
  category: string;

  /** Null is the reserve, on either end. */
  @Column('text', { name: 'from_authority', nullable: true })
  fromAuthority: string | null;

  @Column('text', { name: 'to_authority', nullable: true })
  toAuthority: string | null;

  /** Decimal text with three places, as PostgreSQL writes it. */
  @Column('numeric', { precision: 9, scale: 3 })
  days: string;

  @Column('text')
  reason: string;

  @Column('uuid', { name: 'moved_by' })
  movedBy: string;

  @Column('timestamptz', { name: 'moved_at' })
  movedAt: Date;
}
