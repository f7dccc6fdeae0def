import { IdentityModule, IssueToken } from '#identity';
import { DomainError } from '#kernel';
import { besideService } from '../beside.js';
import { runCommand } from '../command.js';
import { StartFailure } from '../embedded/failure.js';
import { settings } from '../settings.js';

/** Prints a bearer token for a user, alone on stdout's last line. */
await runCommand(async () => {
  const email = process.argv[3];
  if (email === undefined) throw new StartFailure('Say for whom: npm run -s token -- finance@brent.example');
  const token = await besideService(settings(), [IdentityModule], async (app) => {
    try {
      return (await app.get(IssueToken).forEmail(email, { label: 'command line' })).token;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      throw new StartFailure(error.kind === 'not_found' ? `There is no user ${email}` : error.message);
    }
  });
  process.stdout.write(`${token}\n`);
});
