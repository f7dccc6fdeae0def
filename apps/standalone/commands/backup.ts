import { resolve } from 'node:path';
import { systemClock } from '#kernel';
import { backUp } from '../backup/backup.js';
import { runCommand, say } from '../command.js';
import { StartFailure } from '../embedded/failure.js';
import { settings } from '../settings.js';

await runCommand(async () => {
  const target = process.argv[3];
  if (target === undefined) throw new StartFailure('Say where to: npm run backup -- <new folder>');
  const config = settings();
  if (config.database.url !== null) {
    throw new StartFailure(
      'backup copies the embedded database, but DATABASE_URL is set: use pg_dump on that server and copy DATA_DIR beside it',
    );
  }
  const { files } = await backUp(config.dataDir, resolve(target), systemClock.now(), say);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  say(
    `Backed up ${files.length} files (${Math.ceil(bytes / 1_000_000)} MB) of ${config.dataDir} to ${resolve(target)}`,
  );
});
