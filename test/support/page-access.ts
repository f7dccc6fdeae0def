import { type Action } from '#identity/domain';

/**
 * The permission that the pages under an address ask for; the first that fits counts. Null: whoever is signed in. A page that none
 * fits is an error of the test, so that a new page says what it asks for.
 */
const PAGE_ACTIONS: readonly (readonly [RegExp, Action | null])[] = [
  [/^\/($|account|carry-on$|help|search(\/download)?$)/, null],
  [/^\/claims\/:id\/documents\//, 'document.read'],
  [/^\/claims\/:id\/evidence\/:fileId\/remove$/, 'evidence.remove'],
  [/^\/claims\/:id(\/review)?\/evidence(\/|$)/, 'evidence.read'],
  [/^\/claim-imports/, 'claim.import'],
  [/^\/claims\/:id\/(review|findings|approve|return|reject|hold|release|assign|adjust|unfund)(\/|$)/, 'claim.read_mtm'],
  [/^\/claims(\/|$)/, 'claim.read'],
  [/^\/queue/, 'claim.read_mtm'],
  [/^\/adjustments/, 'adjustment.read'],
  [/^\/assurance\/draw/, 'assurance.draw'],
  [/^\/assurance\/items\/:id\/failed/, 'claim.read_mtm'],
  [/^\/assurance\/(asked|items)/, 'assurance.read'],
  [/^\/assurance/, 'assurance_sample.read'],
  [/^\/claim-forms/, 'claim.draft'],
  [/^\/jobs/, 'job.read'],
  [/^\/users\/new$/, 'user.manage'],
  [/^\/users/, 'user.read'],
  [/^\/bank(\/reports)?\/(load|check)/, 'bank_statement.reconcile'],
  [/^\/bank\/mappings\/new$/, 'bank_statement.reconcile'],
  [/^\/bank(\/|\.|$)/, 'payment.read'],
  [/^\/bank-details\/:code\/change/, 'authority.edit_bank_details'],
  [/^\/bank-details\/:code\/confirm/, 'authority.confirm_bank_details'],
  [/^\/bank-details\/:code/, 'authority.read'],
  [/^\/bank-details/, 'payment.read'],
  [/^\/payments-to-us\/due/, 'claim.read'],
  [/^\/payments-to-us\/owed/, 'adjustment.read'],
  [/^\/(payments-to-us|payments\/all)/, 'payment.read_own'],
  [/^\/payments\/new/, 'payment_run.prepare'],
  [/^\/payments\/:id\/:paymentId\/refuse$/, 'payment.refuse'],
  [/^\/payments\/:id\/bank-file$/, 'payment.read_bank_file'],
  [/^\/payments/, 'payment.read'],
  [/^\/funding\/queue/, 'claim.read'],
  [/^\/funding\/requests\/(new|choose|preview)/, 'funding_request.prepare'],
  [/^\/funding\/receipts\/(new|preview)/, 'funding_receipt.record'],
  [/^\/funding/, 'funding.read'],
  [/^\/reports\/(trial-balance|accruals)/, 'ledger.read'],
  [/^\/reports\/warnings/, 'funding.read'],
  // The page itself asks which authority first.
  [/^\/reports\/statement\//, 'statement.read'],
  [/^\/reports/, 'claim.read'],
  [/^\/allocations\/(move|moves\/:id\/undo)(\/|$)/, 'allocation.move'],
  [/^\/allocations/, 'allocation.read'],
  [/^\/grants?\/:code\/(import|edit|quarters\/|entries\/new)/, 'grant.edit'],
  [/^\/grants?(\/|$)/, 'grant.read'],
  [/^\/authorities\/:code\/edit/, 'authority.edit_address'],
  [/^\/authorities/, 'authority.read'],
  [/^\/audit\/verify/, 'audit.verify'],
  [/^\/audit/, 'audit.read'],
  [/^\/programme/, 'programme.read'],
];

/** Pages for whoever is not signed in. */
export const OPEN_PAGES = /^\/(sign-in|reset|invitation)(\/|$)/;

/** Undefined when nobody has said yet. */
export function actionOfPage(path: string): Action | null | undefined {
  return PAGE_ACTIONS.find(([pattern]) => pattern.test(path))?.[1];
}

/** Which id stands for a parameter, by what comes before it in the address. */
export type PageIds = readonly (readonly [RegExp, string])[];

/** The address of a page with ids in it that lead somewhere; throws for a parameter nobody has told of. */
export function pageAddress(path: string, ids: PageIds): string {
  let [address, route] = ['', ''];
  for (const part of path.split('/').slice(1)) {
    route = `${route}/${part}`;
    const found = part.startsWith(':') ? ids.find(([pattern]) => pattern.test(route))?.[1] : part;
    if (found === undefined) throw new Error(`What stands for ${part} in ${path}? Tell test/support/page-ids.ts.`);
    address = `${address}/${found}`;
  }
  return address === '' ? '/' : address;
}
