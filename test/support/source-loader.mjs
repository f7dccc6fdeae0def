import { register } from 'node:module';

/** `node --import test/support/source-loader.mjs x.ts`: runs the TypeScript sources as Jest does, also in a worker thread. */
register('./source-hooks.mjs', import.meta.url);
