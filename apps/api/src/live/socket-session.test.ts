import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import type { OpenedChannel } from './channels.ts';
import { createLiveStream, type LiveStream } from './live-stream.ts';
import { TOO_SLOW_BYTES } from './reader.ts';
import { createSocketSession } from './socket-session.ts';

/** A client whose reading the test controls; `got` are the texts of whole frames written to it. */
class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  closedWith: number | null = null;
  readonly got: string[] = [];
  readonly _socket = {
    destroyed: false,
    cork: () => {},
    uncork: () => {},
    write: (frame: Buffer) => void this.got.push(frame.toString('utf8').replace(/^[^{]*/, '')),
  };
  say(message: object): void {
    this.emit('message', Buffer.from(JSON.stringify(message)), false);
  }
  close(code: number): void {
    this.closedWith = code;
    this.readyState = 2;
  }
  terminate(): void {}
  ping(): void {}
}

const start = () => {
  const socket = new FakeSocket();
  const opened: string[] = [];
  const streams = new Map<string, LiveStream>();
  const open = async (name: string): Promise<OpenedChannel> => {
    opened.push(name);
    const stream =
      streams.get(name) ??
      createLiveStream({
        channel: name,
        kind: 'state',
        epoch: 'e',
        readSnapshot: async () => name,
        now: () => 0,
        onDelivered: () => {},
      });
    streams.set(name, stream);
    return { stream };
  };
  const session = createSocketSession({
    webSocket: socket as unknown as WebSocket,
    caller: { userId: 'u', role: 'user', expiresAt: Number.POSITIVE_INFINITY },
    ip: '::1',
    channels: { open },
    now: () => 0,
    onFailure: () => {},
    onEnd: () => {},
  });
  return { socket, session, opened };
};
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a socket', () => {
  it('is given no further state while it reads none, and all of it once it reads again', async () => {
    const { socket, session } = start();
    socket.bufferedAmount = TOO_SLOW_BYTES + 1;
    for (let count = 0; count < 10; count += 1)
      socket.say({ op: 'subscribe', channels: ['tokens', 'signals'] });
    await settled();
    session.sweep(0);
    await settled();
    expect(socket.got).toEqual([]);
    socket.bufferedAmount = 0;
    session.sweep(0);
    await settled();
    expect(socket.got).toHaveLength(20);
  });

  it('is closed when it goes on asking without reading', async () => {
    const { socket } = start();
    socket.bufferedAmount = TOO_SLOW_BYTES + 1;
    const channels = Array.from({ length: 64 }, (_, index) => `candles:binance:A${index}:1m`);
    for (let count = 0; count < 6; count += 1) socket.say({ op: 'subscribe', channels });
    await settled();
    expect(socket.closedWith).toBe(3001);
    expect(socket.got.filter((text) => text.includes('snapshot'))).toEqual([]);
  });

  it('does nothing twice for a channel named twice in one message', async () => {
    const { socket, opened } = start();
    socket.say({ op: 'subscribe', channels: Array.from({ length: 64 }, () => 'signals') });
    await settled();
    expect(opened).toEqual(['signals']);
    expect(socket.got).toHaveLength(1);
  });
});
