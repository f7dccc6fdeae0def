import { RouteConfig } from '@nestjs/platform-fastify';

/** A page for people who are not signed in. */
export const OpenPage = (): MethodDecorator => RouteConfig({ openPage: true });

/** A POST whose form has files: the handler reads it by `readUpload`, which checks `_csrf`, the first field, before any file. */
export const TakesFiles = (): MethodDecorator => RouteConfig({ takesFiles: true });

export interface PageConfig {
  openPage?: boolean;
  takesFiles?: boolean;
}
