import { resolve } from 'node:path';
import { restore } from '../backup/backup.js';
import { runCommand, say } from '../command.js';
import { StartFailure } from '../embedded/failure.js';
import { settings } from '../settings.js';

await runCommand(async () => {
  const source = process.argv[3];
  if (source === undefined) throw new StartFailure('Say from where: npm run restore -- <folder that backup made>');
  const config = settings();
  if (config.database.url !== null) {
    throw new StartFailure(
      'restore fills the embedded database, but DATABASE_URL is set: unset it, or use pg_restore on that server',
    );
  }
  await restore(resolve(source), config.dataDir, say);
});
