import { type Role } from '#identity/domain';

/** One thing somebody does here, in the steps they do it. */
export interface Task {
  readonly title: string;
  readonly steps: readonly string[];
  /** Where it begins. */
  readonly href: string;
  readonly link: string;
}

/** What somebody in a role can do here. */
export interface Guide {
  readonly intro: string;
  readonly tasks: readonly Task[];
}

const task = (title: string, link: string, href: string, ...steps: readonly string[]): Task => ({
  title,
  link,
  href,
  steps,
});

const PREPARE = task(
  'Prepare a claim',
  'Start a new claim',
  '/claim-forms/new',
  'Have the trainers’ invoices, the proof that they were paid, and the dates and days of the training at hand.',
  'Add each trainer invoice with its lines, or paste its rows out of a spreadsheet. “Save and continue”, “Save and come back later” and “Back” save the page, so you can stop and come back.',
  'Many claims at once: “Import claims from a file” makes a draft of each, or says row by row what is wrong.',
  'Drop the evidence onto the page: invoices, proof of payment, attendance lists. What is asked for later is added from the claim’s own page.',
  'The list of tasks says what is left. What it comes to is worked out as you type, with the working.',
);
const FOLLOW = task(
  'See whether a claim has been paid',
  'Claims',
  '/claims',
  'Each claim says who acts next and when the money is expected.',
  'Open a claim for its timeline, its documents, and how every amount was worked out.',
  'When MTM draws one of your claims for a check, it stands under “Evidence asked for”: open it to see what is needed, and add it there.',
);
const ALLOCATION = task(
  'See how many days are left',
  'Allocations',
  '/allocations',
  'For each kind of training: what you were allotted, what is used, what is reserved by claims on their way, and what is left.',
);
const TRAIL = task(
  'Look something up in the trail',
  'Audit trail',
  '/audit',
  'Filter by authority, by what was done and by day. The address of the page keeps the filters, so you can send it to a colleague.',
  'Every list can be downloaded as CSV.',
);

/** The help, role by role. */
export const GUIDES: Readonly<Record<Role, Guide>> = {
  la_finance: {
    intro: 'You claim back what your authority paid for training, and keep the details that money is paid by.',
    tasks: [
      PREPARE,
      task(
        'Check and submit it',
        'Claims',
        '/claims',
        'Check the answers. What a rule refuses is named beside the line it is about.',
        'Submit. The claim invoice is made, numbered and e-mailed; you get a copy, and MTM reviews it.',
        'If MTM returns a claim, its reasons stand beside the lines they speak of. Correct them and submit again.',
        'A claim that should not have been sent can be withdrawn until it is approved; its days go back to your allocation.',
      ),
      FOLLOW,
      ALLOCATION,
      task(
        'See what was paid to you',
        'Payments to us',
        '/payments-to-us',
        'Each payment with the claims in it and what was taken off, and the remittance advice to download.',
      ),
      task(
        'Change your bank details',
        'Bank details',
        '/bank-details',
        'Enter the account. MTM calls you on a number it already had before anything is paid to it: that keeps a forged letter from working.',
      ),
      task(
        'Account for the S31 grant',
        'S31 grant',
        '/grants',
        'Record what was spent by quarter, or import it. The statement shows what is left.',
      ),
    ],
  },
  la_manager: {
    intro: 'You follow your authority’s claims, its days and its grant. A finance officer submits what you prepare.',
    tasks: [
      PREPARE,
      FOLLOW,
      ALLOCATION,
      task(
        'See how the S31 grant is spent',
        'S31 grant',
        '/grants',
        'The statement by quarter, beside what was claimed for the same work.',
      ),
      task(
        'See reports',
        'Reports',
        '/reports',
        'Figures of your authority, each as a sentence, a picture and a table.',
      ),
    ],
  },
  mtm_finance: {
    intro: 'You review claims, ask the funder for the money, pay, and reconcile the bank.',
    tasks: [
      task(
        'Review a claim',
        'Work queue',
        '/queue',
        'Take a claim from the queue, the oldest first. The evidence stands beside the lines.',
        'Decide line by line, with a reason where it is needed. Then pass it on for approval, return it, or hold it.',
        'Whoever reviewed a claim cannot approve it.',
      ),
      task(
        'Ask the funder for the money',
        'Funding',
        '/funding',
        'Prepare a request out of approved claims, download its schedule, and note that it was sent.',
        'When money comes, record the receipt. The preview says which claims it will fund and which still wait, and why. A second person confirms it.',
        'A funded claim that should wait after all: its page takes its funding back, until it is in a payment run.',
      ),
      task(
        'Pay',
        'Payments',
        '/payments',
        'Prepare a run out of funded claims: the preview shows what each authority gets. An approver confirms it.',
        'Download the bank file and give it to the bank.',
      ),
      task(
        'Reconcile the bank',
        'Bank',
        '/bank',
        'Load the statement. What is certain is matched already; for the rest the page shows candidates with the reasons for them.',
        'Every match can be undone until the statement is closed.',
      ),
      task(
        'Confirm an authority’s bank details',
        'Bank details',
        '/bank-details',
        'Call the authority on a number that was held before the account was entered, have the whole account read out and type it: it is compared with what was entered.',
      ),
      task(
        'See how the month stands',
        'Reports',
        '/reports',
        'Ageing, cash by month, accruals and the books, each with its table and CSV. Ageing leads to the claims that you were warned of.',
        'Under Assurance, draw a sample of what was approved last month, and record what the check of each claim came to.',
      ),
      TRAIL,
    ],
  },
  mtm_approver: {
    intro: 'You are the second person: what you approve, somebody else has made.',
    tasks: [
      task(
        'Approve claims',
        'Work queue',
        '/queue',
        'The queue shows what waits for approval. Open a claim to see what the review found and what approval would come to.',
        'You cannot approve what you edited or reviewed yourself.',
      ),
      task(
        'Approve payment runs',
        'Payments',
        '/payments',
        'Compare the run with its claims, then approve it or send it back. Nothing goes to the bank before.',
      ),
      task('See how the month stands', 'Reports', '/reports', 'Ageing, cash by month, accruals and the books.'),
    ],
  },
  coordinator: {
    intro: 'You share out the programme’s days and see how they are used.',
    tasks: [
      task(
        'Move days',
        'Allocations',
        '/allocations',
        'Choose from whom and to whom, or from the reserve. The preview says what both have left afterwards; nobody can be left with fewer days than are drawn.',
      ),
      task('Follow the claims', 'Claims', '/claims', 'Filter by authority and state; each says who acts next.'),
      task('See reports', 'Reports', '/reports', 'Use of days and money by authority.'),
    ],
  },
  auditor: {
    intro: 'You read everything and change nothing.',
    tasks: [
      TRAIL,
      task(
        'Verify the trail',
        'Audit trail',
        '/audit',
        'Choose “Verify the trail”. Every entry is computed again and compared with its seal and with the checkpoints outside the database; the answer is in words.',
      ),
      task(
        'Follow a payment to its evidence',
        'Payments',
        '/payments',
        'A run leads to its payments, a payment to its claims, a claim to its lines, working, documents and evidence.',
      ),
      task(
        'Read the books',
        'Reports',
        '/reports',
        'Trial balance, journals and statements, to look at or to download.',
        'Under Assurance, each sample has its seed, its rule and what it was drawn from: draw it again to see that it is the same.',
      ),
      task('See who may do what', 'Users', '/users', 'Every user with organisation, roles and how they sign in.'),
    ],
  },
  administrator: {
    intro: 'You look after users and failed jobs. You decide nothing about money.',
    tasks: [
      task(
        'Let somebody in',
        'Users',
        '/users',
        'Add them with their organisation and roles. An invitation is e-mailed; it works for seven days, once.',
        'MTM’s people set up a second factor the first time they sign in.',
      ),
      task(
        'Help somebody who cannot sign in',
        'Users',
        '/users',
        'A forgotten password they reset themselves on the sign-in page.',
        'If a telephone is lost, call them on a number you already have, then take their second factor away.',
        'When somebody leaves, deactivate them: they are signed out at once, and what they did stays in the trail.',
      ),
      task(
        'See to what failed',
        'Jobs',
        '/jobs',
        'A PDF that could not be made and an e-mail that was not sent are tried again.',
        'An unconfirmed e-mail may have arrived: ask before you send it again.',
      ),
      task(
        'Read the programme’s terms',
        'Programme and its terms',
        '/programme',
        'Terms are loaded by a command on the server, by one administrator, and confirmed by another.',
      ),
      TRAIL,
    ],
  },
};
