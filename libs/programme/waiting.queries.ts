import { Inject, Injectable } from '@nestjs/common';
import { daysOfNumeric, formatDays, londonDate } from '#kernel';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { TermsStore } from './terms-store.js';

/** An allocation of which little is left. Days are decimal texts. */
export interface LowAllocation {
  authority: string;
  programme: string;
  label: string;
  leftDays: string;
  allottedDays: string;
}

/** Of so much of what was allotted, or less, little is left. */
const LITTLE_PERCENT = 10;
const MOST_NAMED = 10;

/** What waits for the payer's people at the authorities: few rows each, an authority or an allocation. */
@Injectable()
export class AuthoritiesWaiting {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
  ) {}

  /** Authorities whose newest account nobody has confirmed by ringing back, by code. Throws forbidden. */
  accountsToConfirm(actor: Actor): Promise<string[]> {
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'payment.read');
      const rows = await tx.query<{ authority: string }>(
        `SELECT b.authority_code AS authority
           FROM (SELECT DISTINCT ON (authority_code) authority_code, version FROM bank_details ORDER BY authority_code, version DESC) b
          WHERE NOT EXISTS (SELECT FROM bank_details_confirmation k WHERE k.authority_code = b.authority_code AND k.version = b.version)
          ORDER BY 1`,
      );
      return rows.map(({ authority }) => authority);
    });
  }

  /** Allocations that are nearly used up, those with least left first. Throws forbidden. */
  lowAllocations(actor: Actor): Promise<LowAllocation[]> {
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'allocation.read');
      const rows = await tx.query<{ authority: string; programme: string; category: string; left: string; of: string }>(
        `SELECT authority_code AS authority, programme_code AS programme, category, allotted_days::text AS of,
                (allotted_days - reserved_days - used_days)::text AS left
           FROM allocation
          WHERE allotted_days > 0 AND (allotted_days - reserved_days - used_days) * 100 <= allotted_days * ${LITTLE_PERCENT}
          ORDER BY (allotted_days - reserved_days - used_days) / allotted_days, authority_code, category LIMIT ${MOST_NAMED}`,
      );
      const found: LowAllocation[] = [];
      for (const { authority, programme, category, left, of } of rows) {
        const label = await this.labelOf(tx, programme, category);
        const [leftDays, allottedDays] = [formatDays(daysOfNumeric(left)), formatDays(daysOfNumeric(of))];
        found.push({ authority, programme, label, leftDays, allottedDays });
      }
      return found;
    });
  }

  private async labelOf(tx: Tx, programme: string, category: string): Promise<string> {
    const { terms } = await this.terms.inForce(tx, programme, londonDate(tx.now));
    return terms.allocations[category]?.label ?? category;
  }
}
