/** One code a caller may meet in `code` of a problem: its status and what it means. */
export interface ErrorCode {
  code: string;
  status: number;
  meaning: string;
}

type Row = readonly [code: string, meaning: string];

const of = (status: number, rows: readonly Row[]): ErrorCode[] =>
  rows.map(([code, meaning]) => ({ code, status, meaning }));

/**
 * Every code of a problem, stable for clients. The API's description and docs/api.md are made from this table, and a
 * test finds any code in the source that is missing here.
 */
export const ERROR_CODES: readonly ErrorCode[] = [
  ...of(400, [
    ['malformed', 'The request is not in the form the call takes; `errors` says where.'],
    ['idempotency_key_missing', 'This call moves a claim or money and needs an Idempotency-Key.'],
    ['cursor_unknown', 'The cursor is not one this list gave.'],
    ['body_missing', 'The call takes a file as its body and there was none.'],
    ['file_empty', 'An uploaded file holds nothing.'],
    ['terms_invalid', 'A programme’s terms contradict themselves or leave something out.'],
  ]),
  ...of(401, [
    ['unauthenticated', 'There is no bearer token, or nobody holds it.'],
    ['token_expired', 'The token is too old. Ask for a new one.'],
    ['token_revoked', 'The token was withdrawn. Ask for a new one.'],
  ]),
  ...of(403, [
    ['forbidden', 'You may not do this.'],
    ['role_not_allowed', 'None of your roles may do this.'],
    [
      'maker_cannot_approve',
      'Who edited, prepared or reviewed something, or recorded a finding about it, does not approve it.',
    ],
    [
      'maker_cannot_reject',
      'Who edited, prepared or reviewed something, or recorded a finding about it, does not reject it.',
    ],
    ['maker_cannot_confirm', 'Who recorded something does not confirm it.'],
    ['approver_cannot_approve', 'Who gave the earlier approval does not give this one.'],
    ['approver_cannot_reject', 'Who approved a claim does not reject it.'],
    ['own_roles', 'Nobody changes their own roles.'],
    ['own_account', 'Nobody activates or deactivates their own account.'],
  ]),
  ...of(404, [['not_found', 'It does not exist, or it belongs to another authority.']]),
  ...of(405, [['method_not_allowed', 'The address does not take this method.']]),
  ...of(406, [['not_acceptable', 'The call cannot answer in the form the Accept header asks for.']]),
  ...of(408, [['request_timeout', 'The request took too long to arrive.']]),
  ...of(409, [
    ['state_conflict', 'The step is not possible in the state the claim is in.'],
    ['duplicate_trainer_invoice', 'A trainer invoice is in another live claim of the authority.'],
    ['claim_held', 'The claim is on hold; release it first.'],
    ['bank_details_missing', 'The authority has not entered an account yet.'],
    ['bank_details_confirmed', 'The account is confirmed already.'],
    ['claim_not_held', 'The claim is not on hold.'],
    ['document_not_failed', 'The document has not failed; there is nothing to try again.'],
    ['delivery_not_failed', 'Only an e-mail that failed is tried again; an unconfirmed one is resent.'],
    ['delivery_not_unconfirmed', 'Only an unconfirmed e-mail is resent; one that failed is tried again.'],
    ['document_not_ready', 'The document is still being made; try again in a few seconds.'],
    ['idempotency_key_in_use', 'A request with this Idempotency-Key is still running.'],
    ['email_taken', 'Another user has the e-mail address.'],
    ['user_state', 'The user is active already, or deactivated already.'],
    ['user_inactive', 'The user is deactivated and gets no token.'],
    ['evidence_already_removed', 'The file was removed from the claim before.'],
    ['verification_running', 'The audit trail is being verified already; ask again when that has ended.'],
    ['import_repeated', 'The same file was imported before; `again=true` imports it once more.'],
  ]),
  ...of(412, [['version_stale', 'It was changed since it was read; If-Match names an older version.']]),
  ...of(413, [
    ['too_large', 'The request, or a file in it, is larger than the call takes.'],
    ['file_too_large', 'A file is larger than the call takes.'],
    ['too_many_files', 'The form has more files than the call takes.'],
    ['too_many_parts', 'The form has more parts than the call takes.'],
    ['too_many_fields', 'The form has more fields than the call takes.'],
  ]),
  ...of(414, [['address_too_long', 'The address is too long.']]),
  ...of(415, [
    ['unsupported_media_type', 'The call does not take this Content-Type.'],
    ['evidence_type_not_allowed', 'The bytes of an evidence file are of a kind that is not accepted.'],
  ]),
  ...of(422, [
    ['claim_has_problems', 'Rules refuse the claim; `errors` names each with its path.'],
    ['nothing_to_reimburse', 'The claim comes to nothing.'],
    ['account_in_use', 'The account belongs to another authority.'],
    ['number_not_held_before', 'The number called was not held before the account was entered.'],
    ['authority_address_missing', 'The invoice prints the authority’s address, and none is entered.'],
    ['distinct_not_recorded', 'A trainer invoice is claimed elsewhere, and nobody recorded that the two are distinct.'],
    ['payment_proof_in_future', 'A proof of payment is dated in the future.'],
    ['idempotency_key_reused', 'The Idempotency-Key was used for another request.'],
    ['import_rejected', 'Rows of the import are wrong; `errors` names each. Nothing was stored.'],
    ['allocation_not_enough_left', 'The move would leave fewer days than are drawn.'],
    ['reserve_not_enough', 'The reserve of the category does not hold so many days.'],
    ['code_taken', 'A programme and an authority would have one code.'],
    ['number_prefix_taken', 'Numbers of another programme’s documents begin with it.'],
    ['terms_changed', 'Terms that are in use differ from the ones offered.'],
    ['payment_proof_missing', 'A trainer invoice has no proof that the trainer was paid.'],
    ['organisation_unknown', 'There is no such organisation.'],
    ['role_missing', 'A user has at least one role.'],
    ['role_not_of_organisation', 'The role is not one for users of this organisation.'],
    ['roles_conflict', 'An auditor or administrator has no other role.'],
    ['evidence_limit_reached', 'A claim has no room for so many files.'],
    ['trainer_invoice_unknown', 'The claim has no such trainer invoice.'],
    ['unsupported_character', 'A text has a character no font of the documents can print.'],
  ]),
  ...of(428, [['precondition_required', 'The call needs If-Match.']]),
  ...of(429, [['too_many_requests', 'Too many requests; `Retry-After` says how many seconds to wait.']]),
  ...of(431, [['headers_too_large', 'The headers are too large.']]),
  ...of(500, [['internal_error', 'A defect on our side. Quote the request id.']]),
  ...of(503, [
    ['unavailable', 'A part of the service is away or busy; try again.'],
    ['worker_pool_unavailable', 'Documents cannot be made just now; try again.'],
    ['stored_file_damaged', 'A stored file is not what was stored. It is not served.'],
  ]),
];

/** The codes of single fields and rules, in `errors[].code` (and in `problems` of a calculation). */
export const PROBLEM_CODES: Readonly<Record<string, string>> = {
  required: 'The field is missing, or null where a value is needed.',
  unknown_field: 'The call does not know this field.',
  not_text: 'Not text, or broken characters.',
  blank: 'Nothing but spaces.',
  too_short: 'Fewer characters than needed.',
  too_long: 'More characters than allowed.',
  control_character: 'Line breaks, tabs or characters that do not print.',
  wrong_form: 'Not of the form this value has.',
  not_pence: 'Not a whole number of pence.',
  not_an_integer: 'Not a whole number.',
  not_days: 'Not days as decimal text.',
  out_of_range: 'Too small or too large.',
  not_a_date: 'Not a calendar date, YYYY-MM-DD.',
  not_an_instant: 'Not an instant with its zone.',
  not_uuid: 'Not an id.',
  not_an_email: 'Not an e-mail address.',
  iban_invalid: 'An IBAN whose country, check digits or length are wrong.',
  bic_invalid: 'A BIC whose letters 5 and 6 are no country.',
  country_unknown: 'A code that ISO 3166-1 gives to no country; the United Kingdom is GB.',
  not_a_boolean: 'Neither true nor false.',
  not_one_of: 'Not one of the values listed.',
  not_an_object: 'Not an object.',
  not_a_list: 'Not a list.',
  too_few: 'Fewer items than needed.',
  too_many: 'More items than allowed.',
  repeated: 'Named twice.',
  distinct_not_recorded: 'Claimed elsewhere, and nobody recorded that the two are distinct.',
  payment_proof_in_future: 'A proof of payment dated in the future.',
  too_deep: 'Nested deeper than any call needs.',
  broken_form: 'A multipart form that is cut off or broken.',
  cursor_unknown: 'A cursor this list did not give.',
  booked_too_early: 'Booked on or before the last day that cannot be claimed.',
  delivered_too_early: 'Delivered on or before the last day that cannot be claimed.',
  delivered_in_future: 'Delivered after today.',
  claim_window_closed: 'Delivered or claimed after the programme’s last day for it.',
  unsupported_character: 'A character no font of the documents can print.',
  foreign_vat: 'A trainer outside the UK charges no VAT.',
  vat_mismatch: 'VAT is not net × rate within a penny.',
  vat_without_number: 'VAT charged without a VAT number.',
  vat_number_invalid: 'A GB VAT number whose check digits are wrong.',
  travel_without_training: 'Travel of a trainer who has no training in the claim.',
  allocation_exceeded: 'More funded days than the authority has left.',
  duplicate_trainer_invoice: 'The trainer invoice is in another live claim, or twice in this one.',
  rate_not_allowed: 'The rate is not offered for the category on that day.',
  payment_proof_missing: 'No proof that the trainer was paid.',
  terms_invalid: 'Terms that contradict themselves or leave something out.',
  unknown_category: 'The programme has no such category.',
  column_missing: 'A column of the import is missing.',
  unknown_column: 'A column the import does not know.',
  repeated_column: 'A column twice.',
  cell_without_column: 'A cell beyond the header.',
  not_an_amount: 'Not an amount of pounds and pence.',
  organisation_unknown: 'There is no such organisation.',
  role_missing: 'A user has at least one role.',
  role_not_of_organisation: 'The role is not one for users of this organisation.',
  roles_conflict: 'An auditor or administrator has no other role.',
  rows_disagree: 'Rows of one trainer invoice or claim say different things about it.',
  too_many_rows: 'More rows than one import takes.',
  no_rows: 'No row below the header.',
  not_csv: 'Quotation marks that do not match.',
  trainer_invoice_unknown: 'The claim has no such trainer invoice.',
};

/** The table of docs/api.md. */
export function errorTable(): string {
  const rows = ERROR_CODES.map(({ code, status, meaning }) => `| ${status} | \`${code}\` | ${meaning} |`);
  const fields = Object.entries(PROBLEM_CODES).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return [
    '| status | code | meaning |',
    '| --- | --- | --- |',
    ...rows,
    '',
    'In `errors[].code`:',
    '',
    '| code | meaning |',
    '| --- | --- |',
    ...fields,
  ].join('\n');
}
