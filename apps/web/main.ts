import { runHttpProcess } from '#platform/server';
import { webOptions } from './app.js';
import { WebModule } from './web.module.js';

/** The pages as a process of their own; Redis or the database carries their jobs to the worker processes. */
await runHttpProcess('web', WebModule, webOptions);
