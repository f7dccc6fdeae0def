import { expect } from '@jest/globals';
import { simpleBody } from '../../integration/claims-support.js';
import { MTM } from '../../support/people.js';
import { fill, follow, heading, press, type Journey, type JourneyWorld } from './world.js';

/** Writes over why a claim was submitted, past the triggers that forbid it. Gives what was there. */
async function rewrite({ service }: JourneyWorld, claimId: string, reason: string | null): Promise<string | null> {
  const of = `claim_id = $1 AND action = 'claim.submitted'`;
  const { rows } = await service.admin.query<{ reason: string | null }>(`SELECT reason FROM audit_entry WHERE ${of}`, [
    claimId,
  ]);
  await service.admin.query('ALTER TABLE audit_entry DISABLE TRIGGER ALL');
  await service.admin.query(`UPDATE audit_entry SET reason = $2 WHERE ${of}`, [claimId, reason]);
  await service.admin.query('ALTER TABLE audit_entry ENABLE TRIGGER ALL');
  return rows[0]!.reason;
}

/** Who did what to a claim, and that nobody changed the trail since. */
export const verifyTrail: Journey = {
  name: 'the auditor reads the trail of a claim and verifies the whole of it',
  async walk(world) {
    const claim = await world.claims.reviewed(simpleBody('BRENT', { trainerDays: '0.01', netPence: 1_000 }));
    const page = await world.person(MTM.auditor);
    await page.goto(`/audit?claimId=${claim.id}`);
    await page.getByText('Only what belongs to this claim').waitFor();
    await page.getByRole('row').filter({ hasText: 'Claim: reviewed' }).getByText('Greta Ledger (demo)').waitFor();
    await follow(page, /^The claim/);
    await heading(page, new RegExp(claim.invoiceNumber!));

    const verified = async (chain: string) => {
      await fill(page, { 'One authority’s or programme’s code, or nothing for all': chain });
      await press(page, 'Verify');
      return page.getByRole('heading', { name: /the trail$|^The trail is/ });
    };
    await page.goto('/audit');
    await follow(page, 'Verify the trail');
    const whole = await verified('');
    expect(await whole.innerText()).toBe('The trail is whole');
    await page.getByText(/[1-9][\d,]* entries in \d+ chains/).waitFor();

    // Somebody who gets at the database itself, past every trigger of it, is found out.
    const before = await rewrite(world, claim.id, 'never said');
    expect(await (await verified('BRENT')).innerText()).toBe('Something is wrong with the trail');
    expect(await page.getByRole('row').nth(1).innerText()).toContain('BRENT');
    await rewrite(world, claim.id, before);
    expect(await (await verified('BRENT')).innerText()).toBe('The trail is whole');
  },
};
