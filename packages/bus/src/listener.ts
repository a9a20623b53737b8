import { CHANNELS, type Channel } from '@onefeed/contracts';
import { pause } from './backoff.ts';
import type { Connection } from './connection.ts';
import { createReconnecting, type Reconnecting } from './reconnecting.ts';

/** Postgres names of the channels: prefixed, as a database may be shared. */
export const postgresChannel = (channel: Channel) => `onefeed_${channel}`;

export interface ListenerOptions {
  databaseUrl: string;
  applicationName: string;
  timeoutMs: number;
  channels: readonly Channel[];
  heartbeatMs: number;
  random: () => number;
  onText(channel: Channel, text: string): void;
  /** LISTEN is registered: what is committed from now on arrives. */
  onListening(): void;
  onLost(reason: string): void;
  /** Share of the server's notification queue in use, 0..1, with each heartbeat. */
  onQueueUsage(ratio: number): void;
}

/** One connection that does nothing but LISTEN, and asks itself whether it still does. */
export function createListener(options: ListenerOptions): Reconnecting {
  const names = new Map(CHANNELS.map((channel) => [postgresChannel(channel), channel]));
  const wanted = options.channels.map(postgresChannel);

  async function listen({ client, lost }: Connection, stopping: AbortSignal): Promise<void> {
    client.on('notification', ({ channel: name, payload }) => {
      const channel = names.get(name);
      if (channel && payload !== undefined && !lost.aborted && !stopping.aborted)
        options.onText(channel, payload);
    });
    // Channel names are constants of this program, not input.
    await client.query(wanted.map((name) => `listen "${name}"`).join('; '));
    reconnecting.established();
    options.onListening();
    const ended = AbortSignal.any([lost, stopping]);
    for (;;) {
      await pause(options.heartbeatMs, ended);
      if (stopping.aborted) return;
      lost.throwIfAborted();
      // Asked on the listening session itself: finds a dead socket and a lost registration alike.
      const { rows } = await client.query<{ names: string[]; usage: number }>(
        'select array(select pg_listening_channels()) as names, pg_notification_queue_usage() as usage',
      );
      const names = new Set(rows[0]?.names);
      if (!wanted.every((name) => names.has(name))) throw new Error('LISTEN was lost');
      options.onQueueUsage(rows[0]?.usage ?? 0);
    }
  }

  const reconnecting = createReconnecting({ ...options, use: listen });
  return reconnecting;
}
