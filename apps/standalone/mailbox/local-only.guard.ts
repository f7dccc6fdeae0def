import { Injectable, NotFoundException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isLoopbackHost } from '#platform/http';

const LOOPBACK_ADDRESS = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|::ffff:127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/;

/**
 * Lets only this machine in, where no sign-in is asked for. The address of the socket counts, not what a proxy says of
 * it; the Host header is looked at too, since a web page elsewhere can give its own name this machine's address (DNS
 * rebinding) and would otherwise read the mail through its visitor's browser. A proxy's headers mean somebody else asks.
 */
export function isLocal(
  request: Pick<FastifyRequest, 'headers'> & { socket: { remoteAddress?: string | undefined } },
): boolean {
  const { headers, socket } = request;
  const forwarded = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'].some(
    (name) => name in headers,
  );
  return !forwarded && LOOPBACK_ADDRESS.test(socket.remoteAddress ?? '') && isLoopbackHost(headers.host);
}

@Injectable()
export class LocalOnlyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (!isLocal(request)) throw new NotFoundException();
    return true;
  }
}
