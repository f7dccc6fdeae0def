import { parseArgs } from 'node:util';
import { CreateUser, IdentityModule, InviteUser } from '#identity';
import { systemActor } from '#platform/database';
import { besideService } from '../beside.js';
import { runCommand, say } from '../command.js';
import { StartFailure } from '../embedded/failure.js';
import { settings } from '../settings.js';

const USAGE =
  'Say who: npm run create-user -- --email ada@mtm.example --name "Ada Demo" --organisation MTM --role administrator [--role …] [--invite]';

/**
 * Makes a user on the command line: the first administrator of an installation, who makes the others. `--invite` also sends
 * the e-mail to choose a password by, once a worker runs. Whoever can run this has the database anyway.
 */
await runCommand(async () => {
  const { invite, ...user } = asked(process.argv.slice(3));
  const made = await besideService(settings(), [IdentityModule], async (app) => {
    const created = await app.get(CreateUser).run(systemActor, user);
    if (invite) await app.get(InviteUser).run(systemActor, created.id);
    return created;
  });
  say(
    `Made ${made.email} of ${made.organisation}: ${made.roles.join(', ')}. A token: npm run -s token -- ${made.email}`,
  );
});

function asked(words: string[]) {
  try {
    const { values } = parseArgs({
      args: words,
      options: {
        email: { type: 'string' },
        name: { type: 'string' },
        organisation: { type: 'string' },
        role: { type: 'string', multiple: true },
        invite: { type: 'boolean', default: false },
      },
    });
    const { email, name, organisation, role, invite } = values;
    if (email && name && organisation && role)
      return { email, name, organisation, roles: role, invite: invite === true };
  } catch {
    // an option that does not exist: the usage says which do
  }
  throw new StartFailure(USAGE);
}
