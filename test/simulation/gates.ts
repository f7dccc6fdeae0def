import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { PoolClient } from 'pg';
import { type Observable } from 'rxjs';
import { DataSource } from 'typeorm';
import { type Service } from '../support/service.js';

/** One statement on its way to the database, of a request that has a gate. */
export interface Sent {
  readonly text: string;
  /** The process id of the connection's server. */
  readonly pid: number;
  /** Ends the connection from this side, without a word to the server. */
  cut(): void;
  /** Lets the statement go; its result. */
  go(): Promise<unknown>;
}

/** Stands between a request and the database: every statement passes, or does not. */
export interface Gate {
  pass(sent: Sent): Promise<unknown>;
}

/** The request names its gate by this header. */
export const GATE_HEADER = 'x-simulation-gate';

const current = new AsyncLocalStorage<Gate>();
const gates = new Map<string, Gate>();

/** Registers a gate while `work` runs, which sends the name as GATE_HEADER. */
export async function withGate<T>(name: string, gate: Gate, work: () => Promise<T>): Promise<T> {
  gates.set(name, gate);
  try {
    return await work();
  } finally {
    gates.delete(name);
  }
}

/** What is no request passes through a gate too, such as a sweep. */
export const through = <T>(gate: Gate, work: () => Promise<T>): Promise<T> => current.run(gate, work);

/**
 * Puts a request behind the gate it names. An interceptor, since what runs before it (authentication, reading the body) is
 * no part of a command; for every controller of the process under test.
 */
@Injectable()
export class GateInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const name = context.switchToHttp().getRequest<FastifyRequest>().headers[GATE_HEADER];
    const gate = typeof name === 'string' ? gates.get(name) : undefined;
    return gate === undefined ? next.handle() : current.run(gate, () => next.handle());
  }
}

type Query = (...given: unknown[]) => Promise<unknown>;
interface Pool {
  on(event: 'acquire', listener: (client: PoolClient) => void): void;
}

/** Every statement of the service's pool asks the gate of the request it belongs to, if there is one. */
export function watchPool(service: Service): void {
  const { master } = service.app.get(DataSource).driver as unknown as { master: Pool };
  const watched = new WeakSet<PoolClient>();
  master.on('acquire', (client) => {
    if (watched.has(client)) return;
    watched.add(client);
    const query = client.query.bind(client) as unknown as Query;
    const gated: Query = (...given) => {
      const gate = current.getStore();
      const text = textOf(given[0]);
      // The relay is woken best effort, after the answer is decided.
      if (gate === undefined || typeof given.at(-1) === 'function' || /^\s*NOTIFY/i.test(text)) return query(...given);
      return gate.pass({ text, ...ends(client), go: () => query(...given) });
    };
    Object.assign(client, { query: gated });
  });
}

const textOf = (given: unknown): string =>
  typeof given === 'string' ? given : String((given as { text?: unknown }).text);

function ends(client: PoolClient): Pick<Sent, 'pid' | 'cut'> {
  const { processID, connection } = client as unknown as {
    processID: number;
    connection: { stream: { destroy(): void } };
  };
  return { pid: processID, cut: () => connection.stream.destroy() };
}
