export { createHttpApp, type HttpAppOptions } from './http-app.js';
export { HealthModule } from './health.module.js';
export { Readiness } from './readiness.js';
export { runHttpProcess } from './run-process.js';
