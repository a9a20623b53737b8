import type { WebSocket } from 'ws';
import {
  ACK_DELAY_MS,
  type PumpPortalConnection,
  type PumpPortalConnectionDeps,
  servePumpPortalConnection,
} from './pumpportal-connection.ts';
import type { TokenEvent } from './token-life.ts';

/** What happens when a client connects while another is connected. The real reaction is not known. */
export type SecondConnection = 'refuse' | 'kick' | 'allow';

const CLOSE_POLICY = 1008;

export interface PumpPortalDeps extends Omit<PumpPortalConnectionDeps, 'keyed' | 'ackDelayMs'> {
  secondConnection: SecondConnection;
  ackDelayMs?: number;
}

export interface PumpPortal {
  serve(socket: WebSocket, keyed: boolean): void;
  publish(event: TokenEvent): void;
}

/** The side of PumpPortal that knows all its clients: one connection at a time is its law. */
export function createPumpPortal({
  secondConnection,
  ackDelayMs = ACK_DELAY_MS,
  ...deps
}: PumpPortalDeps): PumpPortal {
  const connections = new Map<WebSocket, PumpPortalConnection>();

  return {
    serve(socket, keyed) {
      // A connection whose close has begun is over, whatever its socket still has to do.
      for (const other of connections.keys()) if (other.readyState !== other.OPEN) connections.delete(other);
      if (connections.size > 0) {
        deps.onViolation('second connection');
        if (secondConnection === 'refuse') {
          socket.on('error', () => socket.terminate());
          return socket.close(CLOSE_POLICY, 'Only one connection at a time');
        }
        if (secondConnection === 'kick') {
          for (const other of connections.keys()) other.close(CLOSE_POLICY, 'Replaced by a new connection');
        }
      }
      connections.set(socket, servePumpPortalConnection({ ...deps, ackDelayMs, keyed }, socket));
      socket.once('close', () => connections.delete(socket));
    },
    publish(event) {
      for (const connection of connections.values()) connection.deliver(event);
    },
  };
}
