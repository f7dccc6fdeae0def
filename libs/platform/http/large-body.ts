import { RouteConfig } from '@nestjs/platform-fastify';
import type { RouteOptions } from 'fastify';

/**
 * 48 MB: a claim of 50 × 200 lines, each with 100 delivery days and the longest text, is within every limit of a claim and
 * so must be taken.
 */
const LARGE_BODY_BYTES = 48 * 1024 * 1024;

/** A call whose JSON may be as large as the largest claim; for the others the limit of the whole API holds. */
export const LargeBody = (): MethodDecorator => RouteConfig({ largeBody: true });

/** Fastify's onRoute hook that gives marked calls their limit. */
export function raiseBodyLimit(route: RouteOptions): void {
  if ((route.config as { largeBody?: boolean } | undefined)?.largeBody) route.bodyLimit = LARGE_BODY_BYTES;
}
