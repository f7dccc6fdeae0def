import { runMigrations } from '#platform/database';
import { Platform1514764800001 } from './1514764800001-platform.js';

/** Every migration, oldest first. A released one is never edited: a change is a new one. */
export const MIGRATIONS = [Platform1514764800001];

/** Brings a database to the current schema. `url` is the owner's. Returns the names that ran now. */
export const migrate = (url: string): Promise<string[]> => runMigrations(url, MIGRATIONS);
