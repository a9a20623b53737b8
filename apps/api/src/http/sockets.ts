import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';

/** Largest client message in bytes. */
const MAX_PAYLOAD_BYTES = 4_096;

/**
 * `closeTimeout` (ms) is how long a client may take to answer a close frame; ws's types do not know it yet. A stop
 * waits for it, so it is short.
 */
const SOCKET_OPTIONS = {
  // Deflating per connection costs memory for each and would stop frames from being shared.
  perMessageDeflate: false,
  maxPayload: MAX_PAYLOAD_BYTES,
  clientTracking: false,
  closeTimeout: 1_000,
};

/**
 * Lets routes be sockets. Register before any hook that may refuse a request: the plugin then knows of the upgrade
 * and cuts the refused one's connection, which nothing else would ever end.
 */
export async function acceptSockets(app: FastifyInstance): Promise<void> {
  await app.register(websocket, {
    options: SOCKET_OPTIONS,
    // The live half has closed its sessions before.
    preClose: (done) => done(),
  });
}
