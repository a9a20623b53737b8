import { CHANNELS, type Channel } from '@onefeed/contracts';
import type { Bus } from './bus.ts';
import { createDispatcher, type Dispatcher } from './dispatcher.ts';
import { createEnvelopeWriter } from './envelope-writer.ts';

/** What in-memory buses share: the wire, with switches to make it misbehave in tests. */
export interface MemoryHub {
  /** From now on envelopes are lost (and consume their seq). */
  interrupt(): void;
  /** Envelopes travel again; every bus is told to catch up, as after a reconnect. */
  resume(): void;
  /** The slow poll, by hand: there are no timers here. */
  poll(): void;
  /** Puts a text on the wire as it is. */
  inject(channel: Channel, text: string): void;
  /** For `createMemoryBus`. */
  join(dispatcher: Dispatcher): { leave(): void; epoch: string; interrupted(): boolean };
}

export function createMemoryHub(): MemoryHub {
  const dispatchers = new Set<Dispatcher>();
  let interrupted = false;
  let epochs = 0;
  const each = (act: (dispatcher: Dispatcher) => void) => {
    // Later, like a network: a publisher never runs its readers inside its own call.
    queueMicrotask(() => {
      for (const dispatcher of [...dispatchers]) act(dispatcher);
    });
  };

  return {
    interrupt() {
      interrupted = true;
    },
    resume() {
      interrupted = false;
      each((dispatcher) => dispatcher.catchUp('reconnect'));
    },
    poll: () => each((dispatcher) => dispatcher.catchUp('poll')),
    inject(channel, text) {
      if (!interrupted) each((dispatcher) => dispatcher.deliver(channel, text));
    },
    join(dispatcher) {
      dispatchers.add(dispatcher);
      epochs += 1;
      return {
        leave: () => void dispatchers.delete(dispatcher),
        epoch: `memory-${epochs}`,
        interrupted: () => interrupted,
      };
    },
  };
}

export interface MemoryBusOptions {
  channels?: readonly Channel[];
  now?: () => number;
  /** Default: thrown as an uncaught exception, which fails the test it happens in. */
  onSubscriberError?(error: unknown): void;
}

/** A bus within one process: same semantics as the Postgres one, for tests and single-process tools. */
export function createMemoryBus(hub: MemoryHub, options: MemoryBusOptions = {}): Bus {
  const dispatcher = createDispatcher({
    channels: options.channels ?? CHANNELS,
    onSubscriberError:
      options.onSubscriberError ??
      ((error) =>
        queueMicrotask(() => {
          throw error;
        })),
  });
  let state: 'new' | 'running' | 'stopped' = 'new';
  let connection: ReturnType<MemoryHub['join']> | undefined;
  let writer: ReturnType<typeof createEnvelopeWriter> | undefined;

  return {
    async start() {
      if (state !== 'new') return;
      state = 'running';
      connection = hub.join(dispatcher);
      writer = createEnvelopeWriter(connection.epoch, options.now ?? (() => 0));
      dispatcher.catchUp('start');
    },
    async stop() {
      // What was published before is delivered before: deliveries are queued microtasks.
      await Promise.resolve();
      state = 'stopped';
      connection?.leave();
      dispatcher.close();
    },
    subscribe: dispatcher.subscribe,
    publish(channel, stream, body) {
      if (state === 'running' && writer) hub.inject(channel, writer.write(stream, body));
    },
    publishList(channel, stream, items, wrap) {
      if (state !== 'running' || !writer) return;
      for (const text of writer.writeList(stream, items, wrap)) hub.inject(channel, text);
    },
    health() {
      if (state !== 'running') return { connected: false, reason: 'bus not started' };
      return connection?.interrupted()
        ? { connected: false, reason: 'bus interrupted' }
        : { connected: true, reason: null };
    },
  };
}
