import { RouteConfig } from '@nestjs/platform-fastify';

/** A page for people who are not signed in. */
export const OpenPage = (): MethodDecorator => RouteConfig({ openPage: true });

/**
 * A POST whose form has files, one or `several`: the handler reads it by `readUpload`, which checks `_csrf`, the first field, before any
 * file.
 */
export const TakesFiles = ({ several = false } = {}): MethodDecorator =>
  RouteConfig({ takesFiles: true, severalFiles: several });

/** A POST whose form holds a password or a code: nothing of it is kept when the session is over. */
export const KeepsNothing = (): MethodDecorator => RouteConfig({ keepsNothing: true });

/** A page for people who are not signed in, whose form holds a password or a code. */
export const OpenSecretPage = (): MethodDecorator => RouteConfig({ openPage: true, keepsNothing: true });

export interface PageConfig {
  keepsNothing?: boolean;
  openPage?: boolean;
  takesFiles?: boolean;
  severalFiles?: boolean;
}
