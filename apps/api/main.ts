import { runHttpProcess } from '#platform/server';
import { ApiModule } from './api.module.js';
import { apiOptions } from './app.js';

/** The API as a process of its own; Redis or the database carries its jobs to the worker processes. */
await runHttpProcess('api', ApiModule, apiOptions);
