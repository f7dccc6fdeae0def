import { forbidden, notFound } from '#kernel';
import { ACTIONS, type Action, type Rule } from './actions.js';
import { ROLE_TITLES } from './roles.js';

/** As much of the actor as a permission looks at. */
export interface Who {
  readonly userId: string;
  /** One authority's code, or `*`. */
  readonly scope: string;
  readonly roles: readonly string[];
}

/** As much of what is acted on as a permission looks at; what is left out is not looked at. */
interface Subject {
  /** The authority it belongs to. */
  readonly authority?: string;
  /** Users who edited, prepared, recorded or reviewed it. */
  readonly makers?: readonly (string | null)[];
  /** Users who approved it, or what is in it, before. */
  readonly approvers?: readonly (string | null)[];
  /** The user it belongs to, for users and tokens. */
  readonly userId?: string;
}

type Answer = { readonly allowed: true } | { readonly allowed: false; readonly code: string; readonly reason: string };

const YES: Answer = { allowed: true };
const no = (code: string, reason: string): Answer => ({ allowed: false, code, reason });

/**
 * May this actor do this, to this? Yes, or a stable code and a reason a person understands. Pages, queries and use
 * cases ask the same function. Codes: `not_found` (it belongs to another authority; told as if it were not there),
 * `role_not_allowed`, `maker_cannot_approve`, `maker_cannot_reject`, `maker_cannot_confirm`, `approver_cannot_reject`,
 * `approver_cannot_approve`, `maker_cannot_record`, `approver_cannot_record`, `own_roles`, `own_account`. Source: docs/domain.md, "Who" and "A claim's life".
 */
export function may(actor: Who, action: Action, subject: Subject = {}): Answer {
  const rule: Rule = ACTIONS[action];
  if (subject.authority !== undefined && actor.scope !== '*' && actor.scope !== subject.authority) {
    return no('not_found', 'There is no such thing, or it is not yours to see.');
  }
  const own = subject.userId === actor.userId;
  if (own && rule.ownToo) return YES;
  if (!rule.by.some((role) => actor.roles.includes(role))) return no('role_not_allowed', whoMay(rule));
  if (own && rule.notOneself) return no(...rule.notOneself);
  return separated(rule, action, actor, subject);
}

const MADE_A_CLAIM = 'edited, prepared or reviewed this yourself, or recorded something about it';

function separated(rule: Rule, action: Action, actor: Who, subject: Subject): Answer {
  if (!rule.separation) return YES;
  const verb = action.slice(action.indexOf('.') + 1).replace(/_.*/, '');
  if (subject.makers?.includes(actor.userId)) {
    const made = rule.made ? `${rule.made} yourself` : MADE_A_CLAIM;
    return no(`maker_cannot_${verb}`, `You ${made}; another person must ${verb} it.`);
  }
  if (rule.separation === 'neither_maker_nor_approver' && subject.approvers?.includes(actor.userId)) {
    return no(`approver_cannot_${verb}`, `You gave the earlier approval yourself; another person must ${verb} this.`);
  }
  return YES;
}

function whoMay(rule: Rule): string {
  const titles = rule.by.filter((role) => role !== 'system').map((role) => ROLE_TITLES[role]);
  return `You may not ${rule.what}. Who may: ${titles.join(', ')}.`;
}

/** Throws DomainError `forbidden` with may()'s code and reason, or `not_found` for another authority's. */
export function requireMay(actor: Who, action: Action, subject: Subject = {}): void {
  const answer = may(actor, action, subject);
  if (answer.allowed) return;
  if (answer.code === 'not_found') throw notFound(action.slice(0, action.indexOf('.')).replace('_', ' '));
  throw forbidden(answer.code, answer.reason);
}
