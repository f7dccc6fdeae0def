import { type ClaimBodyInput } from '#claims';
import { type Trainer } from './trainers.js';

export type ClaimBody = ClaimBodyInput;
export type InvoiceBody = ClaimBody['trainerInvoices'][number];
type LineBody = InvoiceBody['lines'][number];

/** VAT at 20% of a registered trainer, to the penny. */
const vatOn = (netPence: number): number => Math.round(netPence / 5);

type Training = Required<
  Pick<LineBody, 'category' | 'description' | 'bookedOn' | 'deliveredOn' | 'trainerDays' | 'netPence'>
> & { rate?: 'standard' | 'advanced' };

/** A trainer's invoice as the authority enters it. VAT follows from the trainer. */
export class InvoiceOf {
  private readonly lines: LineBody[] = [];

  constructor(
    private readonly trainer: Trainer,
    private readonly head: Pick<InvoiceBody, 'number' | 'issuedOn'> & { paidOn?: string },
  ) {}

  training({ rate = 'standard', ...line }: Training): this {
    this.lines.push({ kind: 'training', rate, ...line, ...this.vat(line.netPence) });
    return this;
  }

  travel(description: string, netPence: number): this {
    this.lines.push({ kind: 'travel', description, netPence, ...this.vat(netPence) });
    return this;
  }

  body(): InvoiceBody {
    const { name, vatNumber, country } = this.trainer;
    return { trainer: { name, country, ...(vatNumber ? { vatNumber } : {}) }, ...this.head, lines: this.lines };
  }

  private vat(netPence: number): Pick<LineBody, 'vatRate' | 'vatPence'> {
    return this.trainer.vatNumber ? { vatRate: '20', vatPence: vatOn(netPence) } : { vatRate: '0', vatPence: 0 };
  }
}

type Written = Pick<ClaimBody, 'authority'> & Partial<Pick<ClaimBody, 'authorityReference' | 'purchaseOrder'>>;

export function claimOf(written: Written, ...invoices: InvoiceOf[]): ClaimBody {
  return { programme: 'EIP2', ...written, trainerInvoices: invoices.map((invoice) => invoice.body()) };
}
