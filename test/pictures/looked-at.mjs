const LA = 'finance@brent.example';
const MANAGER = 'manager@brent.example';
const MTM = 'finance@mtm.example';
const COORDINATOR = 'coordinator@mtm.example';
const AUDITOR = 'auditor@mtm.example';
const ADMINISTRATOR = 'admin@mtm.example';

const A_CLAIM = /^\/claims\/[0-9a-f-]{36}$/;
const A_REVIEW = /^\/claims\/[0-9a-f-]{36}\/review$/;
const A_RUN = /^\/payments\/[0-9a-f-]{36}$/;
const A_STATEMENT = /^\/bank\/[0-9a-f-]{36}$/;
const A_USER = /^\/users\/[0-9a-f-]{36}$/;

/**
 * Whole pages, for docs/pages. What is looked at, by whom: a path, or the first link there whose address fits `link`; `press` is a button
 * to press first.
 */
export const PAGES = [
  { by: LA, name: 'la-home', path: '/', narrow: true },
  { by: LA, name: 'la-claims', path: '/claims' },
  { by: LA, name: 'la-claim', path: '/claims', link: A_CLAIM, narrow: true },
  { by: LA, name: 'la-new-claim', path: '/claim-forms/new' },
  { by: LA, name: 'la-payments', path: '/payments-to-us' },
  { by: MANAGER, name: 'la-allocation', path: '/allocations' },
  { by: MANAGER, name: 'la-grant', path: '/grants' },
  { by: MTM, name: 'mtm-home', path: '/' },
  { by: MTM, name: 'mtm-queue', path: '/queue' },
  { by: MTM, name: 'mtm-review', path: '/queue', link: A_REVIEW },
  { by: MTM, name: 'mtm-funding', path: '/funding' },
  { by: MTM, name: 'mtm-payment-queue', path: '/funding/queue' },
  { by: MTM, name: 'mtm-run', path: '/payments', link: A_RUN },
  { by: MTM, name: 'mtm-statement', path: '/bank', link: A_STATEMENT },
  { by: MTM, name: 'mtm-ageing', path: '/reports/ageing' },
  { by: MTM, name: 'mtm-payment-times', path: '/reports/payment-times' },
  { by: COORDINATOR, name: 'coordinator-allocations', path: '/allocations' },
  { by: AUDITOR, name: 'auditor-trail', path: '/audit' },
  { by: ADMINISTRATOR, name: 'administrator-users', path: '/users' },
];

/** As apps/web/help/pictures.ts says, in CSS pixels. */
export const HELP_SIZE = { width: 640, height: 480 };
export const MOST_HELP_BYTES = 12 * 1024;

/** The beginning of pages, for the help: from their heading on, or from the first part that `from` finds. Names as in apps/web/help/pictures.ts. */
export const HELP = [
  { by: LA, name: 'new-claim', path: '/claim-forms/new', press: 'Start' },
  { by: LA, name: 'check', path: '/claims' },
  { by: LA, name: 'claim', path: '/claims', link: A_CLAIM },
  { by: LA, name: 'allocation', path: '/allocations' },
  { by: LA, name: 'payments-to-us', path: '/payments-to-us' },
  { by: LA, name: 'bank-details', path: '/bank-details' },
  { by: LA, name: 'grant', path: '/grants' },
  { by: MANAGER, name: 'reports', path: '/reports' },
  { by: MTM, name: 'queue', path: '/queue' },
  { by: MTM, name: 'review', path: '/queue', link: A_REVIEW },
  { by: MTM, name: 'funding', path: '/funding' },
  { by: MTM, name: 'run', path: '/payments', link: A_RUN },
  { by: MTM, name: 'statement', path: '/bank', link: A_STATEMENT },
  { by: MTM, name: 'accounts', path: '/bank-details' },
  { by: MTM, name: 'ageing', path: '/reports/ageing' },
  { by: AUDITOR, name: 'trail', path: '/audit' },
  { by: AUDITOR, name: 'verify', path: '/audit/verify' },
  { by: AUDITOR, name: 'books', path: '/reports/trial-balance' },
  { by: COORDINATOR, name: 'claims', path: '/claims' },
  { by: COORDINATOR, name: 'move-days', path: '/allocations/move' },
  { by: ADMINISTRATOR, name: 'users', path: '/users' },
  { by: ADMINISTRATOR, name: 'new-user', path: '/users/new' },
  { by: ADMINISTRATOR, name: 'user', path: '/users', link: A_USER },
  { by: ADMINISTRATOR, name: 'jobs', path: '/jobs' },
  { by: ADMINISTRATOR, name: 'programme', path: '/programme' },
];
