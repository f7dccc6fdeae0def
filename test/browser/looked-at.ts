import { lookedAt } from '../support/browser.js';

/**
 * Which suite looks at which page, each page in one place: without barriers, without sideways scrolling, whole on paper. A page that no
 * suite names, or that its suite does not open, is a failure.
 */
export const SUITES = {
  'claim-form': [
    ...['/claim-forms', '/claim-forms/new', '/claim-forms/:id', '/claim-forms/:id/details', '/claim-forms/:id/paste'],
    ...['/claim-forms/:id/invoices/:key', '/claim-forms/:id/invoices/:key/remove', '/claim-forms/:id/evidence'],
    ...['/claim-forms/:id/evidence/:file/remove', '/claim-forms/:id/check', '/claim-forms/:id/confirmation'],
    ...['/claim-forms/:id/discard', '/claims/:id/evidence', '/claims/:id/evidence/:fileId/remove'],
    ...['/claim-imports', '/claim-imports/:id'],
  ],
  funding: [
    ...['/', '/funding', '/funding/queue', '/funding/requests', '/funding/requests/new', '/funding/requests/choose'],
    ...['/funding/requests/preview', '/funding/requests/:id', '/funding/requests/:id/submit'],
    ...['/funding/requests/:id/cancel', '/funding/receipts', '/funding/receipts/new', '/funding/receipts/preview'],
    ...['/funding/receipts/:id', '/funding/receipts/:id/confirm', '/funding/receipts/:id/reverse'],
    ...['/reports', '/reports/ageing', '/reports/payment-times', '/reports/cash', '/reports/statement'],
    ...['/reports/accruals', '/reports/trial-balance', '/reports/warnings', '/reports/ageing/claims'],
  ],
  pages: [
    ...[
      '/claims',
      '/claims/:id',
      '/claims/:id/timeline',
      '/claims/:id/messages',
      '/claims/:id/withdraw',
      '/search',
      '/authorities',
      '/authorities/:code',
    ],
    ...['/authorities/:code/edit', '/allocations', '/allocations/:code', '/allocations/:code/:category'],
    ...['/allocations/moves', '/allocations/moves/:id', '/allocations/move'],
    ...['/allocations/move/preview', '/grants', '/grants/:code', '/grants/:code/edit', '/grants/:code/import'],
    ...['/grants/:code/quarters/:quarter', '/grants/:code/entries', '/grants/:code/entries/new', '/bank-details'],
    ...['/bank-details/:code', '/bank-details/:code/change', '/bank-details/:code/confirm', '/users', '/users/new'],
    ...['/users/:id', '/users/:id/edit', '/users/:id/deactivate', '/users/:id/reset-second-factor', '/jobs'],
    ...['/jobs/document/:id', '/jobs/delivery/:id', '/audit', '/audit/verify', '/programme', '/programme/:code'],
    ...['/help', '/help/role/:role', '/help/accessibility', '/help/privacy'],
  ],
  'payments-bank': [
    ...[
      '/payments',
      '/payments/all',
      '/payments/new',
      '/payments/:id',
      '/payments/:id/approve',
      '/payments/:id/cancel',
    ],
    ...['/payments/:id/:paymentId', '/payments/:id/:paymentId/refuse', '/payments-to-us', '/payments-to-us/:id'],
    ...['/bank', '/bank/load', '/bank/load/check', '/bank/:id', '/bank/:id/close', '/bank/:id/lines/:lineId'],
    ...['/bank/:id/lines/:lineId/match', '/bank/:id/lines/:lineId/undo', '/bank/mappings', '/bank/mappings/new'],
    ...['/bank/mappings/:name', '/bank/reports', '/bank/reports/load', '/bank/reports/check', '/bank/reports/:id'],
  ],
  review: [
    ...['/queue', '/claims/:id/assign', '/claims/:id/review', '/claims/:id/findings', '/claims/:id/approve'],
    ...['/claims/:id/return', '/claims/:id/reject', '/claims/:id/hold', '/claims/:id/release', '/claims/:id/adjust'],
    '/claims/:id/unfund',
    ...['/assurance', '/assurance/draw', '/assurance/:id', '/assurance/asked', '/assurance/items/:id'],
    '/assurance/items/:id/failed',
    ...['/adjustments', '/adjustments/:id'],
  ],
  'sign-in-pages': [
    ...['/sign-in', '/sign-in/code', '/sign-in/second-factor', '/carry-on', '/reset', '/reset/:token'],
    ...['/invitation/:token', '/account', '/account/password', '/account/second-factor'],
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What is sent as a file or leads elsewhere: nothing to look at. test/web/downloads.spec.ts follows the files. */
export const NO_PAGES =
  /(\/(download|everything|pdf|file|bank-file|remittance|claim-invoice)|\.csv|\.pdf|\/evidence\/:file(Id)?)$|^\/grants\/:code\/statement$|^\/sign-in\/oidc\/|^\/allocations\/moves\/:id\/undo$/;

const partsOf = (path: string): string[] => path.split('/');
const fits = (route: string, path: string): boolean => {
  const [of, at] = [partsOf(route), partsOf(path)];
  return of.length === at.length && of.every((part, index) => part.startsWith(':') || part === at[index]);
};
const parameters = (route: string): number => partsOf(route).filter((part) => part.startsWith(':')).length;

/** The route of a path: of those that fit, the one that names most of it. */
function routeOf(path: string): string | undefined {
  const all: string[] = Object.values(SUITES).flat();
  return all.filter((route) => fits(route, path)).sort((a, b) => parameters(a) - parameters(b))[0];
}

/** The pages of a suite that it has not looked at; to be asked when it is done. */
export function notLookedAt(suite: keyof typeof SUITES): string[] {
  const seen = new Set([...lookedAt()].map(routeOf));
  return SUITES[suite].filter((route) => !seen.has(route));
}
