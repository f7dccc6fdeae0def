import { v7 as uuid } from 'uuid';
import {
  ChangeFormInvoices,
  ClaimReader,
  DiscardForm,
  FinishForm,
  FormQueries,
  PasteRows,
  PaymentForecast,
  SaveDraft,
  SaveFormPage,
  StartForm,
  SubmitClaim,
} from '#claims';
import { DomainError } from '#kernel';
import { TermsStore } from '#programme';
import { BRENT, BRENT_MANAGER, ClaimsWorld } from './evidence-support.js';

/** Nothing here is approved, so nothing is foreseen. */
class NothingForeseen extends PaymentForecast {
  of() {
    return Promise.resolve(new Map());
  }
}

const TRAINER = { trainer: 'A Trainer Ltd', vatNumber: 'GB999999973', issuedOn: '14 3 2018', paidOn: '28/3/2018' };
const TRAINING = {
  ...{ category: 'targeted', rate: 'standard', description: 'Safety planning', bookedOn: '10/1/2018' },
  ...{ deliveredOn: '12/3/2018', trainerDays: '1 day', net: '£1,000.00', vatRate: '20', vat: '200' },
};

/** Everything that is done with forms, on a database of its own, with Brent's two people known by name. */
export class Forms {
  readonly starting: StartForm;
  readonly saving: SaveFormPage;
  readonly changing: ChangeFormInvoices;
  readonly pasting: PasteRows;
  readonly discarding: DiscardForm;
  readonly queries: FormQueries;
  readonly finishing: FinishForm;
  readonly drafts: SaveDraft;
  readonly submitting: SubmitClaim;

  private constructor(readonly world: ClaimsWorld) {
    const { uow } = world;
    const terms = new TermsStore();
    const reader = new ClaimReader(terms, new NothingForeseen());
    this.starting = new StartForm(uow);
    this.saving = new SaveFormPage(uow);
    this.changing = new ChangeFormInvoices(uow);
    this.pasting = new PasteRows(uow, terms);
    this.discarding = new DiscardForm(uow);
    this.queries = new FormQueries(uow, terms);
    this.finishing = new FinishForm(uow, reader);
    this.drafts = new SaveDraft(uow, reader);
    this.submitting = new SubmitClaim(uow, reader);
  }

  static async open(): Promise<Forms> {
    const world = await ClaimsWorld.open();
    await world.admin.query(
      `INSERT INTO user_account (id, email, name, organisation, roles, active, created_at)
       VALUES ($1, 'finance@brent.example', 'Fay Finance', 'BRENT', '{la_finance}', true, now()),
              ($2, 'manager@brent.example', 'Max Manager', 'BRENT', '{la_manager}', true, now())`,
      [BRENT.userId, BRENT_MANAGER.userId],
    );
    return new Forms(world);
  }

  /** A form with one whole trainer invoice of one line; its number is one that no other has. */
  async whole(actor = BRENT): Promise<{ id: string; key: string; number: string }> {
    const number = `INV-${uuid()}`;
    const { id } = await this.starting.run(actor, {});
    const { page: key } = await this.changing.add(actor, id, {});
    await this.saving.invoice(actor, id, key, { version: 1, ...TRAINER, number, then: { step: 'add_training' } });
    await this.saving.invoice(actor, id, key, { version: 2, lines: [{ key: 'l1', ...TRAINING }] });
    return { id, key, number };
  }
}

/** What the work was refused with. */
export async function thrown(work: Promise<unknown>): Promise<DomainError> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof DomainError) return error;
  throw new Error(`not refused: ${String(error)}`);
}

export const codeOf = async (work: Promise<unknown>): Promise<string> => (await thrown(work)).code;
