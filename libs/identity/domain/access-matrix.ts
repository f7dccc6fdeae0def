import { ACTIONS, type Action, type Rule } from './actions.js';
import { ROLE_TITLES, ROLES } from './roles.js';

/** What stands in the cell of a role that may do something, and what it means. */
const MARKS = {
  yes: 'yes',
  not_a_maker: 'yes¹',
  neither_maker_nor_approver: 'yes²',
} as const;

const cellOf = (rule: Rule, role: string): string =>
  (rule.by as readonly string[]).includes(role) ? MARKS[rule.separation ?? 'yes'] : '';

function notesOf(rule: Rule): string {
  const notes = [
    rule.ownToo ? 'everybody their own' : '',
    rule.notOneself ? 'nobody themselves' : '',
    (rule.by as readonly string[]).includes('system') ? 'jobs and sweeps' : '',
  ];
  return notes.filter(Boolean).join('; ');
}

/**
 * Role × action as a Markdown table, out of the very table that enforcement asks. docs/access.md holds the result; a test
 * compares the two.
 */
export function accessMatrix(): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rows = Object.keys(ACTIONS).map((action) => {
    const rule: Rule = ACTIONS[action as Action];
    return line([`\`${action}\``, rule.what, ...ROLES.map((role) => cellOf(rule, role)), notesOf(rule)]);
  });
  const head = ['action', 'to …', ...ROLES.map((role) => ROLE_TITLES[role]), 'besides'];
  return [line(head), line(head.map(() => '---')), ...rows].join('\n');
}
