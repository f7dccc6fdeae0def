import { createServer, type Server } from 'node:http';

export interface Probes {
  ready: () => Promise<void>;
  metrics: () => Promise<string>;
}

/** Answers /health/live, /health/ready and /metrics of a worker process, and nothing else. */
export function probeServer(probes: Probes): Server {
  return createServer((request, response) => {
    const answer = (status: number, type: string, body: string) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
      response.end(body);
    };
    const json = (status: number, body: object) => answer(status, 'application/json', JSON.stringify(body));
    const path = request.method === 'GET' ? request.url : undefined;
    switch (path) {
      case '/health/live':
        return json(200, { status: 'ok' });
      case '/health/ready':
        return void probes.ready().then(
          () => json(200, { ready: true }),
          () => json(503, { ready: false }),
        );
      case '/metrics':
        return void probes.metrics().then(
          (text) => answer(200, 'text/plain; version=0.0.4; charset=utf-8', text),
          () => json(500, {}),
        );
      default:
        return json(404, {});
    }
  });
}
