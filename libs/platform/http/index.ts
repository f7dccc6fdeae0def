export { API_PREFIX, ApiController } from './api-controller.js';
export { AnswerInterceptor } from './answer.interceptor.js';
export { Authenticator, BearerGuard, CurrentActor, Public, actorOf, authenticate } from './authentication.js';
export { BodyTypeGuard, Consumes } from './body-type.js';
export { IfMatch, VersionLetter, alreadyHas } from './conditional.js';
export { BODY_LIMIT_BYTES, configureHttp, createHttpAdapter, type HttpOptions } from './configure-http.js';
export { prefersCsv, safeCell, toCsv } from './csv.js';
export {
  IDEMPOTENCY,
  IdempotencyInterceptor,
  IgnoresIdempotencyKey,
  RequiresIdempotencyKey,
  type IdempotencyRule,
} from './idempotency.interceptor.js';
export { addInputPart, canonicalJson, hashInput } from './input-hash.js';
export { LargeBody } from './large-body.js';
export { readMultipart, type MultipartLimits, type UploadedFile } from './multipart.js';
export { Answers, AnswersList, Creates, type LocationOf } from './operations.js';
export {
  DEFAULT_LIMIT,
  MAX_LIMIT,
  decodeCursor,
  encodeCursor,
  listQuery,
  page,
  pageOf,
  type CursorValue,
  type Page,
  type PageRequest,
} from './paging.js';
export { FilterByPrefix, ProblemFilter, type PrefixFilter } from './problem.filter.js';
export { STATUS_OF_KIND, TooManyRequests, problemType, toProblem, type ProblemBody } from './problem.js';
export { readRaw } from './raw-body.js';
export { requestIdOf } from './request-id.js';
