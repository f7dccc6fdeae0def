import { DomainError } from '#kernel';
import type { ProgrammeTerms } from '#programme/domain';
import {
  assess,
  knowsCategories,
  reckon,
  type Assessment,
  type CalculationFacts,
  type ClaimBody,
} from '../domain/index.js';
import { DETAILS, type FormContent, type FormProblem, type InvoiceContent } from './form-content.js';
import { formProblems, type FormRead } from './read-form.js';

/** The trainer invoices of a form of which nothing is missing, as a claim that its rules can be asked about. */
export interface Judgeable {
  readonly body: ClaimBody;
  readonly invoices: readonly { readonly key: string; readonly content: InvoiceContent }[];
  /** Of invoices that are left out, since the programme has no such category. */
  readonly problems: readonly FormProblem[];
  /** Whether it is all of the form: nothing is missing, and nothing left out. */
  readonly whole: boolean;
}

/** What says nothing before the last invoice is whole: what is missing may stand on one of the others. */
const NOT_BEFORE_WHOLE: ReadonlySet<string> = new Set(['travel_without_training']);

/** The part of a form that can be put to the programme's rules already. */
export function judgeable(content: FormContent, read: FormRead, terms: ProgrammeTerms): Judgeable {
  const { programme, authority } = content;
  const problems: FormProblem[] = [];
  const whole = content.invoices.flatMap((invoice, at) => {
    const body = read.invoices[at]!.body;
    if (!body) return [];
    const unknown = unknownCategories({ programme, authority, trainerInvoices: [body] }, terms);
    problems.push(...formProblems(unknown, [invoice]));
    return unknown.length > 0 ? [] : [{ invoice, body }];
  });
  return {
    problems,
    whole: read.body !== null && whole.length === content.invoices.length,
    invoices: whole.map(({ invoice }) => invoice),
    body: {
      programme,
      authority,
      authorityReference: read.body?.authorityReference ?? null,
      purchaseOrder: read.body?.purchaseOrder ?? null,
      trainerInvoices: whole.map(({ body }) => body),
    },
  };
}

/** The calculation of what can be judged; null while that is nothing. */
export const judged = ({ body, invoices }: Judgeable, terms: ProgrammeTerms, facts: CalculationFacts) =>
  invoices.length === 0 ? null : assess(body, terms, facts);

/** Every rule that the form breaks already, by page and field. */
export function ruleProblems(of: Judgeable, read: FormRead, assessment: Assessment | null): FormProblem[] {
  if (assessment === null) return [...of.problems];
  const { problems } = assessment.calculation;
  const told = read.body ? problems : problems.filter(({ code }) => !NOT_BEFORE_WHOLE.has(code));
  return [...of.problems, ...formProblems(told, of.invoices)];
}

function unknownCategories(body: ClaimBody, terms: ProgrammeTerms) {
  if (knowsCategories(body, terms)) return [];
  try {
    reckon(body, terms);
    return [];
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'malformed') return error.problems;
    throw error;
  }
}

/** What no invoice could say: there is none. */
export const NO_INVOICE: FormProblem = {
  page: DETAILS,
  path: 'invoices',
  code: 'too_few',
  message: 'Add at least one trainer invoice.',
};
