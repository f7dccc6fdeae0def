import { formatPence } from '#kernel';
import { type ClaimView, type EvidenceView, type ReviewInput } from '#claims';
import { type ClaimBody, type InvoiceBody } from './bodies.js';
import { type DemoClient } from './client.js';
import { bankExtractCsv, trainerEmail, trainerInvoicePdf, type EvidenceFile } from './evidence.js';
import { financeOf, managerOf, MTM } from './people.js';
import { TRAINERS, type Trainer } from './trainers.js';
import { Treasury } from './treasury.js';

type Step = 'submit' | 'withdraw' | 'review' | 'approve' | 'return' | 'reject' | 'hold' | 'release';
/** Which line of which trainer invoice, counted from 0. */
type LineAt = readonly [invoice: number, line: number];

interface Findings {
  disallow?: { at: LineAt; reason: string }[];
  /** By the place of the trainer invoice. */
  paymentProof?: { at: number; paidOn: string; note: string }[];
  distinct?: { at: number; note: string }[];
}

/** How many files of evidence a claim gets. */
type Evidence = 'invoice' | 'invoice and payment' | 'email';

/**
 * What the people of the story do, each a call of the API by the person who does it. Claims go by names of our own, since
 * a claim has no number before it is submitted.
 */
export class Stage {
  private readonly claims = new Map<string, ClaimView>();
  readonly treasury: Treasury;

  constructor(
    readonly client: DemoClient,
    private readonly say: (line: string) => void,
  ) {
    this.treasury = new Treasury(client, (line) => this.tell(line));
  }

  /** All claims of the story as they were last seen. */
  known(): ClaimView[] {
    return [...this.claims.values()];
  }

  claim(name: string): ClaimView {
    const claim = this.claims.get(name);
    if (claim === undefined) throw new Error(`the story has no claim "${name}" yet`);
    return claim;
  }

  tell(line: string): void {
    this.say(`  ${line}`);
  }

  /** The project manager prepares a draft. */
  async draft(name: string, body: ClaimBody): Promise<void> {
    const claim = await this.client.post<ClaimView>(managerOf(body.authority), '/claims', body);
    this.claims.set(name, claim);
    const { totalPence, problems } = claim.calculation;
    const wrong = problems.length > 0 ? `, with ${problems.length} problem${problems.length === 1 ? '' : 's'}` : '';
    this.tell(`${body.authority}: draft of ${formatPence(totalPence)}${wrong}`);
  }

  /** Drafts that came into being otherwise, such as by an import. */
  async adopt(name: string, id: string, as: string): Promise<void> {
    this.claims.set(name, await this.client.get<ClaimView>(as, `/claims/${id}`));
  }

  /** The finance officer writes the claim anew; nobody may have changed it meanwhile. */
  async rewrite(name: string, body: ClaimBody): Promise<void> {
    const { id, authority, version } = this.claim(name);
    const claim = await this.client.put<ClaimView>(financeOf(authority), `/claims/${id}`, body, `"v${version}"`);
    this.claims.set(name, claim);
    this.tell(`${authority}: corrected, ${formatPence(claim.totalPence)}`);
  }

  /** Uploads what the trainer sent, and what shows the payment, for every trainer invoice. */
  async attach(name: string, what: Evidence): Promise<void> {
    const claim = this.claim(name);
    for (const invoice of claim.trainerInvoices) {
      for (const file of await filesFor(invoice as InvoiceBody, claim.authority, what)) {
        await this.upload(claim, invoice.id, file);
      }
    }
    this.claims.set(name, await this.client.get<ClaimView>(managerOf(claim.authority), `/claims/${claim.id}`));
  }

  private async upload(claim: ClaimView, trainerInvoiceId: string, file: EvidenceFile): Promise<void> {
    const form = new FormData();
    form.set('trainerInvoiceId', trainerInvoiceId);
    form.set('description', file.description);
    form.append('files', new Blob([new Uint8Array(file.content)], { type: file.mediaType }), file.name);
    await this.client.post<{ items: EvidenceView[] }>(managerOf(claim.authority), `/claims/${claim.id}/evidence`, form);
  }

  async submit(name: string): Promise<void> {
    const claim = await this.step(name, financeOf(this.claim(name).authority), 'submit', {});
    this.tell(
      `${claim.authority}: ${claim.invoiceNumber} submitted, ${formatPence(claim.totalPence)}, due ${claim.dueOn}`,
    );
  }

  async withdraw(name: string, reason: string): Promise<void> {
    const claim = await this.step(name, financeOf(this.claim(name).authority), 'withdraw', { reason });
    this.tell(`${claim.authority}: ${claim.invoiceNumber} withdrawn`);
  }

  async review(name: string, findings: Findings = {}, by: string = MTM.finance): Promise<void> {
    const seen = await this.client.get<ClaimView>(by, `/claims/${this.claim(name).id}`);
    for (const flag of seen.flags) this.tell(`MTM: ${seen.invoiceNumber}: ${flag.message}`);
    const claim = await this.step(name, by, 'review', reviewOf(seen, findings));
    this.tell(`MTM: ${claim.invoiceNumber} reviewed${findings.disallow ? ', a line disallowed' : ''}`);
  }

  async approve(name: string, by: string = MTM.approver): Promise<void> {
    const claim = await this.step(name, by, 'approve', {});
    this.tell(`MTM: ${claim.invoiceNumber} approved, ${formatPence(claim.approvedPence ?? 0)}`);
  }

  async giveBack(name: string, reason: string): Promise<void> {
    const claim = await this.step(name, MTM.finance, 'return', { reason });
    this.tell(`MTM: ${claim.invoiceNumber} returned to ${claim.authority}`);
  }

  async reject(name: string, reason: string): Promise<void> {
    const claim = await this.step(name, MTM.approver, 'reject', { reason });
    this.tell(`MTM: ${claim.invoiceNumber} rejected`);
  }

  async hold(name: string, reason: string): Promise<void> {
    const claim = await this.step(name, MTM.finance, 'hold', { reason });
    this.tell(`MTM: ${claim.invoiceNumber} on hold`);
  }

  async release(name: string, reason: string): Promise<void> {
    const claim = await this.step(name, MTM.finance2, 'release', { reason });
    this.tell(`MTM: ${claim.invoiceNumber} released`);
  }

  /** A step that the service must refuse, with this code. */
  async refused(name: string, by: string, step: Step, body: object, code: string): Promise<void> {
    const { id, authority, invoiceNumber } = this.claim(name);
    await this.client.ask(by, 'POST', `/claims/${id}/${step}`, { body, refusedWith: code });
    this.tell(`${authority}: ${by} may not ${step} ${invoiceNumber ?? 'the draft'} (${code})`);
  }

  private async step(name: string, by: string, step: Step, body: object): Promise<ClaimView> {
    const claim = await this.client.post<ClaimView>(by, `/claims/${this.claim(name).id}/${step}`, body);
    this.claims.set(name, claim);
    return claim;
  }
}

function reviewOf(claim: ClaimView, findings: Findings): ReviewInput {
  const invoiceAt = (at: number) => claim.trainerInvoices[at]!;
  return {
    lines: (findings.disallow ?? []).map(({ at: [invoice, line], reason }) => ({
      lineId: invoiceAt(invoice).lines[line]!.id,
      decision: 'disallow',
      reason,
    })),
    paymentProof: (findings.paymentProof ?? []).map(({ at, ...rest }) => ({
      trainerInvoiceId: invoiceAt(at).id,
      ...rest,
    })),
    distinct: (findings.distinct ?? []).map(({ at, note }) => ({ trainerInvoiceId: invoiceAt(at).id, note })),
  };
}

async function filesFor(invoice: InvoiceBody, authority: string, what: Evidence): Promise<EvidenceFile[]> {
  const trainer = trainerNamed(invoice.trainer.name);
  if (what === 'email')
    return [await trainerEmail(trainer, invoice, { address: managerOf(authority), customer: authority })];
  const pdf = trainerInvoicePdf(trainer, invoice, authority);
  const paid =
    what === 'invoice and payment' && invoice.paidOn ? [bankExtractCsv(trainer, invoice, invoice.paidOn)] : [];
  return [pdf, ...paid];
}

function trainerNamed(name: string): Trainer {
  const found = Object.values(TRAINERS).find((trainer) => trainer.name === name);
  if (!found) throw new Error(`the story has no trainer "${name}"`);
  return found;
}
