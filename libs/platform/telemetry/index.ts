export { describeError } from './describe-error.js';
export { NestLogger, createLogger } from './logger.js';
export { Metrics } from './metrics.js';
export { observeRequests } from './observe-requests.js';
