import { formatSerial, londonDate, sumPence } from '#kernel';
import { appendAudits } from '#audit';
import { issueDocuments, takeNumbers, type NewDocument } from '#documents';
import { TermsStore, type ProgrammeTerms } from '#programme';
import { type Tx } from '#platform/database';
import {
  REMITTANCE_ADVICE,
  type RemittanceModel,
  type RemittedClaim,
  type RemittedSetOff,
} from '../documents/index.js';

const TERMS = new TermsStore();
/** A statement that settles very many payments issues their advice in parts. */
const AT_ONCE = 1_000;

/** A remittance advice just issued. */
export interface IssuedRemittance {
  paymentId: string;
  authority: string;
  number: string;
  totalPence: number;
}

/**
 * Issues the remittance advice of payments that are settled, each with everything it says as of now, and e-mails it to the
 * authority. A payment has one for ever: settled again after it was undone, it keeps the first. The caller holds the
 * adjustments they set off; the trail is told by `tellRemittances`, after everything else.
 */
export async function issueRemittances(tx: Tx, paymentIds: readonly string[]): Promise<IssuedRemittance[]> {
  const issued: IssuedRemittance[] = [];
  for (let from = 0; from < paymentIds.length; from += AT_ONCE) {
    const rows = await tx.query<Row>(ROWS, [paymentIds.slice(from, from + AT_ONCE)]);
    const programmes = [...new Set(rows.map(({ programme }) => programme))].sort();
    for (const programme of programmes) {
      const own = rows.filter((row) => row.programme === programme);
      issued.push(...(await issueFor(tx, programme, own)));
    }
  }
  return issued;
}

/** One entry for each, in the trail of its authority. */
export async function tellRemittances(tx: Tx, issued: readonly IssuedRemittance[]): Promise<void> {
  const inOrder = [...issued].sort((a, b) => (a.authority < b.authority ? -1 : a.authority > b.authority ? 1 : 0));
  await appendAudits(
    tx,
    inOrder.map(({ paymentId, authority, number, totalPence }) => ({
      chain: authority,
      action: 'payment.remittance_issued',
      subjectType: 'payment',
      subjectId: paymentId,
      after: { number, totalPence },
    })),
  );
}

interface Row {
  id: string;
  programme: string;
  programmeName: string;
  authority: string;
  amountPence: number;
  currency: string;
  reference: string;
  runNumber: string;
  bookedOn: string | null;
  accountName: string;
  lastFour: string;
  legalName: string;
  addressLines: string[];
  postcode: string | null;
  country: string;
  contactEmail: string | null;
  claims: RemittedClaim[];
  setOffs: RemittedSetOff[];
}

/** By authority and in the order of the payments, which is that of their numbers. */
const ROWS = `SELECT p.id, r.programme_code AS programme, g.name AS "programmeName", p.authority_code AS authority,
    p.amount_pence AS "amountPence", r.currency, p.reference, r.number AS "runNumber",
    p.booked_on AS "bookedOn",
    b.account_name AS "accountName", right(coalesce(b.account_number, b.iban), 4) AS "lastFour",
    a.legal_name AS "legalName", a.address_lines AS "addressLines", a.postcode, a.country, a.contact_email AS "contactEmail",
    (SELECT json_agg(json_build_object('invoiceNumber', c.invoice_number, 'authorityReference', c.authority_reference,
              'purchaseOrder', c.purchase_order, 'amountPence', i.pence) ORDER BY c.due_on, c.submitted_at, c.id)
       FROM payment_claim i JOIN claim c ON c.id = i.claim_id WHERE i.payment_id = p.id) AS claims,
    coalesce((SELECT json_agg(json_build_object('creditNoteNumber', j.credit_note_number, 'invoiceNumber', d.number, 'pence', s.pence,
              'leftPence', j.amount_pence - j.taken_pence) ORDER BY j.approved_at, j.id)
       FROM adjustment_set_off s JOIN adjustment j ON j.id = s.adjustment_id JOIN document n ON n.id = j.credit_note_id
       JOIN document d ON d.id = n.refers_to WHERE s.payment_id = p.id), '[]') AS "setOffs"
  FROM payment p JOIN payment_run r ON r.id = p.run_id JOIN programme g ON g.code = r.programme_code
  JOIN bank_details b ON b.authority_code = p.authority_code AND b.version = p.account_version
  JOIN authority_profile a ON a.authority_code = p.authority_code
 WHERE p.id = ANY ($1::uuid[]) AND NOT EXISTS (SELECT 1 FROM payment_remittance m WHERE m.payment_id = p.id)
 ORDER BY p.authority_code, p.id`;

async function issueFor(tx: Tx, programme: string, rows: readonly Row[]): Promise<IssuedRemittance[]> {
  const issuedOn = londonDate(tx.now);
  const { terms } = await TERMS.inForce(tx, programme, issuedOn);
  const counts = new Map<string, number>();
  for (const { authority } of rows) counts.set(authority, (counts.get(authority) ?? 0) + 1);
  const next = await takeNumbers(tx, { programme, kind: REMITTANCE_ADVICE }, counts);
  const documents = rows.map((row): NewDocument => {
    const seq = next.get(row.authority)!;
    next.set(row.authority, seq + 1);
    const number = `${terms.numberPrefix}-${row.authority}-RA-${formatSerial(seq)}`;
    return {
      ...{ kind: REMITTANCE_ADVICE, programme, authority: row.authority, claimId: null, number, seq, issuedOn },
      ...{ totalPence: row.amountPence, refersTo: null, model: modelOf(row, terms, { number, issuedOn }) },
      ...{ payerEmail: null, authorityEmail: row.contactEmail },
    };
  });
  const ids = await issueDocuments(tx, documents);
  await tx.execute(
    `INSERT INTO payment_remittance (payment_id, authority_code, document_id) SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[])`,
    [rows.map(({ id }) => id), rows.map(({ authority }) => authority), ids],
  );
  return rows.map(({ id, authority, amountPence }, at) => ({
    ...{ paymentId: id, authority, number: documents[at]!.number, totalPence: amountPence },
  }));
}

function modelOf(row: Row, terms: ProgrammeTerms, issued: { number: string; issuedOn: string }): RemittanceModel {
  const { payer } = terms;
  return {
    ...issued,
    currency: row.currency,
    programme: { code: row.programme, name: row.programmeName },
    payer: {
      legalName: payer.legalName,
      tradingName: payer.tradingName,
      shortName: payer.shortName,
      addressLines: [...payer.address],
      country: payer.country,
      identifier: { ...payer.identifier },
      email: payer.invoiceEmail,
    },
    authority: {
      legalName: row.legalName,
      addressLines: row.addressLines,
      postcode: row.postcode,
      country: row.country,
    },
    payment: { id: row.id, reference: row.reference, runNumber: row.runNumber, bookedOn: row.bookedOn },
    account: row.amountPence === 0 ? null : { accountName: row.accountName, lastFour: row.lastFour },
    claims: row.claims,
    setOffs: row.setOffs,
    claimsPence: sumPence(row.claims.map(({ amountPence }) => amountPence)),
    setOffPence: sumPence(row.setOffs.map(({ pence }) => pence)),
    totalPence: row.amountPence,
  };
}
