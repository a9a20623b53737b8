import type { Channel, Envelope } from '@onefeed/contracts';
import type { BusSubscriber, CatchUpReason, Subscription } from './bus.ts';
import { decodeEnvelope, type EnvelopeFault } from './envelope-codec.ts';
import { createStreamPositions } from './stream-positions.ts';

const STREAM_CAPACITY = 4_096;

export interface DispatcherOptions {
  channels: readonly Channel[];
  onReceived?(channel: Channel, envelope: Envelope): void;
  onGap?(channel: Channel, envelope: Envelope): void;
  onFault?(channel: Channel, fault: EnvelopeFault | 'duplicate'): void;
  /** A subscriber threw: its fault must not stop the others. */
  onSubscriberError(error: unknown): void;
}

export interface Dispatcher {
  subscribe(channel: Channel, subscriber: BusSubscriber): Subscription;
  /** Takes a text as it came from the channel. */
  deliver(channel: Channel, text: string): void;
  /** Tells every subscriber; the first call makes the dispatcher live. */
  catchUp(reason: CatchUpReason): void;
  /** Nothing is delivered any more. */
  close(): void;
}

/** From arriving texts to subscribers: decodes, tells gaps, drops duplicates. The part all adapters share. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const subscribers = new Map<Channel, Set<BusSubscriber>>(
    options.channels.map((channel) => [channel, new Set()]),
  );
  const positions = createStreamPositions(STREAM_CAPACITY);
  let live = false;
  let closed = false;

  function guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      options.onSubscriberError(error);
    }
  }

  return {
    subscribe(channel, subscriber) {
      const set = subscribers.get(channel);
      if (!set) throw new Error(`The bus was not told to listen on channel "${channel}".`);
      // A copy, so that one object may be subscribed twice.
      const entry = { ...subscriber };
      set.add(entry);
      if (live) {
        queueMicrotask(() => {
          if (!closed && set.has(entry)) guard(() => entry.onCatchUp('start'));
        });
      }
      return { unsubscribe: () => void set.delete(entry) };
    },

    deliver(channel, text) {
      const set = subscribers.get(channel);
      if (closed || !set) return;
      const { envelope, fault } = decodeEnvelope(channel, text);
      if (fault) options.onFault?.(channel, fault);
      if (!envelope) return;
      const arrival = positions.accept(envelope);
      if (arrival === 'duplicate') {
        options.onFault?.(channel, 'duplicate');
        return;
      }
      options.onReceived?.(channel, envelope);
      if (arrival === 'gap') options.onGap?.(channel, envelope);
      for (const entry of [...set]) guard(() => entry.onEnvelope(envelope, arrival === 'contiguous'));
    },

    catchUp(reason) {
      live = true;
      if (closed) return;
      for (const set of subscribers.values()) {
        for (const entry of [...set]) guard(() => entry.onCatchUp(reason));
      }
    },

    close() {
      closed = true;
      for (const set of subscribers.values()) set.clear();
    },
  };
}
