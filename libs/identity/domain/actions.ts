import { type Role, type SYSTEM_ROLE } from './roles.js';

type Who = Role | typeof SYSTEM_ROLE;

/** Who else than by role an action is kept from; see may(). */
type Separation =
  /** Not by anyone who recorded, edited, prepared or reviewed it. */
  | 'not_a_maker'
  /** Not by who made it nor by who approved it before. */
  | 'neither_maker_nor_approver';

export interface Rule {
  /** What it is, for "You may not …". */
  readonly what: string;
  readonly by: readonly Who[];
  readonly separation?: Separation;
  /** What its maker did, for "You … yourself"; without it, what makes somebody a maker of a claim. */
  readonly made?: string;
  /** Whose it is may do it too, whatever their roles. */
  readonly ownToo?: true;
  /** Not on oneself: the code and the reason of the refusal. */
  readonly notOneself?: readonly [code: string, reason: string];
}

const LA: readonly Who[] = ['la_manager', 'la_finance'];
const MTM: readonly Who[] = ['mtm_finance', 'mtm_approver', 'coordinator'];
const EVERYONE: readonly Who[] = [...LA, ...MTM, 'auditor', 'administrator', 'system'];
const rule = (what: string, by: readonly Who[], more: Omit<Rule, 'what' | 'by'> = {}): Rule => ({ what, by, ...more });
const NOT_A_MAKER = { separation: 'not_a_maker' } as const;
const NEITHER = { separation: 'neither_maker_nor_approver' } as const;

/** Every action of docs/domain.md, "Who", and the roles that may do it. Enforcement, pages and documents read this table. */
export const ACTIONS = {
  'programme.read': rule('read the programme’s terms', EVERYONE),
  'authority.read': rule('read an authority’s details', EVERYONE),
  'authority.edit_address': rule('change an authority’s address and contact', ['la_finance']),
  'authority.edit_bank_details': rule('change an authority’s bank details', ['la_finance']),
  'authority.confirm_bank_details': rule('confirm an authority’s bank details', ['mtm_finance'], NOT_A_MAKER),

  'claim.calculate': rule('calculate a claim', EVERYONE),
  'claim.read': rule('read claims', EVERYONE),
  'claim.draft': rule('prepare a draft claim', LA),
  'claim.import': rule('import claims', LA),
  'claim.submit': rule('submit a claim', ['la_finance']),
  'claim.withdraw': rule('withdraw a claim', ['la_finance']),
  'claim.read_mtm': rule('see MTM’s work on claims', [...MTM, 'auditor', 'system']),
  'claim.assign': rule('assign a claim', ['mtm_finance', 'mtm_approver']),
  'claim.review': rule('review a claim', ['mtm_finance']),
  'claim.record_findings': rule('record findings about a claim', ['mtm_finance']),
  'claim.return': rule('return a claim', ['mtm_finance']),
  'claim.hold': rule('hold a claim', ['mtm_finance']),
  'claim.release': rule('release a held claim', ['mtm_finance']),
  'claim.approve': rule('approve a claim', ['mtm_approver'], NOT_A_MAKER),
  'claim.reject': rule('reject a claim', ['mtm_approver'], NEITHER),
  'claim.unfund': rule('take a claim’s funding back', ['mtm_finance']),
  'claim.message': rule('write about a claim', [...LA, 'mtm_finance', 'mtm_approver']),
  'flag.read_mtm': rule('see the flags for MTM', [...MTM, 'auditor', 'system']),

  'evidence.add': rule('add evidence', [...LA, 'mtm_finance']),
  'evidence.remove': rule('remove evidence', LA),
  'evidence.read': rule('read evidence', [...LA, ...MTM, 'auditor', 'system']),
  'document.read': rule('read claim invoices and credit notes', EVERYONE),

  'allocation.read': rule('read allocations', EVERYONE),
  'allocation.move': rule('move allocation days', ['coordinator']),

  'grant.read': rule('read the S31 grant', EVERYONE),
  'grant.edit': rule('record S31 spending', ['la_finance']),

  'adjustment.read': rule('read adjustments', EVERYONE),
  'adjustment.propose': rule('propose an adjustment', ['mtm_finance']),
  'adjustment.approve': rule('approve an adjustment', ['mtm_approver'], { ...NOT_A_MAKER, made: 'proposed this' }),
  'adjustment.cancel': rule('cancel an adjustment', ['mtm_finance']),

  'assurance.draw': rule('draw an assurance sample', ['mtm_finance']),
  'assurance.record': rule('record what an assurance check came to', ['mtm_finance'], NEITHER),
  'assurance.read': rule('read which claims were drawn', [...LA, ...MTM, 'auditor', 'system']),
  'assurance_sample.read': rule('read assurance samples', [...MTM, 'auditor', 'system']),

  'funding.read': rule('read funding requests, receipts and the payment queue', [...MTM, 'auditor', 'system']),
  'funding_request.prepare': rule('prepare a funding request', ['mtm_finance']),
  'funding_request.submit': rule('submit a funding request', ['mtm_finance']),
  'funding_receipt.record': rule('record a funding receipt', ['mtm_finance']),
  'funding_receipt.confirm': rule('confirm a funding receipt', ['mtm_finance'], {
    ...NOT_A_MAKER,
    made: 'recorded this',
  }),
  'funding_receipt.reverse': rule('reverse a funding receipt', ['mtm_finance']),

  'payment.read': rule('read payment runs', [...MTM, 'auditor', 'system']),
  'payment.read_own': rule('read payments to an authority', [...LA, ...MTM, 'auditor', 'system']),
  // Whole account numbers, which everybody else sees the last four digits of: for who sends it to the bank.
  'payment.read_bank_file': rule('read the bank file of a payment run', ['mtm_finance', 'mtm_approver']),
  'payment.refuse': rule('record that the bank refused a payment', ['mtm_finance']),
  'payment_run.prepare': rule('prepare a payment run', ['mtm_finance']),
  'payment_run.approve': rule('approve a payment run', ['mtm_approver'], { ...NEITHER, made: 'prepared this' }),
  'payment_run.cancel': rule('cancel a payment run', ['mtm_finance']),
  'bank_statement.reconcile': rule('load and match bank statements', ['mtm_finance']),
  'statement.read': rule('read an authority’s statement of account', [...LA, ...MTM, 'auditor', 'system']),
  'ledger.read': rule('read the books', [...MTM, 'auditor', 'system']),

  'delivery.manage': rule('manage bookings, events and consultancy', ['coordinator']),

  'audit.read': rule('read the audit trail', EVERYONE),
  'audit.verify': rule('verify the audit trail', ['mtm_finance', 'auditor', 'administrator', 'system']),
  'audit.seal': rule('seal the audit trail', ['administrator', 'system']),

  'user.read': rule('read users', ['auditor', 'administrator', 'system'], { ownToo: true }),
  'user.manage': rule('manage users', ['administrator', 'system']),
  'user.set_roles': rule('change a user’s roles', ['administrator', 'system'], {
    notOneself: ['own_roles', 'Nobody changes their own roles; ask another administrator.'],
  }),
  // Who locks themselves out would need the database's owner.
  'user.set_active': rule('activate or deactivate a user', ['administrator', 'system'], {
    notOneself: ['own_account', 'Nobody activates or deactivates their own account.'],
  }),
  'user.invite': rule('invite a user', ['administrator', 'system']),
  'user.reset_second_factor': rule('take a user’s second factor away', ['administrator', 'system'], {
    notOneself: ['own_account', 'Nobody takes away their own second factor; ask another administrator.'],
  }),
  'session.read': rule('see where a user is signed in', ['administrator', 'system'], { ownToo: true }),
  'session.end': rule('sign a user out', ['administrator', 'system'], { ownToo: true }),
  'token.issue': rule('issue a token', ['administrator', 'system']),
  'token.revoke': rule('revoke a token', ['administrator', 'system'], { ownToo: true }),
  'job.read': rule('see jobs and deliveries', [...MTM, 'auditor', 'administrator', 'system']),
  'job.manage': rule('retry failed jobs and send documents again', ['administrator', 'system']),
} as const satisfies Record<string, Rule>;

export type Action = keyof typeof ACTIONS;
