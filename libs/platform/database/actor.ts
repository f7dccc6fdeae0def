/** Who acts. Made by the authenticator from a token, or `systemActor` for jobs. */
export interface Actor {
  /** UUID of the user; all zeros for the system itself. */
  userId: string;
  /** Authority code, or the payer's organisation code. */
  organisation: string;
  /** What row-level security lets through: one authority's code, or `*`. */
  scope: string;
  roles: readonly string[];
  requestId?: string;
}

/** Jobs, sweeps and commands: sees every authority, decides nothing. */
export const systemActor: Actor = {
  userId: '00000000-0000-0000-0000-000000000000',
  organisation: 'SYSTEM',
  scope: '*',
  roles: ['system'],
};
