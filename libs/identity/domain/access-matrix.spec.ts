import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { accessMatrix } from './access-matrix.js';
import { ACTIONS } from './actions.js';
import { may } from './permissions.js';
import { ROLES } from './roles.js';

const DOC = new URL('../../../docs/access.md', import.meta.url);
const BETWEEN = /(<!-- matrix -->\n\n)[\s\S]*(\n\n<!-- end -->)/;

describe('the access matrix', () => {
  it('stands in docs/access.md as the permissions are (UPDATE_DOCS=1 writes it)', () => {
    const doc = readFileSync(DOC, 'utf8');
    const current = doc.replace(BETWEEN, (_, before: string, after: string) => `${before}${accessMatrix()}${after}`);
    if (process.env['UPDATE_DOCS']) writeFileSync(DOC, current);
    else expect(doc).toBe(current);
  });

  it('says of each role and action what may() says of somebody who had no part in it', () => {
    const rows = accessMatrix().split('\n').slice(2);
    Object.keys(ACTIONS).forEach((action, index) => {
      const cells = rows[index]?.split(' | ').slice(2, 2 + ROLES.length) ?? [];
      ROLES.forEach((role, column) => {
        const actor = { userId: 'a', scope: '*', roles: [role] };
        const allowed = may(actor, action as keyof typeof ACTIONS, { makers: ['b'], approvers: ['c'] }).allowed;
        expect([action, role, cells[column] !== '']).toEqual([action, role, allowed]);
      });
    });
  });
});
