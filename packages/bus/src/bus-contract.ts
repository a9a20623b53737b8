import {
  type Channel,
  type Envelope,
  MAX_ENVELOPE_BYTES,
  PROTOCOL_VERSION,
  type Price,
} from '@onefeed/contracts';
import { createEventMonitor, type EventMonitor } from '@onefeed/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bus, BusSubscriber, CatchUpReason } from './bus.ts';

/** An adapter under test: a wire that buses are connected to. */
export interface BusWire {
  /** A new bus on the wire, listening on `market` and `control`, not started. */
  connect(onSubscriberError: (error: unknown) => void): Bus;
  /** Puts a text on the wire as it is. */
  inject(channel: Channel, text: string): Promise<void>;
  /** Breaks the connections of every bus and lets them return. */
  disrupt(): Promise<void>;
  /** Makes, or waits for, a slow poll. */
  poll(): void;
  close(): Promise<void>;
}

export type Seen =
  | { type: 'envelope'; envelope: Envelope; contiguous: boolean }
  | { type: 'catchUp'; reason: CatchUpReason };

export function monitorBus(
  bus: Bus,
  channel: Channel,
): { seen: EventMonitor<Seen>; unsubscribe: () => void } {
  const seen = createEventMonitor<Seen>(channel);
  const subscription = bus.subscribe(channel, {
    onEnvelope: (envelope, contiguous) => seen.push({ type: 'envelope', envelope, contiguous }),
    onCatchUp: (reason) => seen.push({ type: 'catchUp', reason }),
  });
  return { seen, unsubscribe: () => subscription.unsubscribe() };
}

export const prices = (at: number, list: Price[] = []) =>
  ({ type: 'prices', venue: 'binance', at, prices: list }) as const;
export const price = (index: number, digits = '1'): Price => ({
  instrument: 'BTCUSDT',
  price: digits,
  at: index,
});

const isEnvelope = (event: Seen): event is Seen & { type: 'envelope' } => event.type === 'envelope';
const ats = (seen: EventMonitor<Seen>) =>
  seen.all.filter(isEnvelope).map((event) => (event.envelope.body as { at?: number } | null)?.at ?? null);

/** Resolves when the envelope whose body has `at` came. */
export async function awaitAt(seen: EventMonitor<Seen>, at: number): Promise<Seen & { type: 'envelope' }> {
  const found = () =>
    seen.all.filter(isEnvelope).find((event) => (event.envelope.body as { at?: number } | null)?.at === at);
  await seen.waitUntil(() => found() !== undefined);
  return found() as Seen & { type: 'envelope' };
}

/** What every adapter of the Bus port does. */
export function describeBusContract(name: string, createWire: () => Promise<BusWire>): void {
  describe(`${name}: the contract of a bus`, () => {
    let wire: BusWire;
    let buses: Bus[];
    let subscriberErrors: unknown[];

    const connect = () => {
      const bus = wire.connect((error) => subscriberErrors.push(error));
      buses.push(bus);
      return bus;
    };
    const started = async () => {
      const bus = connect();
      await bus.start();
      return bus;
    };

    beforeEach(async () => {
      buses = [];
      subscriberErrors = [];
      wire = await createWire();
    });
    afterEach(async () => {
      await Promise.all(buses.map((bus) => bus.stop()));
      await wire.close();
    });

    it('delivers in order to every subscriber of the channel on every bus, the publisher included', async () => {
      const [left, right] = [await started(), await started()];
      const monitors = [monitorBus(left, 'market'), monitorBus(left, 'market'), monitorBus(right, 'market')];
      const other = monitorBus(right, 'control');
      for (let at = 1; at <= 50; at += 1) left.publish('market', 'prices.binance', prices(at));
      for (const { seen } of monitors) {
        await awaitAt(seen, 50);
        expect(ats(seen)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
      }
      expect(other.seen.all.filter(isEnvelope)).toEqual([]);
    });

    it('numbers each stream from 1 and tells what follows without a gap', async () => {
      const bus = await started();
      const { seen } = monitorBus(bus, 'market');
      bus.publish('market', 'prices.binance', prices(1));
      bus.publish('market', 'prices.pumpfun', prices(2));
      bus.publish('market', 'prices.binance', prices(3));
      await awaitAt(seen, 3);
      expect(
        seen.all
          .filter(isEnvelope)
          .map(({ envelope, contiguous }) => [envelope.stream, envelope.seq, contiguous]),
      ).toEqual([
        ['prices.binance', 1, false],
        ['prices.pumpfun', 1, false],
        ['prices.binance', 2, true],
      ]);
    });

    it('keeps publishers of one stream apart by epoch', async () => {
      const [left, right] = [await started(), await started()];
      const { seen } = monitorBus(left, 'market');
      left.publish('market', 'prices.binance', prices(1));
      await awaitAt(seen, 1);
      right.publish('market', 'prices.binance', prices(2));
      await awaitAt(seen, 2);
      left.publish('market', 'prices.binance', prices(3));
      const last = await awaitAt(seen, 3);
      const envelopes = seen.all.filter(isEnvelope);
      expect(new Set(envelopes.map(({ envelope }) => envelope.epoch)).size).toBe(2);
      expect(last.contiguous).toBe(true);
    });

    it('asks for a first catch-up, also of one who subscribes later', async () => {
      const bus = connect();
      const early = monitorBus(bus, 'market');
      await bus.start();
      const late = monitorBus(bus, 'market');
      for (const { seen } of [early, late]) {
        expect(await seen.awaitNext()).toEqual({ type: 'catchUp', reason: 'start' });
      }
    });

    it('polls slowly although all is well', async () => {
      const bus = await started();
      const { seen } = monitorBus(bus, 'market');
      wire.poll();
      await seen.awaitNext((event) => event.type === 'catchUp' && event.reason === 'poll');
    });

    it('stops telling one who unsubscribed', async () => {
      const bus = await started();
      const gone = monitorBus(bus, 'market');
      const here = monitorBus(bus, 'market');
      gone.unsubscribe();
      bus.publish('market', 'prices.binance', prices(1));
      await awaitAt(here.seen, 1);
      expect(gone.seen.all).toEqual([]);
    });

    it('sends a body too large to travel as null, without a gap', async () => {
      const bus = await started();
      const { seen } = monitorBus(bus, 'market');
      bus.publish('market', 'prices.binance', prices(1));
      bus.publish(
        'market',
        'prices.binance',
        prices(
          2,
          Array.from({ length: 500 }, (_, index) => price(index)),
        ),
      );
      bus.publish('market', 'prices.binance', prices(3));
      const last = await awaitAt(seen, 3);
      expect(ats(seen)).toEqual([1, null, 3]);
      expect(last.contiguous).toBe(true);
    });

    it('splits a list into envelopes that travel, keeping order', async () => {
      const bus = await started();
      const { seen } = monitorBus(bus, 'market');
      const items = Array.from({ length: 1_000 }, (_, index) => price(index));
      bus.publishList('market', 'prices.binance', items, (part) => prices(1, part));
      bus.publishList('market', 'prices.binance', [], (part) => prices(2, part));
      bus.publish('market', 'prices.binance', prices(3));
      await awaitAt(seen, 3);
      const envelopes = seen.all.filter(isEnvelope);
      const bodies = envelopes.map(({ envelope }) => envelope.body as ReturnType<typeof prices>);
      expect(bodies.flatMap((body) => body.prices)).toEqual(items);
      expect(envelopes.length).toBeGreaterThan(2);
      expect(envelopes.slice(1).every(({ contiguous }) => contiguous)).toBe(true);
      for (const { envelope } of envelopes) {
        expect(Buffer.byteLength(JSON.stringify(envelope))).toBeLessThan(MAX_ENVELOPE_BYTES);
      }
      expect(ats(seen)).not.toContain(2);
    });

    it('skips malformed texts and other versions, and empties a body that is not of its channel', async () => {
      const bus = await started();
      const { seen } = monitorBus(bus, 'market');
      const envelope = {
        v: PROTOCOL_VERSION,
        stream: 'prices.binance',
        epoch: 'x',
        seq: 1,
        at: 1,
        body: prices(9),
      };
      await wire.inject('market', 'not json');
      await wire.inject('market', 'null');
      await wire.inject('market', JSON.stringify({ ...envelope, seq: 0 }));
      await wire.inject('market', JSON.stringify({ ...envelope, v: PROTOCOL_VERSION + 1 }));
      await wire.inject('market', JSON.stringify({ ...envelope, body: { type: 'unknown' } }));
      await wire.inject('market', JSON.stringify({ ...envelope, seq: 2 }));
      await awaitAt(seen, 9);
      expect(seen.all.filter(isEnvelope)).toEqual([
        { type: 'envelope', envelope: { ...envelope, body: null }, contiguous: false },
        { type: 'envelope', envelope: { ...envelope, seq: 2 }, contiguous: true },
      ]);
    });

    it('drops an envelope that comes twice and tells a gap', async () => {
      const bus = await started();
      const { seen } = monitorBus(bus, 'market');
      const text = (seq: number) =>
        JSON.stringify({ v: PROTOCOL_VERSION, stream: 's', epoch: 'x', seq, at: 1, body: prices(seq) });
      // The last one is different text for the same seq: Postgres folds identical texts itself.
      for (const seq of [1, 2, 2, 1, 4, 5]) await wire.inject('market', text(seq));
      await awaitAt(seen, 5);
      expect(
        seen.all.filter(isEnvelope).map(({ envelope, contiguous }) => [envelope.seq, contiguous]),
      ).toEqual([
        [1, false],
        [2, true],
        [4, false],
        [5, true],
      ]);
    });

    it('comes back after a broken connection and asks for a catch-up', async () => {
      const [left, right] = [await started(), await started()];
      const { seen } = monitorBus(right, 'market');
      left.publish('market', 'prices.binance', prices(1));
      await awaitAt(seen, 1);
      await wire.disrupt();
      await seen.awaitNext((event) => event.type === 'catchUp' && event.reason === 'reconnect');
      left.publish('market', 'prices.binance', prices(2));
      await awaitAt(seen, 2);
      let last: Envelope | undefined;
      for (const { envelope, contiguous } of seen.all.filter(isEnvelope)) {
        if (last) expect(contiguous).toBe(envelope.epoch === last.epoch && envelope.seq === last.seq + 1);
        last = envelope;
      }
      await seen.waitUntil(() => left.health().connected && right.health().connected);
    });

    it('goes on when a subscriber throws', async () => {
      const bus = await started();
      const failing: BusSubscriber = {
        onEnvelope: () => {
          throw new Error('subscriber');
        },
        onCatchUp: () => {},
      };
      bus.subscribe('market', failing);
      const { seen } = monitorBus(bus, 'market');
      bus.publish('market', 'prices.binance', prices(1));
      await awaitAt(seen, 1);
      expect(subscriberErrors).toEqual([new Error('subscriber')]);
    });

    it('delivers to others what was published before the stop, and nothing to itself after it', async () => {
      const [leaving, staying] = [await started(), await started()];
      const own = monitorBus(leaving, 'market');
      const others = monitorBus(staying, 'market');
      for (let at = 1; at <= 20; at += 1) leaving.publish('market', 'prices.binance', prices(at));
      await Promise.all([leaving.stop(), leaving.stop()]);
      const count = own.seen.all.length;
      await awaitAt(others.seen, 20);
      leaving.publish('market', 'prices.binance', prices(21));
      staying.publish('market', 'prices.binance', prices(22));
      await awaitAt(others.seen, 22);
      expect(ats(others.seen)).not.toContain(21);
      expect(own.seen.all.length).toBe(count);
      expect(leaving.health().connected).toBe(false);
    });

    it('may be stopped before it was started, and during the start', async () => {
      await connect().stop();
      const bus = connect();
      const starting = bus.start();
      await bus.stop();
      await starting;
      expect(bus.health().connected).toBe(false);
    });

    it('refuses a subscription to a channel it does not listen on', async () => {
      const bus = await started();
      expect(() => monitorBus(bus, 'bots')).toThrow('was not told to listen');
    });
  });
}
