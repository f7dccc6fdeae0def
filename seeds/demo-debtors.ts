import { systemActor, type UnitOfWork } from '#platform/database';

/**
 * The guide names no account that MTM pays from, so the terms of EIP2 have none and no payment can be made. The demonstration
 * pays from one that no bank has: its sort code is 00-00-00. Terms that name an account come before it. Idempotent.
 */
export async function loadDemoDebtors(uow: UnitOfWork): Promise<void> {
  await uow.run(systemActor, async (tx) => {
    await tx.execute(
      `INSERT INTO demo_debtor_account (programme_code, account) SELECT code, $1 FROM programme ON CONFLICT DO NOTHING`,
      [JSON.stringify({ name: 'The payer (demo)', sortCode: '000000', accountNumber: '12345678' })],
    );
  });
}
