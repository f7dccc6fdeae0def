/** The demo users of MTM (seeds/demo-users.ts). */
export const MTM = {
  finance: 'finance@mtm.example',
  finance2: 'finance2@mtm.example',
  approver: 'approver@mtm.example',
  approver2: 'approver2@mtm.example',
  coordinator: 'coordinator@mtm.example',
  auditor: 'auditor@mtm.example',
  administrator: 'admin@mtm.example',
} as const;

export const financeOf = (authority: string): string => `finance@${authority.toLowerCase()}.example`;
export const managerOf = (authority: string): string => `manager@${authority.toLowerCase()}.example`;
