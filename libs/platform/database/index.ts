export { systemActor, type Actor } from './actor.js';
export { DatabaseModule } from './database.module.js';
export { checkRuntimeRole, createDataSource, RUNTIME_ROLE, setTypeParsers } from './data-source.js';
export { given } from './given.js';
export { commandContext, IdempotentReplay, type CommandContext } from './idempotency.js';
export { requireMigrated, runMigrations } from './migrate.js';
export { statement, type Statement } from './statement.js';
export { sqlState, UnitOfWork, violatedConstraint, type Tx } from './unit-of-work.js';
