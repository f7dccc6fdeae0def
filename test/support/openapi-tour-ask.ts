import { randomUUID } from 'node:crypto';
import { type Service } from './service.js';

type Send = (address: string, init?: RequestInit) => Promise<Response>;
interface Asked {
  body?: unknown;
  headers?: Record<string, string>;
  /** The media type of a body that is text already. */
  type?: string;
}
export type Ask = (email: string | null, method: string, path: string, asked?: Asked) => Promise<Response>;

/** One request as anybody, or nobody. Nothing is expected of the answer: the judge looks at it. */
export function asking(service: Service, send: Send): Ask {
  return async (email, method, path, { body, headers = {}, type } = {}) =>
    send(`${service.base}${path}`, {
      method,
      headers: {
        ...(email === null ? {} : { authorization: `Bearer ${await service.token(email)}` }),
        ...(body === undefined || body instanceof FormData ? {} : { 'content-type': type ?? 'application/json' }),
        ...(method === 'POST' && !('idempotency-key' in headers) ? { 'idempotency-key': randomUUID() } : {}),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' || body instanceof FormData ? body : JSON.stringify(body) }),
    });
}

export const API = '/api/v1';
export const json = async <T>(answer: Response): Promise<T> => (await answer.json()) as T;
