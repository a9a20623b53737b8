import { describe, expect, it } from 'vitest';
import type { LiveMessage } from './live-message.ts';
import { createLiveStream, type LiveStream, type StreamKind } from './live-stream.ts';
import { RING_MESSAGES } from './message-ring.ts';
import { createReader, type Outlet, SLOW_BYTES, TOO_SLOW_BYTES } from './reader.ts';

interface Recorded extends Outlet {
  got: string[];
  unsent: number;
  ended: boolean;
}

const recorder = (): Recorded => {
  const got: string[] = [];
  const outlet: Recorded = {
    got,
    unsent: 0,
    ended: false,
    message: (_stream, message: LiveMessage) => got.push(`${message.offset}:${message.dataText()}`),
    snapshot: (_stream, snapshot) => got.push(`snapshot@${snapshot.offset}:${JSON.stringify(snapshot.data)}`),
    recovered: (_stream, position) => got.push(`recovered@${position.offset}`),
    unsentBytes: () => outlet.unsent,
    tooSlow: () => {
      outlet.ended = true;
    },
  };
  return outlet;
};

/** A stream of numbers whose state is the list of the last of each key. */
const streamOf = (kind: StreamKind, readSnapshot: () => Promise<unknown> = async () => 'state'): LiveStream =>
  createLiveStream({ channel: 'c', kind, epoch: 'e', readSnapshot, now: () => 0, onDelivered: () => {} });

describe('a reader', () => {
  it('gets a snapshot, then everything in order', async () => {
    const stream = streamOf('event');
    stream.publish('before');
    const outlet = recorder();
    await createReader(stream, outlet).join(undefined);
    stream.publish('a');
    stream.publish('b');
    expect(outlet.got).toEqual(['snapshot@1:"state"', '2:"a"', '3:"b"']);
  });

  it('loses nothing that happens while the state is read', async () => {
    const reading = Promise.withResolvers<unknown>();
    const stream = streamOf('event', () => reading.promise);
    const outlet = recorder();
    const joined = createReader(stream, outlet).join(undefined);
    stream.publish('meanwhile');
    reading.resolve('old state');
    await joined;
    stream.publish('after');
    expect(outlet.got).toEqual(['snapshot@0:"old state"', '1:"meanwhile"', '2:"after"']);
  });

  it('reads the state again when too much happens meanwhile', async () => {
    const first = Promise.withResolvers<unknown>();
    const states = [first.promise, Promise.resolve('new state')];
    const stream = streamOf('event', () => states.shift() ?? Promise.resolve('none'));
    const outlet = recorder();
    const joined = createReader(stream, outlet).join(undefined);
    for (let count = 0; count <= RING_MESSAGES; count += 1) stream.publish(count);
    first.resolve('old state');
    await joined;
    expect(outlet.got).toEqual([`snapshot@${RING_MESSAGES + 1}:"new state"`]);
  });

  it('resumes with all it missed or not at all', async () => {
    const stream = streamOf('event');
    for (let count = 0; count < RING_MESSAGES + 10; count += 1) stream.publish(count);
    const resumed = recorder();
    await createReader(stream, resumed).join({ epoch: 'e', offset: 10 });
    expect(resumed.got).toHaveLength(RING_MESSAGES + 1);
    expect(resumed.got[0]).toBe('recovered@10');
    for (const position of [
      { epoch: 'e', offset: 9 },
      { epoch: 'e', offset: RING_MESSAGES + 11 },
      { epoch: 'other', offset: 300 },
    ]) {
      const outlet = recorder();
      await createReader(stream, outlet).join(position);
      expect(outlet.got).toEqual([`snapshot@${RING_MESSAGES + 10}:"state"`]);
    }
  });

  it('of state gets the latest of each key once it has caught up', async () => {
    const stream = streamOf('state');
    const outlet = recorder();
    const reader = createReader(stream, outlet);
    await reader.join(undefined);
    outlet.unsent = SLOW_BYTES + 1;
    stream.publish('a1', 'a');
    stream.publish('b1', 'b');
    stream.publish('a2', 'a');
    expect(outlet.got).toHaveLength(1);
    expect(reader.flush()).toBe(false);
    outlet.unsent = 0;
    expect(reader.flush()).toBe(true);
    stream.publish('c1', 'c');
    expect(outlet.got.slice(1)).toEqual(['2:"b1"', '3:"a2"', '4:"c1"']);
    expect(outlet.ended).toBe(false);
  });

  it('of state gets it whole when too much is waiting', async () => {
    const stream = streamOf('state');
    const outlet = recorder();
    const reader = createReader(stream, outlet);
    await reader.join(undefined);
    outlet.unsent = SLOW_BYTES + 1;
    for (let count = 1; count <= 20; count += 1) stream.publish(count, String(count));
    outlet.unsent = 0;
    reader.flush();
    await new Promise((resolve) => setImmediate(resolve));
    expect(outlet.got.slice(1)).toEqual(['snapshot@20:"state"']);
    stream.publish('next', 'n');
    expect(outlet.got.at(-1)).toBe('21:"next"');
  });

  it('of events is let go when it cannot keep up', async () => {
    const stream = streamOf('event');
    const outlet = recorder();
    await createReader(stream, outlet).join(undefined);
    outlet.unsent = TOO_SLOW_BYTES;
    stream.publish('a');
    expect(outlet.ended).toBe(false);
    outlet.unsent = TOO_SLOW_BYTES + 1;
    stream.publish('b');
    expect(outlet.ended).toBe(true);
  });

  it('gets nothing after it has left, even while it joins', async () => {
    const reading = Promise.withResolvers<unknown>();
    const stream = streamOf('event', () => reading.promise);
    const outlet = recorder();
    const reader = createReader(stream, outlet);
    const joined = reader.join(undefined);
    reader.leave();
    reading.resolve('state');
    await joined;
    stream.publish('a');
    expect(outlet.got).toEqual([]);
    expect(stream.readers.size).toBe(0);
  });

  it('is told when the state cannot be read, and the next try reads anew', async () => {
    const states = [Promise.reject(new Error('no database')), Promise.resolve('state')];
    const stream = streamOf('event', () => states.shift() ?? Promise.resolve('none'));
    await expect(createReader(stream, recorder()).join(undefined)).rejects.toThrow('no database');
    const outlet = recorder();
    await createReader(stream, outlet).join(undefined);
    expect(outlet.got).toEqual(['snapshot@0:"state"']);
  });
});

describe('a stream', () => {
  it('frames a message once for all its readers', async () => {
    const stream = streamOf('event');
    const frames: Buffer[] = [];
    for (let count = 0; count < 3; count += 1) {
      const outlet = {
        ...recorder(),
        message: (_stream: LiveStream, message: LiveMessage) => void frames.push(message.frame()),
      };
      await createReader(stream, outlet).join(undefined);
    }
    stream.publish({ text: 'ä' });
    expect(frames).toHaveLength(3);
    expect(new Set(frames).size).toBe(1);
    const frame = frames[0] ?? Buffer.alloc(0);
    expect(frame[0]).toBe(0x81);
    expect(frame[1]).toBe(frame.length - 2);
    expect(JSON.parse(frame.subarray(2).toString())).toEqual({
      channel: 'c',
      epoch: 'e',
      offset: 1,
      data: { text: 'ä' },
    });
  });

  it('reads the state once for all who join at one offset', async () => {
    let reads = 0;
    const stream = streamOf('event', async () => {
      reads += 1;
      return 'state';
    });
    await Promise.all([1, 2, 3].map(() => createReader(stream, recorder()).join(undefined)));
    expect(reads).toBe(1);
    stream.publish('a');
    await createReader(stream, recorder()).join(undefined);
    expect(reads).toBe(2);
  });
});

describe('a snapshot', () => {
  it('is shared for a second and no longer: what changes it may come without a message', async () => {
    let reads = 0;
    let time = 0;
    const stream = createLiveStream({
      channel: 'c',
      kind: 'event',
      epoch: 'e',
      readSnapshot: async () => {
        reads += 1;
        return reads;
      },
      now: () => time,
      onDelivered: () => {},
    });
    expect([(await stream.snapshot()).data, (await stream.snapshot()).data]).toEqual([1, 1]);
    time = 1_000;
    expect((await stream.snapshot()).data).toBe(2);
  });
});
