import { HttpCode, SetMetadata, applyDecorators, type Type } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiExtraModels,
  ApiOkResponse,
  ApiProduces,
  ApiQuery,
  getSchemaPath,
} from '@nestjs/swagger';
import { DEFAULT_LIMIT, MAX_LIMIT } from './paging.js';

export const LOCATION = 'http:location';
export const CSV_COLUMNS = 'http:csv-columns';
export const CSV_ROWS = 'http:csv-rows';

/** The address of what was created, out of the answer and the address posted to; null for none. */
export type LocationOf = (body: Record<string, unknown>, path: string) => string | null;

const below: LocationOf = (body, path) => (typeof body['id'] === 'string' ? `${path}/${body['id']}` : null);

const ETAG_HEADER = {
  ETag: { description: 'Send it as If-Match to change what you read.', schema: { type: 'string', example: '"v3"' } },
} as const;

/** A creating POST: 201 with `Location`, which is the address posted to and the new id unless told otherwise. */
export const Creates = (view: Type, options: { location?: LocationOf; description?: string } = {}) =>
  applyDecorators(
    HttpCode(201),
    SetMetadata(LOCATION, options.location ?? below),
    ApiCreatedResponse({
      type: view,
      description: options.description ?? 'Created.',
      headers: {
        ...ETAG_HEADER,
        Location: { description: 'Where it can be read.', schema: { type: 'string', format: 'uri-reference' } },
      },
    }),
  );

/** Any other call: 200 with one object. */
export const Answers = (view: Type, description = 'Done.') =>
  applyDecorators(HttpCode(200), ApiOkResponse({ type: view, description, headers: ETAG_HEADER }));

/**
 * A list: `{ items, nextCursor }` with `limit` and `cursor`, and CSV of the same items with these columns (paths such
 * as `hold.reason`) for `Accept: text/csv`.
 */
export function AnswersList(view: Type, options: { csv: readonly string[]; description?: string }) {
  const schema = {
    type: 'object',
    required: ['items', 'nextCursor'],
    properties: {
      items: { type: 'array', items: { $ref: getSchemaPath(view) } },
      nextCursor: { type: 'string', nullable: true, description: 'Null on the last page.' },
    },
  };
  const csv = { schema: { type: 'string' } };
  return applyDecorators(
    HttpCode(200),
    ApiExtraModels(view),
    InPages(),
    ApiOkResponse({
      description: options.description ?? 'One page.',
      headers: ETAG_HEADER,
      content: { 'application/json': { schema }, 'text/csv': csv } as never,
    }),
    SetMetadata(CSV_COLUMNS, options.csv),
  );
}

/**
 * One object that holds rows: `rows` names the field they are in, which alone is what `Accept: text/csv` gets. `inPages`
 * when it takes `limit` and `cursor`, as a list does.
 */
export function AnswersRows(
  view: Type,
  options: { rows: string; csv: readonly string[]; inPages?: true; description?: string },
) {
  const schema = { $ref: getSchemaPath(view) };
  const content = { 'application/json': { schema }, 'text/csv': { schema: { type: 'string' } } };
  return applyDecorators(
    HttpCode(200),
    ApiExtraModels(view),
    ...(options.inPages ? [InPages()] : []),
    ApiOkResponse({
      description: options.description ?? 'Done.',
      headers: ETAG_HEADER,
      content: content as never,
    }),
    SetMetadata(CSV_COLUMNS, options.csv),
    SetMetadata(CSV_ROWS, options.rows),
  );
}

/** A file, as it was stored or made: in one of these types. */
export const AnswersFile = (description: string, ...mediaTypes: string[]) =>
  applyDecorators(
    ApiProduces(...mediaTypes),
    ApiOkResponse({
      description,
      content: Object.fromEntries(
        mediaTypes.map((type) => [type, { schema: { type: 'string' as const, format: 'binary' } }]),
      ),
    }),
  );

const InPages = () =>
  applyDecorators(
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
    }),
    ApiQuery({
      name: 'cursor',
      required: false,
      schema: { type: 'string' },
      description: 'nextCursor of the page before.',
    }),
  );
