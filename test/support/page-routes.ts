import 'reflect-metadata';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, MODULE_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { PAGES } from '../../apps/web/web.module.js';

export interface PageRoute {
  method: 'GET' | 'POST';
  /** `/claims/:id/withdraw`. */
  path: string;
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? (value as string[]) : [String(value)]);

/** Every page that is registered, read from the modules themselves: a new one is here without being named. */
export function pageRoutes(): PageRoute[] {
  return PAGES.flatMap((module) => {
    const controllers = Reflect.getMetadata(MODULE_METADATA.CONTROLLERS, module) as (new () => object)[];
    return controllers.flatMap((controller) => {
      const bases = listOf(Reflect.getMetadata(PATH_METADATA, controller));
      const prototype = controller.prototype as Record<string, object>;
      return Object.getOwnPropertyNames(prototype).flatMap((name): PageRoute[] => {
        const method = Reflect.getMetadata(METHOD_METADATA, prototype[name]!) as RequestMethod | undefined;
        if (method === undefined) return [];
        const ends = listOf(Reflect.getMetadata(PATH_METADATA, prototype[name]!));
        return bases.flatMap((base) =>
          ends.map((end) => ({
            method: method === RequestMethod.GET ? 'GET' : 'POST',
            path: `/${[base, end]
              .map((part) => part.replace(/^\/|\/$/g, ''))
              .filter(Boolean)
              .join('/')}`,
          })),
        );
      });
    });
  });
}
