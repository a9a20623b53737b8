import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Kit } from './service.ts';

export interface InternalServerOptions {
  port: number;
  host: string;
  kit: Kit;
  /** Why the process cannot do its work now; empty when ready. */
  readiness(): string[];
}

export interface InternalServer {
  /** Rejects when the port is taken. Resolves with the port listened on. */
  start(): Promise<number>;
  stop(): Promise<void>;
}

/** `/healthz` (alive), `/readyz` (503 with reasons when not ready) and `/metrics`, for operators only. */
export function createInternalServer({ port, host, kit, readiness }: InternalServerOptions): InternalServer {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') return sendJson(response, 405, { ok: false });
    if (path === '/healthz')
      return sendJson(response, 200, { ok: true, service: kit.service, instance: kit.instance });
    if (path === '/readyz') return sendReadiness(response);
    if (path === '/metrics') return void sendMetrics(response);
    sendJson(response, 404, { ok: false });
  });
  server.requestTimeout = 5_000;
  server.maxConnections = 100;

  function sendReadiness(response: ServerResponse): void {
    const reasons = readiness();
    const ready = reasons.length === 0;
    sendJson(response, ready ? 200 : 503, ready ? { ready } : { ready, reasons });
  }

  async function sendMetrics(response: ServerResponse): Promise<void> {
    try {
      const text = await kit.metrics.metrics();
      response.writeHead(200, { 'content-type': kit.metrics.contentType }).end(text);
    } catch (error) {
      kit.logger.error({ err: error }, 'metrics could not be collected');
      if (!response.headersSent) sendJson(response, 500, { ok: false });
    }
  }

  return {
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve((server.address() as AddressInfo).port);
        });
      }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
