/** The demonstration's users at the payer, by what they are (seeds/demo-users.ts). */
export const MTM = {
  finance: 'finance@mtm.example',
  finance2: 'finance2@mtm.example',
  approver: 'approver@mtm.example',
  approver2: 'approver2@mtm.example',
  coordinator: 'coordinator@mtm.example',
  auditor: 'auditor@mtm.example',
  admin: 'admin@mtm.example',
} as const;

export const finance = (authority: string): string => `finance@${authority.toLowerCase()}.example`;
export const manager = (authority: string): string => `manager@${authority.toLowerCase()}.example`;
