import { seedAll } from '#seeds';
import { runCommand, say } from '../command.js';
import { ensureLogin, mustAnswer, openDatabase } from '../database.js';
import { StartFailure } from '../embedded/failure.js';
import { businessClock, settings } from '../settings.js';

/**
 * The one-shot of an installation on servers of its own: brings the schema up to date as the owner, makes the login of
 * DATABASE_URL where it is missing, and loads the programmes' terms. No demo users.
 */
await runCommand(async () => {
  const config = settings();
  const { url, migrationUrl } = config.database;
  if (url === null || migrationUrl === null) {
    throw new StartFailure(
      'Set DATABASE_URL, and MIGRATION_DATABASE_URL for its owner: npm start migrates the embedded database itself',
    );
  }
  // The login may not exist before this ran, so only the owner's address is asked to answer.
  const asOwner = { ...config, database: { ...config.database, url: migrationUrl } };
  await openDatabase(asOwner, say);
  await ensureLogin(migrationUrl, url);
  await mustAnswer('DATABASE_URL', url);
  await seedAll(url, { demo: false, clock: businessClock(config) });
  say('The database is up to date');
});
