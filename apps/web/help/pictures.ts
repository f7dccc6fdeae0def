/** A picture of a page, by `npm run pictures` out of the demonstration: `apps/web/help/pictures/<name>.png`. */
export interface Picture {
  /** What is to be seen, for who does not see it. */
  readonly alt: string;
  /** What to do there. */
  readonly caption: string;
}

/** All pictures are of one size, in CSS pixels, so that a page does not move while they come. */
export const PICTURE_SIZE = { width: 640, height: 480 } as const;

export const PICTURES = {
  'new-claim': {
    alt: 'A task list: the claim, trainer invoices, evidence, check and submit, each with what is left to do.',
    caption: 'Follow the tasks from the top. What is done is marked, and you can come back to it.',
  },
  check: {
    alt: 'The claims of an authority as a table: number, status with who acts next, amount and dates, with filters above.',
    caption: 'Choose a status and press Filter to see what you have to correct or send.',
  },
  claim: {
    alt: 'A claim: its number and status, who acts next, when the money is expected and why.',
    caption: 'Read who acts next first. Below it are the timeline, the documents and the working of each amount.',
  },
  allocation: {
    alt: 'An allocation: for each kind of training a sentence and a bar of days used, reserved and left.',
    caption: 'Read the sentence above each bar, and follow a category in the table to see the claims that drew on it.',
  },
  'payments-to-us': {
    alt: 'Payments to an authority as a table: date, amount, what was taken off, with the remittance advice of each.',
    caption: 'Follow a payment to see its claims, and download its remittance advice for your ledger.',
  },
  'bank-details': {
    alt: 'An authority’s bank details: the last four digits of the account, and whether MTM has confirmed it.',
    caption:
      'Check that the account is yours and confirmed. To change it, have a bank letter and your telephone at hand.',
  },
  grant: {
    alt: 'An S31 grant: what is spent, left and expected, with the post and who held it.',
    caption: 'Record spending by quarter. Where a quarter cost more or less than expected, follow it and say why.',
  },
  reports: {
    alt: 'The list of reports, each with a line on what it tells.',
    caption: 'Choose a report. Each has its figures as a table too, to download as CSV.',
  },
  queue: {
    alt: 'The work queue: what is to be reviewed, to be approved, on hold and returned, and the claims with authority, amount and dates.',
    caption: 'Take the oldest that nobody has. Filter to see only what waits for you.',
  },
  review: {
    alt: 'A claim in review: its lines with a decision for each, and the evidence beside them.',
    caption: 'Look at the evidence, decide on each line, and give a reason where you disallow it.',
  },
  funding: {
    alt: 'Funding: how much is approved, asked for and received, with what to do next.',
    caption: 'Prepare a request of what is approved. When money has come, record the receipt from here.',
  },
  run: {
    alt: 'A payment run: its status and total, who prepared and who approved it, and its payments.',
    caption: 'Compare the total and each payment with the claims in it before you approve, or pass it on.',
  },
  statement: {
    alt: 'A bank statement: each line beside what it was matched to, or what it may be, with the reasons.',
    caption: 'Decide on the lines that are not certain. When every line is explained, close the statement.',
  },
  accounts: {
    alt: 'Bank details of all authorities as a table, with those that wait to be confirmed.',
    caption: 'Open one that waits, ring the number shown there, and record whom you spoke to.',
  },
  ageing: {
    alt: 'How old the unpaid claims are, as a sentence and as bars by age.',
    caption: 'Look at the last bar first: those are past the day they should have been paid.',
  },
  trail: {
    alt: 'The audit trail: who did what and when, newest first, with filters above.',
    caption: 'Choose an authority, what was done or a day. The address keeps your choice.',
  },
  verify: {
    alt: 'The page that verifies the trail, with a button to begin.',
    caption: 'Press the button. The answer says in words whether every entry is as it was written.',
  },
  books: {
    alt: 'The trial balance at the end of a day: a sentence that says both sides agree, and a bar for each account.',
    caption: 'Check that both sides come to the same. Download it, or the journals, as a file.',
  },
  claims: {
    alt: 'Claims of all authorities as a table with filters by authority and status.',
    caption: 'Filter by authority and status. The status says who acts next.',
  },
  'move-days': {
    alt: 'A form to move days: the category, who gives them, who gets them and how many.',
    caption: 'Fill it in and press See what it changes: nothing is moved before you have seen both ends.',
  },
  users: {
    alt: 'Users as a table: name, e-mail address, organisation, roles and whether they are active, with filters above.',
    caption: 'Follow a name to see how they sign in and where they are signed in.',
  },
  'new-user': {
    alt: 'A form to add somebody: name, e-mail address, organisation and roles.',
    caption: 'Choose the organisation first: it decides which roles there are. The invitation goes out when you save.',
  },
  user: {
    alt: 'One user: their roles, how they sign in, and what an administrator can do for them.',
    caption: 'Send a new invitation, take a lost second factor away, or deactivate somebody who left.',
  },
  jobs: {
    alt: 'Jobs: documents and e-mails that failed, or a sentence that none did.',
    caption: 'Try a failed one again. Ask before you send one again that may have arrived.',
  },
  programme: {
    alt: 'A programme’s terms: the parties, the dates, the rates and categories.',
    caption: 'Choose a version below to see what was in force when.',
  },
} as const satisfies Readonly<Record<string, Picture>>;

export type PictureName = keyof typeof PICTURES;

/** Which picture stands with a task of the guides, by its title. */
export const PICTURE_OF: Readonly<Record<string, PictureName>> = {
  'Prepare a claim': 'new-claim',
  'Check and submit it': 'check',
  'See whether a claim has been paid': 'claim',
  'See how many days are left': 'allocation',
  'See what was paid to you': 'payments-to-us',
  'Change your bank details': 'bank-details',
  'Account for the S31 grant': 'grant',
  'See how the S31 grant is spent': 'grant',
  'See reports': 'reports',
  'Review a claim': 'review',
  'Ask the funder for the money': 'funding',
  Pay: 'run',
  'Reconcile the bank': 'statement',
  'Confirm an authority’s bank details': 'accounts',
  'See how the month stands': 'ageing',
  'Look something up in the trail': 'trail',
  'Approve claims': 'queue',
  'Approve payment runs': 'run',
  'Move days': 'move-days',
  'Follow the claims': 'claims',
  'Verify the trail': 'verify',
  'Follow a payment to its evidence': 'run',
  'Read the books': 'books',
  'See who may do what': 'users',
  'Let somebody in': 'new-user',
  'Help somebody who cannot sign in': 'user',
  'See to what failed': 'jobs',
  'Read the programme’s terms': 'programme',
};
