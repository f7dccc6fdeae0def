import {
  Injectable,
  SetMetadata,
  UnsupportedMediaTypeException,
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiConsumes } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

const CONSUMES = 'http:consumes';
const JSON_ONLY: readonly string[] = ['application/json'];

/** The media types a call takes instead of JSON: `@Consumes('multipart/form-data')`, `@Consumes('text/csv')`. */
export const Consumes = (...types: readonly string[]) =>
  applyDecorators(SetMetadata(CONSUMES, types), ApiConsumes(...types));

/** 415 for a body of another type than the call takes. A request without a body passes. */
@Injectable()
export class BodyTypeGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const given = context.switchToHttp().getRequest<FastifyRequest>().headers['content-type'];
    if (given === undefined) return true;
    const allowed = this.reflector.get<readonly string[] | undefined>(CONSUMES, context.getHandler()) ?? JSON_ONLY;
    if (allowed.includes(given.split(';', 1)[0]?.trim().toLowerCase() ?? '')) return true;
    throw new UnsupportedMediaTypeException();
  }
}
